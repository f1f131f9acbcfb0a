"""How soon `earlyphase` answers."""

from benchmarks.measurement import Measurement, run_command


def run() -> list[Measurement]:
    """Measure the start-up that every command pays."""
    took = min(run_command("earlyphase", "--help").seconds for _ in range(5))
    return [Measurement("earlyphase --help", took, "s", 0.3)]
