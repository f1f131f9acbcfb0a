"""A participant's course as a drawing: lanes of marks and bars on an axis of days. Places only; the sheet colours."""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from earlyphase.dates import add_days, days_from
from earlyphase.journal.payloads.entering import ScreenFailure
from earlyphase.journal.payloads.leaving import NewTherapy, Relapse, Transplant, Withdrawal
from earlyphase.journal.payloads.observations import Marrow, Mrd, ResponseAssessment
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.journal.payloads.treatment import Leukapheresis, Lymphodepletion, ProductFailed, ProductReleased
from earlyphase.study.state import Participant
from earlyphase.study.visits import PlannedVisit, VisitState
from earlyphase.web.language import word

LEFT, RIGHT = 230, 990
"""Where the axis begins and ends. Units: pixels of the drawing."""
TOP, LANE = 30, 20
"""Units: pixels of the drawing."""
BEFORE, AFTER = 0.24, 0.7
"""The share of the axis up to day 0, and up to the end of the window."""
_CLOSE = 48
"""Nearer to the one before, a mark of the axis is left out. Units: pixels of the drawing."""
_CHARACTER, _WIDE_CHARACTER = 6.2, 12.5
"""The width of a Latin and of a Chinese character. Units: pixels of the drawing."""
_TICKS = (-42, -28, -14, -7, 0, 7, 14, 21, 28, 61, 91, 183, 274, 365, 548, 730)
_MONTHS = {61: 2, 91: 3, 183: 6, 274: 9, 365: 12, 548: 18, 730: 24}


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of a lane."""

    x: float
    kind: str
    """What it looks like: a class of the sheet."""
    says: str
    """The word beside it; empty where there is no room."""
    title: str

    @property
    def text_x(self) -> float:
        """Where its word stands."""
        return self.x + 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of a lane."""

    x: float
    width: float
    kind: str
    says: str
    title: str

    @property
    def text_x(self) -> float:
        """Where its word stands."""
        return self.x + 3


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the drawing."""

    name: str
    y: float
    marks: tuple[Mark, ...] = ()
    bars: tuple[Bar, ...] = ()

    @property
    def top(self) -> float:
        """Where its bars begin."""
        return self.y - 7

    @property
    def text_y(self) -> float:
        """Where its words stand."""
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Tick:
    """One mark of the axis."""

    x: float
    says: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    height: int
    window: Bar | None
    """The DLT window, behind everything."""
    today: float | None
    says: str
    """What it shows, in a sentence."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From a day to its place. Before day 0, within the window and after it days have three different widths."""

    anchor: dt.date
    first: int
    window: int
    last: int

    def at(self, on: dt.date) -> float:
        """Give the place of a date."""
        return self.of(days_from(self.anchor, on))

    def of(self, day: int) -> float:
        """Give the place of a day from the anchor."""
        day = min(max(day, self.first), self.last)
        if day <= 0:
            share = BEFORE * (day - self.first) / max(1, -self.first)
        elif day <= self.window:
            share = BEFORE + (AFTER - BEFORE) * day / self.window
        else:
            share = AFTER + (1 - AFTER) * (day - self.window) / max(1, self.last - self.window)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    @property
    def ticks(self) -> Iterator[Tick]:
        """Give the marks of the axis that do not stand too close."""
        reached = float("-inf")
        for day in _TICKS:
            place = self.of(day)
            if self.first <= day <= self.last and place - reached >= _CLOSE:
                reached = place
                months = _MONTHS.get(day)
                says = gettext("month %(count)d") % {"count": months} if months else _day(day)
                yield Tick(place, says)


