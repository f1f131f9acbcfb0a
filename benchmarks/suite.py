"""How long the whole test suite takes on two cores."""

import sys
from pathlib import Path

from benchmarks.measurement import Measurement, run_command

ROOT = Path(__file__).parents[1]


def run() -> list[Measurement]:
    """Measure the suite once: it is its own repeat."""
    options = ("-q", "-n", "2", "--dist", "worksteal", "--rootdir", str(ROOT))
    took = run_command(sys.executable, "-m", "pytest", *options, str(ROOT / "tests"))
    return [Measurement("the whole test suite on two cores", took.seconds, "s", 300.0)]
