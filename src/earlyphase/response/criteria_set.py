"""Response criteria as tables: findings, responses from best to least, relapse, residual disease.

A set for leukaemia, for lymphoma and for solid tumours has the same shape: which finding opens an assessment, how near
the others must lie, and which conditions on values, or on their change from baseline or nadir, make each response, the
progression and the relapse.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity


class From(StrEnum):
    """Which value a change is counted from."""

    BASELINE = "baseline"
    """The last before treatment."""
    NADIR = "nadir"
    """The least since the baseline, that one included."""


class Change(StrEnum):
    """What of a value is compared, where it is not the value itself."""

    PERCENT = "percent change"
    ABSOLUTE = "change"
    LEAST = "nadir"
    """The nadir itself."""
    FIRST = "baseline"
    """The baseline itself."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one finding."""

    text: str
    """As the table writes it."""
    finding: str
    comparator: str
    """`<`, `<=`, `>`, `>=`, `=` or `is`."""
    limit: float | None
    """In the finding's unit; in percent for a percent change; None where a word is compared."""
    word: str
    change: Change | None = None
    since: From = From.BASELINE
    beyond: float = 0.0
    """Of a change: only what lies beyond this counts, as of a spleen what is longer than normal."""


Way = tuple[Condition, ...]
"""Conditions that must be met together."""


@dataclass(frozen=True, slots=True)
class FindingRule:
    """How one finding is used."""

    name: str
    unit: str
    """The unit of the table's limits; empty for a finding that is a word."""
    words: tuple[str, ...]
    within_days: int
    """How far from the assessment it may lie. Units: days."""
    also_called: tuple[str, ...] = ()
    """Other names of it, in small letters."""
    of_each: bool = False
    """Whether it is measured for each lesion, and its conditions are those of one lesion."""

    def is_called(self, name: str) -> bool:
        """Tell whether a name means this finding."""
        plain = name.strip().lower().replace("_", " ")
        return plain in (self.name, *self.also_called)


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """One response, the progression, or the relapse."""

    name: str
    all: tuple[Condition, ...]
    any: tuple[Way, ...]
    """At least one of these ways as well, where there are any."""
    held_days: int
    """How long it must hold, as a later assessment shows. Units: days."""
    verified: bool
    """Whether the line has been held against the primary document."""
    why: str


@dataclass(frozen=True, slots=True)
class ResidualDisease:
    """How residual disease is called."""

    negative_below: Quantity
    complete: str


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """One named set of response criteria."""

    name: str
    disease: str
    source: str
    assessed_by: str
    """The finding on whose days an assessment is made."""
    otherwise: str
    """The response where none of the conditions is met."""
    findings: Mapping[str, FindingRule]
    responses: tuple[ResponseRule, ...]
    """From the best to the least."""
    progression: ResponseRule | None
    """What is asked before any response, and is worse than all of them; None where relapse alone ends a response."""
    relapse: ResponseRule | None
    relapse_after: tuple[str, ...]
    residual: ResidualDisease | None
    windows_note: str

    @property
    def names(self) -> tuple[str, ...]:
        """The responses from the best to the least, with the one that is left and the progression."""
        worst = (self.progression.name,) if self.progression else ()
        return (*(rule.name for rule in self.responses), self.otherwise, *worst)

    @property
    def considered(self) -> tuple[ResponseRule, ...]:
        """The rules in the order in which they are asked."""
        return (*((self.progression,) if self.progression else ()), *self.responses)

    @property
    def unverified(self) -> tuple[str, ...]:
        """The lines that have not been held against the primary document."""
        rules = (*self.considered, *((self.relapse,) if self.relapse else ()))
        return tuple(rule.name for rule in rules if not rule.verified)


_CONDITION = re.compile(
    r"(?:(?P<change>percent change|change|nadir|baseline) of )?(?P<finding>.+?)(?: beyond (?P<beyond>\d\S* \S+))?"
    r"(?: from (?P<since>baseline|nadir))? (?P<op><=|>=|<|>|=|is) (?P<limit>\S.*)"
)


