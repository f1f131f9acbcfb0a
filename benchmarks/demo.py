"""How long the demonstration takes, in a process of its own, and a simulation within it."""

import sys
import tempfile
from pathlib import Path

from benchmarks.measurement import Measurement, run_command, timed

from earlyphase.protocol.library import known_studies
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth

SEED = 8
AIM = 15.0


def run() -> list[Measurement]:
    """Measure `earlyphase demo` and the simulation alone."""
    protocols = read_protocols(next(iter(known_studies().values())))
    with tempfile.TemporaryDirectory() as folder:
        whole = run_command(sys.executable, "-m", "earlyphase.cli.main", "demo", "--out", str(Path(folder) / "demo"))
    return [
        Measurement("whole demo, in a process of its own", whole.seconds, "s", AIM),
        Measurement("  its peak memory", whole.peak_mib, "MiB"),
        Measurement("simulate one study", timed(lambda: simulate(protocols, default_truth(), SEED)), "s"),
    ]
