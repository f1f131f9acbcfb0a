"""Worked patients that come with a study: what every criterion must say of them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from earlyphase.eligibility.criteria_set import CriteriaSet, criteria_set
from earlyphase.eligibility.facts import Patient
from earlyphase.eligibility.screening import Eligibility, screen
from earlyphase.eligibility.verdict import Cause, Verdict
from earlyphase.faults import InvalidInput
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.reading import fit
from earlyphase.protocol.stated import Model
from earlyphase.protocol.yaml_tree import read_tree

CASES = "cases"


class Case(Model):
    """One worked patient."""

    about: str
    """What the case shows."""
    stage: Stage
    on: dt.date
    """The day on which eligibility is asked."""
    patient: Patient
    eligibility: Eligibility
    verdicts: dict[str, Verdict]
    """The verdict on each criterion as interpreted."""
    as_written: dict[str, Verdict] = Field(default_factory=dict[str, Verdict])
    """The verdict where the text is read literally, for the criteria that the case is about."""
    causes: dict[str, tuple[Cause, ...]] = Field(default_factory=dict[str, tuple[Cause, ...]])
    """For unknown verdicts: the causes."""
    next_tests: tuple[str, ...] | None = None
    """The tests of the smallest set that would settle it, in the order of the alphabet."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What a case expects and does not get."""

    case: str
    about: str
    """The criterion, or `eligibility`."""
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What came of the worked patients."""

    cases: int
    mismatches: tuple[Mismatch, ...]


def case_schema() -> dict[str, Any]:
    """Give the JSON Schema of a worked patient's file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema()}


def run_cases(protocol: Protocol, folder: Path) -> CaseReport:
    """Screen the worked patients of a study and compare.

    Raises:
        InvalidInput: a case cannot be read, or names a criterion that there is not.
    """
    cases = read_cases(folder)
    criteria, literal = criteria_set(protocol), criteria_set(protocol, as_written=True)
    found = [one for name, case in cases.items() for one in _mismatches(name, case, criteria, literal)]
    return CaseReport(len(cases), tuple(found))


def read_cases(folder: Path) -> dict[str, Case]:
    """Read the worked patients of a study, by the name of their file.

    Raises:
        InvalidInput: a case cannot be read; the message names file and line.
    """
    return {path.stem: _read(path) for path in sorted((folder / CASES).glob("*.yaml"))}


def _read(path: Path) -> Case:
    tree, _ = read_tree(path)
    return fit(Case, tree, str(path))


def _mismatches(name: str, case: Case, criteria: CriteriaSet, literal: CriteriaSet) -> Iterator[Mismatch]:
    ids = [rule.id for rule in criteria.rules]
    for criterion in (*case.verdicts, *case.as_written, *case.causes):
        if criterion not in ids:
            raise InvalidInput(f"case {name}", criterion, "is not a criterion of the protocol.", f"There are {ids}.")
    found = screen(criteria, case.patient, case.stage, case.on)
    written = screen(literal, case.patient, case.stage, case.on)
    pairs = [("eligibility", str(case.eligibility), str(found.eligibility))]
    pairs += [(one, case.verdicts.get(one, "no expectation"), found.result(one).verdict) for one in ids]
    pairs += [(f"{one} as written", want, written.result(one).verdict) for one, want in case.as_written.items()]
    for one, want in case.causes.items():
        causes = dict.fromkeys(unknown.cause for unknown in found.result(one).unknowns)
        pairs.append((f"{one} causes", ", ".join(want), ", ".join(causes)))
    if case.next_tests is not None:
        tests = dict.fromkeys(need.test for need in found.next_tests)
        pairs.append(("next tests", ", ".join(case.next_tests), ", ".join(tests)))
    yield from (Mismatch(name, about, want, got) for about, want, got in pairs if want != got)
