"""The computable criteria of a dictionary: ladders of limits that a laboratory value or vital sign crosses."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from earlyphase.faults import InvalidInput
from earlyphase.toxicity.dictionary import data_folder, load_dictionary


class Comparator(StrEnum):
    """How a value crosses a limit."""

    ABOVE = ">"
    FROM = ">="
    BELOW = "<"
    DOWN_TO = "<="

    @property
    def upward(self) -> bool:
        """Whether larger values are worse."""
        return self in (Comparator.ABOVE, Comparator.FROM)

    @property
    def sign(self) -> str:
        """The comparator as print writes it."""
        return {"<=": "≤", ">=": "≥"}.get(self.value, self.value)


class Against(StrEnum):
    """What a limit is a multiple of."""

    NUMBER = ""
    LLN = "LLN"
    ULN = "ULN"
    BASELINE = "baseline"


class Of(StrEnum):
    """What is compared with the limits."""

    VALUE = "value"
    INCREASE = "increase"
    DECREASE = "decrease"
    PERCENT_INCREASE = "percent increase"
    PERCENT_DECREASE = "percent decrease"
    ABOVE_ULN = "above ULN"

    @property
    def relative(self) -> bool:
        """Whether the limits are percentages, whatever the unit of the value."""
        return self in (Of.PERCENT_INCREASE, Of.PERCENT_DECREASE)


class When(StrEnum):
    """When a ladder holds."""

    ALWAYS = "always"
    BASELINE_NORMAL = "baseline normal"
    BASELINE_ABNORMAL = "baseline abnormal"
    ANTICOAGULATED = "anticoagulated"
    BELOW_LLN = "below LLN"
    ABOVE_BASELINE = "above baseline"


@dataclass(frozen=True, slots=True)
class Cut:
    """One limit. Crossing it gives a grade, or a range where only the investigator can tell."""

    comparator: Comparator
    factor: float
    against: Against
    grade_min: int
    grade_max: int

    def __str__(self) -> str:
        """Write the rule without its grade: `> 3 × ULN`, `< 100`."""
        if self.against is Against.NUMBER:
            return f"{self.comparator.sign} {self.factor:g}"
        times = "" if self.factor == 1 else f"{self.factor:g} × "
        return f"{self.comparator.sign} {times}{self.against}"

    @property
    def grade(self) -> str:
        """The grade, or the range: `2`, `2–3`."""
        return str(self.grade_min) if self.grade_min == self.grade_max else f"{self.grade_min}–{self.grade_max}"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Cuts from mild to severe."""

    cuts: tuple[Cut, ...]
    unit: str | None = None
    """The unit of its numbers; None where any unit will do."""
    of: Of = Of.VALUE
    when: When = When.ALWAYS

    @property
    def upward(self) -> bool:
        """Whether what it compares is worse the larger it is."""
        return self.cuts[0].comparator.upward


@dataclass(frozen=True, slots=True)
class Criteria:
    """How one term is graded from one measurement."""

    term: str
    measured: str
    """What is measured: `hemoglobin`."""
    ladders: tuple[Ladder, ...]
    source: str
    """Document, class and term that the limits come from."""
    aliases: tuple[str, ...] = ()
    analyte: str | None = None
    """For conversion between mass and amount of substance."""
    possible: tuple[float, float] = (0.0, float("inf"))
    """The least and the most that a body can have, in the first unit."""
    note: str | None = None
    """How the text is read where it can be read in two ways."""
    book: tuple[str, str] = ("CTCAE", "5.0")
    """Name and version of the dictionary."""

    @property
    def units(self) -> tuple[str, ...]:
        """The units in which its numbers are given."""
        return tuple(dict.fromkeys(ladder.unit for ladder in self.ladders if ladder.unit))

    @property
    def graded(self) -> frozenset[int]:
        """The grades that a value can reach."""
        cuts = [cut for ladder in self.ladders for cut in ladder.cuts]
        return frozenset(grade for cut in cuts for grade in range(cut.grade_min, cut.grade_max + 1))


