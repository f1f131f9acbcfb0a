"""Haematotoxicity of immune effector cells (ICAHT), graded from neutrophil counts: how low, and for how long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.astct import Component, Graded
from earlyphase.toxicity.icaht_scale import IcahtScale, Limit, Phase, load_icaht

SCALE = "ICAHT"


@dataclass(frozen=True, slots=True)
class Count:
    """A neutrophil count."""

    day: int
    """Units: days from the infusion (day 0)."""
    anc: Quantity


@dataclass(frozen=True, slots=True)
class Icaht:
    """Both grades."""

    early: Graded
    late: Graded


@dataclass(frozen=True, slots=True)
class Low:
    """Days in a row with low counts. Units: days from the infusion, both counted."""

    first: int
    last: int

    def within(self, first: int, last: int) -> "Low | None":
        """Cut it to some days; None where nothing is left.

        Source: arithmetic of the calendar.
        """
        found = Low(max(self.first, first), min(self.last, last))
        return found if found.first <= found.last else None

    @property
    def days(self) -> int:
        """How long. Units: days."""
        return self.last - self.first + 1


def grade_icaht(counts: Iterable[Count], died_on: int | None = None) -> Icaht:
    """Grade early and late ICAHT.

    Days without a count between two low ones are low. Those before the first low count, or after the last, can be
    either: they leave a range where they matter. So does a rise that may have lasted long enough to be a recovery.

    Args:
        counts: neutrophil counts, in any order; the lowest of a day counts.
        died_on: the day of death, where the participant died: what ends with it is over. Units: days from the infusion.

    Raises:
        InvalidInput: a count that cannot be.

    Source: EHA/EBMT consensus, Rejeski et al. 2023, Blood 142:865; what it leaves open is assumed in the table.
    """
    scale = load_icaht()
    by_day: dict[int, Quantity] = {}
    for one in counts:
        if one.anc.compare(scale.least) < 0 or one.anc.compare(scale.most) > 0:
            raise InvalidInput(f"ANC on day {one.day}", str(one.anc), "is no neutrophil count.", "Check its unit.")
        known = by_day.get(one.day)
        by_day[one.day] = one.anc if known is None or one.anc.compare(known) < 0 else known
    counted = dict(sorted(by_day.items()))
    return Icaht(_early(counted, scale, died_on), _late(counted, scale))


def _early(counts: Mapping[int, Quantity], scale: IcahtScale, died_on: int | None) -> Graded:
    phase = scale.early
    last = phase.last_day if died_on is None else min(phase.last_day, died_on)
    if not any(phase.first_day <= day <= last for day in counts):
        return _not_counted("early", phase, scale)
    components = tuple(_depth(limit, counts, phase, last) for limit in _distinct(phase.limits))
    worst = max(one.grade_max for one in components)
    why = "; ".join(one.finding for one in components if one.finding and one.grade_max == worst) if worst else ""
    return _graded("early", components, ("a count on each day",), why or "no count is low", scale)


def _distinct(limits: Iterable[Limit]) -> tuple[Quantity, ...]:
    return tuple({str(one.at_most): one.at_most for one in limits}.values())


def _depth(at_most: Quantity, counts: Mapping[int, Quantity], phase: Phase, last: int) -> Component:
    """Grade what one limit says: how many days in a row the count was not above it."""
    least, most = (
        [cut for one in runs(counts, at_most, phase, sure=sure) if (cut := one.within(phase.first_day, last))]
        for sure in (True, False)
    )
    sure, possible = (max((one.days for one in found), default=0) for found in (least, most))
    rows = [limit for limit in phase.limits if limit.at_most == at_most]
    low = max((limit.grade for limit in rows if _holds(limit, least, phase, last)), default=0)
    high = max((limit.grade for limit in rows if _holds(limit, most, phase, last)), default=0)
    days = f"{sure}" if sure == possible else f"{sure} to {possible}"
    finding = f"ANC at most {at_most} for {days} days in a row" if possible else None
    return Component(f"ANC ≤ {at_most}", finding or "never", low, high)


def _holds(limit: Limit, found: Sequence[Low], phase: Phase, last: int) -> bool:
    if limit.never_above:
        return any(one.first <= phase.never_above_from_day and one.last >= last for one in found)
    return any(limit.days is not None and one.days >= limit.days for one in found)


def runs(counts: Mapping[int, Quantity], at_most: Quantity, phase: Phase, *, sure: bool) -> tuple[Low, ...]:
    """Find the days in a row on which the count was not above a limit.

    Args:
        counts: by day, in order.
        at_most: the limit.
        phase: how many days make a recovery, and between which days an unseen beginning or end lies.
        sure: only days that were surely low; else all that can have been.

    Source: EHA/EBMT consensus, Rejeski et al. 2023; what is no recovery is assumed in the table.
    """
    days = list(counts)
    low = [day for day in days if counts[day].compare(at_most) <= 0]
    groups: list[list[int]] = []
    for day in low:
        if groups and not _recovered(groups[-1][-1], day, days, phase.recovery_days, sure=sure):
            groups[-1].append(day)
        else:
            groups.append([day])
    return tuple(Low(group[0], group[-1]) if sure else Low(*_widest(group, days, set(low), phase)) for group in groups)


def _recovered(before: int, after: int, days: Sequence[int], needed: int, *, sure: bool) -> bool:
    """Tell whether the count recovered between two low ones: surely low days end where it can have."""
    high = [day for day in days if before < day < after]
    if not high:
        return False
    return (after - before - 1 if sure else high[-1] - high[0] + 1) >= needed


def _widest(group: Sequence[int], days: Sequence[int], low: set[int], phase: Phase) -> tuple[int, int]:
    before = [day for day in days if day < group[0] and day not in low]
    after = [day for day in days if day > group[-1] and day not in low]
    first = before[-1] + 1 if before else min(phase.first_day, group[0])
    last = after[0] - 1 if after else max(phase.last_day, group[-1])
    return first, last


def _late(counts: Mapping[int, Quantity], scale: IcahtScale) -> Graded:
    phase = scale.late
    seen = [anc for day, anc in counts.items() if phase.first_day <= day <= phase.last_day]
    if not seen:
        return _not_counted("late", phase, scale)
    lowest = _by_depth(seen, phase)
    high, nadir = lowest[0]
    low = lowest[phase.counts - 1][0] if len(lowest) >= phase.counts else 0
    part = Component("ANC", f"lowest {nadir} of {len(seen)}", low, high)
    alone = ("a second low count: one alone may be transient",)
    return _graded("late", (part,), alone, f"the lowest of {len(seen)} counts is {nadir}", scale)


def _by_depth(seen: Iterable[Quantity], phase: Phase) -> list[tuple[int, Quantity]]:
    """Give counts with their grades, the lowest first."""
    return [(_grade_of(anc, phase), anc) for anc in sorted(seen, key=cmp_to_key(Quantity.compare))]


def _grade_of(anc: Quantity, phase: Phase) -> int:
    return max((limit.grade for limit in phase.limits if anc.compare(limit.at_most) <= 0), default=0)


def _not_counted(which: str, phase: Phase, scale: IcahtScale) -> Graded:
    worst = max(limit.grade for limit in phase.limits)
    days = f"counts of days {phase.first_day} to {phase.last_day}"
    return _graded(which, (Component("ANC", None, 0, worst, days),), (days,), "nothing was counted", scale)


def _graded(which: str, parts: tuple[Component, ...], missing: tuple[str, ...], why: str, scale: IcahtScale) -> Graded:
    low, high = max(one.grade_min for one in parts), max(one.grade_max for one in parts)
    shown = f"grade {low}" if low == high else f"grade {low}–{high}"
    name = f"{which} {SCALE}"
    reason = f"{name[0].upper()}{name[1:]} {shown}: {why}."
    return Graded(name, scale.label, low, high, parts, missing if low < high else (), reason, scale.source)
