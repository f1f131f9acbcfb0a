"""A graded adverse event over time, as the rules of this package see it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from earlyphase.dates import PartialDate, days_from
from earlyphase.faults import InvalidInput
from earlyphase.protocol.dlt import Cause, Scale
from earlyphase.toxicity.episodes import Episode
from earlyphase.toxicity.syndromes import load_syndromes, syndrome_of

When = dt.datetime | dt.date | PartialDate
"""A moment as it was recorded: to the minute, the day, the month or the year."""

_LAST_MOMENT = dt.timedelta(days=1, microseconds=-1)


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last moment that a recorded moment can be."""

    earliest: dt.datetime
    latest: dt.datetime

    def days(self, anchor: dt.date) -> tuple[int, int]:
        """Give the days from an anchor (day 0) that it can be.

        Units: days.
        Source: arithmetic of the calendar.
        """
        return days_from(anchor, self.earliest.date()), days_from(anchor, self.latest.date())


def span(when: When) -> Span:
    """Spread a recorded moment over all the moments that it can be. Times of day are the site's own.

    Source: arithmetic of the calendar; nothing is imputed.
    """
    match when:
        case dt.datetime():
            naive = when.replace(tzinfo=None)
            return Span(naive, naive)
        case dt.date():
            midnight = dt.datetime.combine(when, dt.time.min)
            return Span(midnight, midnight + _LAST_MOMENT)
        case PartialDate():
            return Span(span(when.earliest).earliest, span(when.latest).latest)


@dataclass(frozen=True, slots=True)
class Step:
    """From a moment on, an event has a grade. Grade 0 is its end."""

    start: When
    grade_min: int
    grade_max: int


@dataclass(frozen=True, slots=True)
class GradedEvent:
    """An adverse event with its grades over time."""

    name: str
    """How messages call it: its term, or an entry number with the term."""
    term: str
    system_class: str | None
    scale: Scale
    version: str
    """Dictionary or consensus with its version: `CTCAE v5.0`, `ASTCT 2019`."""
    steps: tuple[Step, ...]
    """The first begins at the onset."""
    related: bool | None = None
    """Whether it is related, or possibly related, to the study product; None where not recorded."""
    cause: Cause | None = None
    """What it was put down to; None where not recorded."""

    @property
    def onset(self) -> When:
        """When it began."""
        return self.steps[0].start

    @property
    def worst_max(self) -> int:
        """The worst grade that is possible."""
        return max(step.grade_max for step in self.steps)


def graded_event(  # noqa: PLR0913 - one argument for each field of an entry
    term: str,
    scale: str,
    grade: int,
    onset: When,
    *,
    resolved: When | None = None,
    course: Iterable[tuple[When, int]] = (),
    system_class: str | None = None,
    related: bool | None = None,
    cause: Cause | None = None,
    name: str | None = None,
) -> GradedEvent:
    """Make an event from an entry's fields.

    Args:
        term: its term.
        scale: whose grades these are, as the entry writes it: `CTCAE v5.0`, `ASTCT 2019`.
        grade: its worst grade.
        onset: when it began.
        resolved: when it ended, if it did.
        course: later changes of grade. Where one of them reaches the worst grade, the event began at grade 1.
        system_class: its system organ class.
        related: whether it is (possibly) related to the study product.
        cause: what it was put down to, where that is recorded.
        name: how messages call it; the term when absent.

    Returns:
        The event.

    Raises:
        InvalidInput: it ends before it begins, its changes are out of order, or a later grade is above the worst.

    Source: the entry itself; the grade at onset is read as stated above.
    """
    changes = list(course)
    first = 1 if any(later == grade for _, later in changes) else grade
    steps = [Step(onset, first, first), *(Step(when, later, later) for when, later in changes)]
    if resolved is not None and steps[-1].grade_max > 0:
        steps.append(Step(resolved, 0, 0))
    called = name or term
    for one, other in pairwise(steps):
        if span(other.start).latest < span(one.start).earliest:
            remedy = "Correct one of the dates."
            raise InvalidInput(called, str(other.start), f"comes before {one.start}, which it follows.", remedy)
        if other.grade_max > grade:
            raise InvalidInput(called, other.grade_max, f"is above {grade}.", "The grade of an event is its worst.")
    return GradedEvent(called, term, system_class, scale_of(scale, term), scale, tuple(steps), related, cause)


def episode_event(episode: Episode, *, related: bool | None = True) -> GradedEvent:
    """Make an event from an episode of CRS or ICANS.

    Source: ASTCT consensus, Lee et al. 2019; both syndromes are caused by the product unless stated otherwise.
    """
    steps = tuple(Step(moment.at, moment.graded.grade_min, moment.graded.grade_max) for moment in episode.course)
    scale = Scale(episode.scale)
    term = load_syndromes()[scale].terms[0]
    return GradedEvent(episode.scale, term, None, scale, episode.version, steps, related)


def overlaps(events: Iterable[GradedEvent]) -> tuple[tuple[GradedEvent, GradedEvent], ...]:
    """Find events of one term that surely overlap in time: one course was recorded twice, or one has a wrong date.

    Returns: the pairs, in the order of their onset.

    Source: ASTCT consensus, Lee et al. 2019, for CRS and ICANS: one course at a time; so too for any term.
    """
    ordered = sorted(events, key=lambda event: span(event.onset).earliest)
    return tuple(
        (one, other)
        for at, one in enumerate(ordered)
        for other in ordered[at + 1 :]
        if (one.term.lower(), one.scale) == (other.term.lower(), other.scale) and _surely_overlap(one, other)
    )


def _surely_overlap(one: GradedEvent, other: GradedEvent) -> bool:
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: GradedEvent, other: GradedEvent) -> bool:
    """Tell whether an event surely began before another ended."""
    ended = other.steps[-1]
    return ended.grade_max > 0 or span(one.onset).latest < span(ended.start).earliest


def scale_of(scale: str, term: str) -> Scale:
    """Tell whose grades an entry has from the name of its scale and its term.

    Raises:
        InvalidInput: a scale that is not known, or a term that it does not grade.

    Source: the names in the package's tables.
    """
    dictionary = scale.split(" ", maxsplit=1)[0].upper()
    if dictionary == Scale.CTCAE:
        return Scale.CTCAE
    if (found := syndrome_of(scale, term)) is not None:
        return found.scale
    known = load_syndromes().values()
    publisher = any(dictionary == one.label.partition(" ")[0].upper() for one in known)
    rule = f"does not grade {term!r}." if publisher else "is no scale that is known."
    names = ", ".join(f"{one.label} {one.terms[0]!r}" for one in known)
    raise InvalidInput("scale", scale, rule, f"CTCAE grades its terms, {names}.")
