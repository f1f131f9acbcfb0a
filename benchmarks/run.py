"""Runs every benchmark, prints what it measured, and says which aims are met: `make bench`."""

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

from benchmarks.measurement import Measurement

from earlyphase import __version__

BENCHMARKS = (
    "command_line",
    "demo",
    "eligibility",
    "escalation",
    "escalation_models",
    "escalation_peers",
    "journal",
    "load",
    "registry",
    "report",
    "safety",
    "suite",
    "survival",
    "tables",
    "toxicity",
    "web",
)
"""The modules of this folder that measure: each has `run() -> list[Measurement]`."""


def main() -> int:
    """Measure, print, and write the figures where `--json` says; the exit code is 1 where an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which to run: {', '.join(BENCHMARKS)} (default: all)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}")
    figures = [(name, figure) for name in given.names or BENCHMARKS for figure in measured(name)]
    if given.json:
        given.json.write_text(json.dumps(as_json(figures), indent=1) + "\n", "utf-8")
    missed = [figure.name for _, figure in figures if figure.met is False]
    print(f"\n{len(missed)} of {len(figures)} missed: {', '.join(missed)}" if missed else "\nEvery aim is met.")
    return 1 if missed else 0


def measured(name: str) -> list[Measurement]:
    """Run one benchmark and print its figures."""
    print(name, flush=True)
    figures: list[Measurement] = importlib.import_module(f"benchmarks.{name}").run()
    for figure in figures:
        print(f"  {line(figure)}", flush=True)
    return figures


def line(figure: Measurement) -> str:
    """Write one figure beside its aim."""
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    aim = "" if figure.aim is None else f"aim ≤ {figure.aim:g} {figure.unit}"
    return f"{figure.name:<56} {figure.value:>10.3g} {figure.unit:<4} {aim:<18} {verdict}".rstrip()


def as_json(figures: list[tuple[str, Measurement]]) -> dict[str, object]:
    """Give the figures with the machine and the version that they hold for."""
    return {
        "earlyphase": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "measurements": [{"benchmark": name, **figure._asdict(), "met": figure.met} for name, figure in figures],
    }


if __name__ == "__main__":
    sys.exit(main())
