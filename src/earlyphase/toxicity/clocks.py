"""Reporting clocks: when an expedited report is due, counted from the day on which the sponsor became aware."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from earlyphase.faults import InvalidInput


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """How fast one authority wants to hear. Units: calendar days from awareness (day 0)."""

    code: str
    name: str
    source: str
    confirmed: str
    """What was read to confirm the times."""
    fatal_or_life_threatening: int
    other: int
    follow_up: int | None
    """Days for the complete report after the first one on a fatal or life-threatening reaction."""


@dataclass(frozen=True, slots=True)
class Reportable:
    """What decides whether, and how fast, an event is reported. None is "not recorded"."""

    aware_on: dt.date
    """The day on which the sponsor became aware: day 0."""
    serious: bool
    related: bool | None
    """Whether a causal link to the study product is at least a reasonable possibility."""
    unexpected: bool | None
    """Whether it is not in the reference safety information."""
    fatal_or_life_threatening: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """One report that is due."""

    jurisdiction: str
    report: str
    """`first report`, `follow-up report`, `report`."""
    due: dt.date
    """The last day on which it is in time."""
    day: int
    """Units: days from awareness."""
    reason: str
    source: str

    def days_left(self, today: dt.date) -> int:
        """Count the days that are left; negative when it is overdue.

        Units: days.
        Source: arithmetic of the calendar.
        """
        return (self.due - today).days


@lru_cache(maxsize=1)
def load_jurisdictions() -> Mapping[str, Jurisdiction]:
    """Read the jurisdictions that the package knows, by code.

    Source: each jurisdiction's own, in the table.
    """
    folder = resources.files("earlyphase.toxicity") / "data"
    table = tomllib.loads((folder / "reporting-clocks.toml").read_text(encoding="utf-8"))
    return {
        code: Jurisdiction(
            code,
            row["name"],
            row["source"],
            row["confirmed"],
            row["fatal_or_life_threatening"],
            row["other"],
            row.get("follow_up"),
        )
        for code, row in table.items()
    }


def reporting_deadlines(event: Reportable, jurisdictions: Iterable[str] = ("ICH",)) -> tuple[Deadline, ...]:
    """Say which expedited reports are due, and until when.

    An event whose causality or expectedness is not recorded runs as if it had to be reported: a clock does not wait.

    Args:
        event: what is known of the event.
        jurisdictions: the codes of the authorities that want to hear.

    Returns:
        The deadlines, soonest first; none where the event need not be reported fast.

    Raises:
        InvalidInput: an unknown jurisdiction.

    Source: the jurisdiction's own rule, named on each deadline.
    """
    known = load_jurisdictions()
    found: list[Deadline] = []
    for code in jurisdictions:
        if code not in known:
            raise InvalidInput("jurisdiction", code, "is not known.", f"Known: {', '.join(known)}.")
        if event.serious and event.related is not False and event.unexpected is not False:
            found += _deadlines(event, known[code])
    return tuple(sorted(found, key=lambda deadline: (deadline.due, deadline.jurisdiction)))


def _deadlines(event: Reportable, where: Jurisdiction) -> Iterable[Deadline]:
    assumed = [word for word, known in (("related", event.related), ("unexpected", event.unexpected)) if known is None]
    taken = f"; taken as {' and '.join(assumed)} until that is recorded" if assumed else ""
    if not event.fatal_or_life_threatening:
        yield _deadline(event, where, "report", where.other, f"serious, related and unexpected{taken}")
        return
    first = "report" if where.follow_up is None else "first report"
    yield _deadline(event, where, first, where.fatal_or_life_threatening, f"fatal or life-threatening{taken}")
    if where.follow_up is not None:
        last = where.fatal_or_life_threatening + where.follow_up
        yield _deadline(event, where, "follow-up report", last, f"{where.follow_up} days after the first report is due")


def _deadline(event: Reportable, where: Jurisdiction, report: str, day: int, reason: str) -> Deadline:
    return Deadline(where.code, report, event.aware_on + dt.timedelta(days=day), day, reason, where.source)
