"""Holds the pinned dependencies against the advisories that are known: `python tools/audit.py [--osv ADDRESS]`.

They are asked for at the package index, or at a service that speaks as OSV does. A dependency with a known weakness
fails the check. Where the advisories cannot be reached, or hold nothing of the dependencies, nothing was audited: that
is said, and does not fail, because a machine without the internet works too.
"""  # noqa: INP001 - a script, not a package

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

REQUIREMENTS = Path(__file__).parents[1] / "requirements" / "runtime.txt"
PATIENCE = 120
"""Seconds that the advisories may take to answer."""

ACCEPTED: dict[str, str] = {}
"""The number of an advisory to the reason why it does not concern us."""


class Verdict(NamedTuple):
    """What is to be said, and whether the check fails."""

    lines: tuple[str, ...]
    fails: bool


def verdict(report: dict[str, Any] | None, why: str = "") -> Verdict:
    """Judge what pip-audit found.

    Args:
        report: its answer; None where it gave none.
        why: what it said instead.
    """
    if report is None:
        last = why.strip().splitlines()[-1:] or ["no answer"]
        return Verdict((f"Not audited: the advisories could not be reached ({last[0][:200]}).",), fails=False)
    known = [one for one in report["dependencies"] if "skip_reason" not in one]
    skipped = len(report["dependencies"]) - len(known)
    weak = [
        f"{one['name']} {one['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'no version'}"
        for one in known
        for found in one["vulns"]
        if found["id"] not in ACCEPTED
    ]
    if weak:
        return Verdict((*weak, "Raise the version: make requirements UPGRADE=--upgrade"), fails=True)
    if not known:
        said = f"Not audited: the service has no advisories of any of the {skipped} dependencies (a mirror has none)."
        return Verdict((said, "Run this where the public service can be reached."), fails=False)
    more = f"; {skipped} could not be looked up" if skipped else ""
    return Verdict((f"{len(known)} dependencies audited, no known weakness{more}.",), fails=False)


def main() -> int:
    """Ask, and say what was found."""
    parser = argparse.ArgumentParser(prog="python tools/audit.py", description=__doc__)
    parser.add_argument("--osv", metavar="ADDRESS", help="a service of advisories that speaks as OSV does: a mirror")
    service = parser.parse_args().osv
    command = ["pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
    command += ["--vulnerability-service", "osv", "--osv-url", service] if service else []
    beside = Path(sys.executable).parent / command[0]
    arguments = [str(beside), *command[1:], "--requirement", str(REQUIREMENTS)]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603 - our own environment
    except (OSError, subprocess.TimeoutExpired) as fault:
        return _say(verdict(None, str(fault)))
    try:
        return _say(verdict(json.loads(done.stdout)))
    except json.JSONDecodeError:
        return _say(verdict(None, done.stderr))


def _say(found: Verdict) -> int:
    sys.stdout.write("\n".join(found.lines) + "\n")
    return 1 if found.fails else 0


if __name__ == "__main__":
    sys.exit(main())