_CUT = re.compile(r"(>=|<=|>|<)\s*([\d.]+)?\s*(LLN|ULN|baseline)?\s*:\s*(\d)(?:-(\d))?")


def read_cut(text: str) -> Cut:
    """Read a cut as the table writes it: `> 2.0 ULN: 2-3`.

    Raises:
        InvalidInput: it is not written so.

    Source: the head of the criteria table.
    """
    found = _CUT.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        raise InvalidInput("criteria table", text, "is not a cut.", 'Write it as "> 2.0 ULN: 2-3".')
    comparator, factor, against, low, high = found.groups()
    return Cut(Comparator(comparator), float(factor or 1), Against(against or ""), int(low), int(high or low))


@lru_cache(maxsize=8)
def load_criteria(name: str = "CTCAE", version: str = "5.0") -> tuple[Criteria, ...]:
    """Read the criteria table of a dictionary that the package carries.

    Raises:
        InvalidInput: the package does not carry it, or the table is malformed.

    Source: the table's own header; for CTCAE v5.0, NCI, 27 November 2017.
    """
    table = tomllib.loads((data_folder(name, version) / "criteria.toml").read_text(encoding="utf-8"))
    terms = load_dictionary(name, version).terms
    return tuple(
        _criteria(row, f"{table['source']}, {terms[row['name'].lower()].system_class}: {row['name']}", (name, version))
        for row in table["term"]
    )


def _criteria(row: Mapping[str, Any], source: str, book: tuple[str, str]) -> Criteria:
    return Criteria(
        term=row["name"],
        measured=row["measured"],
        ladders=tuple(_ladder(ladder) for ladder in row["ladders"]),
        source=source,
        aliases=tuple(row.get("aliases", ())),
        analyte=row.get("analyte"),
        possible=tuple(row.get("possible", (0.0, float("inf")))),
        note=row.get("note"),
        book=book,
    )


def _ladder(row: Mapping[str, Any]) -> Ladder:
    return Ladder(
        cuts=tuple(read_cut(cut) for cut in row["cuts"]),
        unit=row.get("unit"),
        of=Of(row.get("of", Of.VALUE)),
        when=When(row.get("when", When.ALWAYS)),
    )


def find_criteria(term: str, measured: str | None = None, table: tuple[Criteria, ...] | None = None) -> Criteria:
    """Find how a term is graded from a measurement; from the first in the table where none is named.

    A measurement may also stand behind the term in brackets: `Hypercalcemia (ionized)`.

    Raises:
        InvalidInput: the term cannot be graded from a value, or not from that measurement; the nearest are named.

    Source: CTCAE v5.0, or the table that is given.
    """
    criteria = table or load_criteria()
    plain, _, bracket = term.strip().lower().partition(" (")
    wanted = (measured or bracket.rstrip(")")).strip().lower()
    rows = [row for row in criteria if row.term.lower() == plain]
    if not rows:
        names = {row.term.lower(): row.term for row in criteria}
        near = [names[one] for one in difflib.get_close_matches(plain, names, n=3, cutoff=0.5)]
        remedy = (
            f"Did you mean {' or '.join(map(repr, near))}?" if near else "See `earlyphase grade terms --computable`."
        )
        raise InvalidInput("term", term, "cannot be graded from a value.", remedy)
    found = next((row for row in rows if not wanted or _is_called(row, wanted) or wanted in row.measured.lower()), None)
    if found is None:
        ways = ", ".join(repr(row.measured) for row in rows)
        raise InvalidInput("measurement", wanted, f"does not grade {rows[0].term!r}.", f"It is graded from: {ways}.")
    return found


def criteria_of(measured: str, table: tuple[Criteria, ...] | None = None) -> tuple[Criteria, ...]:
    """Find every term that a measurement can grade: potassium grades hyperkalemia and hypokalemia.

    Returns: the criteria, none where nothing is graded from that measurement.

    Source: CTCAE v5.0, or the table that is given.
    """
    wanted = measured.strip().lower().replace("_", " ")
    return tuple(row for row in table or load_criteria() if _is_called(row, wanted))


def _is_called(row: Criteria, name: str) -> bool:
    return name == row.measured.lower() or name in row.aliases
