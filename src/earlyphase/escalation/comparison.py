"""Designs side by side, over the same true curves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from earlyphase.escalation.calendar_time import Truth, simulate_calendar
from earlyphase.escalation.catalogue import Kind, build, find
from earlyphase.escalation.characteristics import Characteristics, characteristics
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.executor import Executor
from earlyphase.escalation.options import Options, given
from earlyphase.escalation.scenarios import true_mtd
from earlyphase.escalation.timed_catalogue import build_timed
from earlyphase.escalation.timed_characteristics import Duration
from earlyphase.faults import InvalidInput


@dataclass(frozen=True, slots=True)
class Result:
    """What one design does under one curve."""

    counts: Characteristics
    duration: Duration | None = None
    """How long it takes, where that was asked for."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One design over all curves."""

    name: str
    options: Options
    results: tuple[Result, ...]

    @property
    def method(self) -> str:
        """Say whether its figures are exact or simulated.

        Source: bookkeeping.
        """
        return self.results[0].counts.method if self.results else "exact"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a design does under one curve, or on average over several. Units: shares of 1; participants; days."""

    correct: float
    """Chance that the MTD is chosen, or none where there is none."""
    too_low: float
    too_high: float
    none: float
    """Chance that no dose is chosen although there is an MTD."""
    at_mtd: float
    """Share of the participants treated at the MTD."""
    above: float
    """Share of the participants treated above it."""
    dlts: float
    """Share of the participants with a DLT."""
    participants: float
    days: float | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """How calendar time is simulated."""

    conduct: Conduct
    trials: int
    seed: int = 1
    executor: Executor | None = None
    responses: tuple[float, ...] = ()


def own_options(name: str, options: Options) -> Options:
    """Give those of the shared options that a design takes.

    Source: the catalogue.
    """
    foreign = given(options) - find(name).options
    return replace(options, **{option: getattr(Options(), option) for option in foreign})


def compare(
    names: Sequence[str], options: Options, truths: Sequence[tuple[float, ...]], calendar: Calendar | None = None
) -> tuple[Compared, ...]:
    """Give the operating characteristics of several designs under the same curves.

    Args:
        names: the designs.
        options: shared options; each design takes those that are its own.
        truths: the true DLT probabilities.
        calendar: how to simulate; by default only designs that depend on time would need it.

    Returns:
        The designs in order: exact wherever counts alone decide; the duration where calendar time is given.

    Raises:
        InvalidInput: a design or an option cannot be used.

    Source: the designs' own.
    """
    return tuple(_one(name, own_options(name, options), truths, calendar) for name in names)


def judge(result: Result, target: float) -> Verdict:
    """Say how a design does under one curve.

    Source: accuracy and safety as in Liu & Yuan 2015, J R Stat Soc C 64:507, section 4.
    """
    counts = result.counts
    mtd = true_mtd(counts.truth, target)
    chosen, treated = (counts.no_mtd, *counts.select), (0.0, *counts.patients)
    total = counts.total_patients or 1.0
    return Verdict(
        correct=chosen[mtd],
        too_low=sum(chosen[1:mtd]),
        too_high=sum(chosen[mtd + 1 :]),
        none=chosen[0] if mtd else 0.0,
        at_mtd=treated[mtd] / total if mtd else 0.0,
        above=sum(treated[mtd + 1 :]) / total,
        dlts=sum(counts.dlts) / total,
        participants=counts.total_patients,
        days=result.duration.mean if result.duration else None,
    )


def average(verdicts: Sequence[Verdict]) -> Verdict:
    """Average over several curves.

    Source: arithmetic.
    """
    number = len(verdicts)
    days = [each.days for each in verdicts if each.days is not None]
    return Verdict(
        sum(each.correct for each in verdicts) / number,
        sum(each.too_low for each in verdicts) / number,
        sum(each.too_high for each in verdicts) / number,
        sum(each.none for each in verdicts) / number,
        sum(each.at_mtd for each in verdicts) / number,
        sum(each.above for each in verdicts) / number,
        sum(each.dlts for each in verdicts) / number,
        sum(each.participants for each in verdicts) / number,
        sum(days) / len(days) if days else None,
    )


def _one(name: str, options: Options, truths: Sequence[tuple[float, ...]], calendar: Calendar | None) -> Compared:
    """Give one design over all curves."""
    timed = find(name).kind is Kind.TIME
    plan = calendar or (Calendar(Conduct(), 1_000) if timed else None)
    drawn = [_simulated(name, options, truth, plan) for truth in truths] if plan else []
    if timed:
        return Compared(name, options, tuple(drawn))
    planned = build(name, options)
    try:
        ends = every_end(planned)
    except InvalidInput:  # too many states: the simulated figures stand, where there are any
        if not drawn:
            raise
        return Compared(name, options, tuple(drawn))
    exact = characteristics(ends, truths)
    durations = [each.duration for each in drawn] or [None] * len(truths)
    return Compared(name, options, tuple(map(Result, exact, durations)))


def _simulated(name: str, options: Options, truth: tuple[float, ...], plan: Calendar) -> Result:
    """Simulate one design under one curve."""
    design = build_timed(name, options)
    found = simulate_calendar(design, Truth(truth, plan.responses), plan.conduct, plan.trials, plan.seed, plan.executor)
    return Result(found.counts, found.duration)