def read_condition(text: str, findings: Mapping[str, FindingRule]) -> Condition:
    """Read a condition as a table writes it.

    Raises:
        InvalidInput: it is not written so, or its finding, unit or word is not the set's.

    Source:
        The head of the table of ELN 2024.
    """
    found = _CONDITION.fullmatch(text.strip())
    rule = findings.get(found["finding"]) if found else None
    if found is None or rule is None:
        raise InvalidInput("criteria table", text, "is not a condition on a finding of the set.", "See ELN 2024.")
    change = Change(found["change"]) if found["change"] else None
    since = From(found["since"] or From.BASELINE)
    if found["op"] == "is":
        if found["limit"] not in rule.words:
            raise InvalidInput("criteria table", text, f"needs one of {', '.join(rule.words)}.")
        return Condition(text, rule.name, "is", None, found["limit"])
    limit = _limit(text, found["limit"], "" if change is Change.PERCENT else rule.unit)
    beyond = _limit(text, found["beyond"], rule.unit) if found["beyond"] else 0.0
    return Condition(text, rule.name, found["op"], limit, "", change, since, beyond)


def read_way(text: str, findings: Mapping[str, FindingRule]) -> Way:
    """Read conditions that must be met together: they are joined by `and`.

    Raises:
        InvalidInput: one of them is not written as a condition.

    Source:
        The head of the table of RECIST 1.1.
    """
    return tuple(read_condition(part, findings) for part in text.split(" and "))


def _limit(text: str, written: str, unit: str) -> float:
    number, _, given = written.partition(" ")
    if given != unit:
        raise InvalidInput("criteria table", text, f"must give its limit in {unit or 'percent, without a sign'}.")
    return float(number)


def parse_criteria_set(text: str) -> CriteriaSet:
    """Read a set of response criteria from its table.

    Raises:
        InvalidInput: a line of the table cannot be understood.

    Source:
        The table's own `source`.
    """
    table = tomllib.loads(text)
    findings = {
        name: FindingRule(
            name,
            row.get("unit", ""),
            tuple(row.get("words", ())),
            row["within_days"],
            tuple(row.get("also_called", ())),
            row.get("of_each", False),
        )
        for name, row in table["findings"].items()
    }
    relapse, residual = table.get("relapse"), table.get("residual_disease")
    progression = table.get("progression")
    return CriteriaSet(
        name=table["name"],
        disease=table["disease"],
        source=table["source"],
        assessed_by=table["assessed_by"],
        otherwise=table["otherwise"],
        findings=findings,
        responses=tuple(_rule(row["name"], row, findings) for row in table["responses"]),
        progression=_rule(progression["name"], progression, findings) if progression else None,
        relapse=_rule("relapse", relapse, findings) if relapse else None,
        relapse_after=tuple(relapse["after"]) if relapse else (),
        residual=ResidualDisease(Quantity.read(residual["negative_below"]), residual["complete"]) if residual else None,
        windows_note=table.get("windows", {}).get("why", ""),
    )


def _rule(name: str, row: Mapping[str, Any], findings: Mapping[str, FindingRule]) -> ResponseRule:
    return ResponseRule(
        name,
        tuple(read_condition(text, findings) for text in row.get("all", ())),
        tuple(read_way(text, findings) for text in row.get("any", ())),
        row.get("held_days", 0),
        row.get("verified", True),
        row.get("why", ""),
    )


@lru_cache(maxsize=1)
def load_criteria_sets() -> Mapping[str, CriteriaSet]:
    """Read the sets that the package carries, by name.

    Source:
        Each set's own, in its table.
    """
    folder = resources.files("earlyphase.response") / "data"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    sets = (parse_criteria_set(path.read_text(encoding="utf-8")) for path in paths)
    return {one.name: one for one in sets}


def criteria_set(name: str) -> CriteriaSet:
    """Find a set by its name.

    Raises:
        InvalidInput: the package does not carry it.

    Source:
        The set's own, in its table.
    """
    known = load_criteria_sets()
    if name not in known:
        raise InvalidInput("response criteria", name, "are not known.", f"Known: {', '.join(known)}.")
    return known[name]