def timeline(person: Participant, visits: tuple[PlannedVisit, ...], window_days: int, today: dt.date) -> Timeline:
    """Lay out a participant's course.

    Args:
        person: the participant.
        visits: the visits of the schedule, as they stand.
        window_days: the length of the DLT window.
        today: the day from which it is looked at.
    """
    axis = _axis(person, window_days, today)
    rows = [row for row in _rows(person, visits, axis, today) if row[1] or row[2]]
    lanes = tuple(
        Lane(name, TOP + LANE * (place + 0.5), _worded(marks), bars) for place, (name, marks, bars) in enumerate(rows)
    )
    window = None
    if person.infusion:
        window = Bar(axis.of(0), round(axis.of(window_days) - axis.of(0), 1), "window", "", gettext("DLT window"))
    shown = axis.first <= days_from(axis.anchor, today) <= axis.last
    height = TOP + LANE * len(lanes) + 8
    return Timeline(lanes, tuple(axis.ticks), height, window, axis.at(today) if shown else None, _says(person, today))


def _axis(person: Participant, window_days: int, today: dt.date) -> Axis:
    days = [on for facts in person.facts.values() for fact in facts if (on := fact.payload.clinical_date())]
    anchor = person.infusion.on if person.infusion else today
    begun = person.consent.on if person.consent else min(days, default=today)
    end = person.left_study_on or max([today, *days])
    latest = days_from(anchor, min(end, add_days(anchor, 730)))
    return Axis(anchor, min(days_from(anchor, begun), -1), window_days, max(latest, window_days + 1))


def _day(day: int) -> str:
    return gettext("day %(number)s") % {"number": str(day).replace("-", "−")}


def _says(person: Participant, today: dt.date) -> str:
    infusion = person.infusion
    if infusion is None:
        told = gettext("Participant %(number)s has not been infused; %(count)d adverse events.")
        return told % {"number": person.id, "count": len(person.adverse_events)}
    told = gettext("Participant %(number)s, infused on %(on)s (day 0), today day %(day)d; %(count)d adverse events.")
    day = days_from(infusion.on, min(today, person.left_study_on or today))
    return told % {"number": person.id, "on": infusion.on, "day": day, "count": len(person.adverse_events)}


_Row = tuple[str, tuple[Mark, ...], tuple[Bar, ...]]


def _rows(person: Participant, visits: tuple[PlannedVisit, ...], axis: Axis, today: dt.date) -> Iterator[_Row]:
    yield gettext("Course"), tuple(_steps(person, axis)), tuple(_conditioning(person, axis))
    yield gettext("Visits"), tuple(_held(visits, axis)), tuple(_owed(visits, axis))
    yield gettext("Marrow blasts, %"), tuple(_blasts(person, axis)), ()
    yield gettext("Residual disease"), tuple(_residual(person, axis)), ()
    yield gettext("Response"), tuple(_responses(person, axis)), ()
    yield gettext("Later course"), tuple(_endings(person, axis)), ()
    events = sorted(person.adverse_events, key=lambda fact: (fact.payload.onset.earliest, fact.entry))
    for term in dict.fromkeys(fact.payload.term for fact in events):
        bars: list[Bar] = []
        for fact in events:
            if fact.payload.term == term:
                bars += _event(fact.payload, axis, person.left_study_on or today)
        yield word(term), (), tuple(bars)


def _event(event: AdverseEvent, axis: Axis, until: dt.date) -> Iterator[Bar]:
    """Draw an event from its onset to its end; a change of its grade begins another span."""
    over = event.resolved.latest if event.resolved else max(until, event.onset.earliest)
    steps = [(event.onset.earliest, event.grade), *((one.on, one.grade) for one in event.course if one.on <= over)]
    ends = [*(on for on, _ in steps[1:]), over]
    for (on, grade), end in zip(steps, ends, strict=True):
        if grade == 0 or (on == end and len(steps) > 1):
            continue
        begun = axis.at(on)
        open_end = "" if event.resolved else f", {gettext('not resolved')}"
        told = gettext("grade %(grade)d, %(first)s – %(last)s") % {"grade": grade, "first": on, "last": end}
        title = f"{word(event.term)}, {told}{open_end}"
        yield Bar(begun, max(9, round(axis.at(end) - begun, 1)), f"g{grade}", str(grade), title)


