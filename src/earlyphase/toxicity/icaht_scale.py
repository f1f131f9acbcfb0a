"""The scale of ICAHT as data: which counts, for how long, give which grade."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from earlyphase.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a count, and the grade that it gives."""

    grade: int
    at_most: Quantity
    days: int | None
    """For how many days in a row; None where another condition decides. Units: days."""
    never_above: bool
    """Whether the count never rises above it again."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Early or late. Units: days from the infusion, both counted."""

    first_day: int
    last_day: int
    limits: tuple[Limit, ...]
    recovery_days: int = 1
    """A rise of fewer days between two low counts is no recovery."""
    never_above_from_day: int = 0
    """Who is low by this day and stays so was never above."""
    counts: int = 1
    """How many low counts show that it is not transient."""


@dataclass(frozen=True, slots=True)
class IcahtScale:
    """The consensus as read from the table."""

    label: str
    source: str
    confirmed: str
    """What was read to confirm the table, and what was not."""
    least: Quantity
    most: Quantity
    """Outside these two lies no count."""
    early: Phase
    late: Phase


@lru_cache(maxsize=1)
def load_icaht() -> IcahtScale:
    """Read the consensus from the package's table.

    Source: EHA/EBMT consensus, Rejeski et al. 2023, Blood 142:865.
    """
    folder = resources.files("earlyphase.toxicity") / "data" / "icaht-2023"
    table = tomllib.loads((folder / "grades.toml").read_text(encoding="utf-8"))
    return IcahtScale(
        label=f"{table['name']} {table['version']}",
        source=table["source"],
        confirmed=table["confirmed"],
        least=Quantity.read(table["least"]),
        most=Quantity.read(table["most"]),
        early=_phase(table["early"]),
        late=_phase(table["late"]),
    )


def _phase(part: dict[str, Any]) -> Phase:
    return Phase(
        first_day=part["first_day"],
        last_day=part["last_day"],
        limits=tuple(_limit(row) for row in part["grades"]),
        recovery_days=part.get("recovery_days", 1),
        never_above_from_day=part.get("never_above_from_day", 0),
        counts=part.get("counts", 1),
    )


def _limit(row: dict[str, Any]) -> Limit:
    return Limit(row["grade"], Quantity.read(row["at_most"]), row.get("days"), row.get("never_above", False))
