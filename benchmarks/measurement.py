"""What one benchmark says: a figure, its unit and the figure that we aim at."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Measurement(NamedTuple):
    """One figure of a benchmark. Smaller is better."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    """The most it should be; None where the figure is only watched."""

    @property
    def met(self) -> bool | None:
        """Say whether the aim is met; None where there is none."""
        return None if self.aim is None else self.value <= self.aim


def seconds(action: Callable[[], object], repeats: int = 3) -> float:
    """Time an action, after one run that warms it up; the best of the repeats counts."""
    action()
    return min(timed(action) for _ in range(repeats))


def timed(action: Callable[[], object]) -> float:
    """Time one run of an action."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


_CHILD = """
import json, resource, subprocess, sys, time
begun = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(json.dumps([time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, code]))
"""


class Run(NamedTuple):
    """What one run of another program took."""

    seconds: float
    peak_mib: float


def run_command(*arguments: str) -> Run:
    """Run another program by itself, our own `earlyphase` first: its wall time and its peak memory.

    Raises:
        RuntimeError: the program failed.
    """
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which(arguments[0], path=beside) or arguments[0]
    command = [sys.executable, "-c", _CHILD, program, *arguments[1:]]
    took, peak, code = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own programs
    if code:
        message = f"{' '.join(arguments)} ended with exit code {code}"
        raise RuntimeError(message)
    return Run(took, peak / 1024 if sys.platform != "darwin" else peak / 1024**2)