def _mark(axis: Axis, on: dt.date, kind: str, says: str) -> Mark:
    return Mark(axis.at(on), kind, says, f"{says}, {on} ({_day(days_from(axis.anchor, on))})")


def _worded(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Leave out the words for which there is no room before the next mark."""
    ordered = sorted(marks, key=lambda mark: mark.x)
    following = [*(mark.x for mark in ordered[1:]), RIGHT + 60.0]
    return tuple(
        mark if mark.x + 8 + _width(mark.says) < after else Mark(mark.x, mark.kind, "", mark.title)
        for mark, after in zip(ordered, following, strict=False)
    )


def _width(text: str) -> float:
    """Estimate how much room a word takes.

    Units: pixels of the drawing.
    """
    return sum(_WIDE_CHARACTER if unicodedata.east_asian_width(one) in "WF" else _CHARACTER for one in text)


def _steps(person: Participant, axis: Axis) -> Iterator[Mark]:
    found = [(person.consent, gettext("consent")), (person.enrolment, gettext("enrolment"))]
    found += [(one, gettext("leukapheresis")) for one in person.every(Leukapheresis)]
    found += [(one, gettext("release")) for one in person.every(ProductReleased)]
    found += [(one, gettext("product failed")) for one in person.every(ProductFailed)]
    found += [(one, gettext("screen failure")) for one in person.every(ScreenFailure)]
    yield from (_mark(axis, one.on, "step", says) for one, says in found if one)
    if person.infusion:
        yield _mark(axis, person.infusion.on, "infusion", gettext("infusion"))


def _conditioning(person: Participant, axis: Axis) -> Iterator[Bar]:
    for one in person.every(Lymphodepletion):
        begun = axis.at(one.first_day)
        title = f"{gettext('lymphodepletion')}, {one.first_day} – {one.on}: {', '.join(one.agents)}"
        yield Bar(begun, max(4, round(axis.at(one.on) - begun, 1)), "conditioning", "", title)


def _held(visits: tuple[PlannedVisit, ...], axis: Axis) -> Iterator[Mark]:
    for one in visits:
        if one.held_on:
            yield Mark(axis.at(one.held_on), "held", "", f"{word(one.name)}, {one.held_on}: {gettext(one.state)}")


def _owed(visits: tuple[PlannedVisit, ...], axis: Axis) -> Iterator[Bar]:
    for one in visits:
        if one.state in (VisitState.DUE, VisitState.OVERDUE) and one.first and one.last:
            begun = axis.at(one.first)
            title = f"{word(one.name)}, {one.first} – {one.last}: {gettext(one.state)}"
            yield Bar(begun, max(6, round(axis.at(one.last) - begun, 1)), one.state.value, "", title)


def _blasts(person: Participant, axis: Axis) -> Iterator[Mark]:
    for one in person.every(Marrow):
        yield _mark(axis, one.on, "finding", f"{one.blasts.value:g}")


def _residual(person: Participant, axis: Axis) -> Iterator[Mark]:
    for one in person.every(Mrd):
        yield _mark(axis, one.on, "positive" if one.detected else "finding", "+" if one.detected else "−")


def _responses(person: Participant, axis: Axis) -> Iterator[Mark]:
    for one in person.every(ResponseAssessment):
        yield _mark(axis, one.on, "finding", word(one.response.value))


def _endings(person: Participant, axis: Axis) -> Iterator[Mark]:
    yield from (_mark(axis, one.on, "bad", gettext(one.kind)) for one in person.every(Relapse))
    yield from (_mark(axis, one.on, "step", gettext("transplant")) for one in person.every(Transplant))
    yield from (_mark(axis, one.on, "step", word(one.therapy)) for one in person.every(NewTherapy))
    yield from (_mark(axis, one.on, "bad", gettext("withdrawal")) for one in person.every(Withdrawal))
    if person.death:
        yield _mark(axis, person.death.on, "bad", gettext("death"))
