"""What a user can say about a design, in one place: the command line and the catalogue read it from here."""

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from earlyphase.faults import InvalidInput

Value = TypeVar("Value")


def _said(text: str) -> Any:  # noqa: ANN401 - a dataclass field stands for a value of its own type
    """Declare an option with its help; None (or False) where the user did not give it."""
    return field(default=None, metadata={"help": text})


def _flag(text: str) -> bool:
    """Declare a flag with its help."""
    return field(default=False, metadata={"help": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Every option of every design; each design says which it takes (see `catalogue`).

    A field `max_n` is the option `--max-n`; a tuple of numbers is written with commas.
    """

    doses: int | None = _said("Number of dose levels.")
    variant: str | None = _said("Which 3+3: lowest_stop, expand_below or six_at_mtd.")
    start: int | None = _said("Dose of the first cohort, counted from 1.")
    target: float | None = _said("Target DLT probability.")
    cohort_size: tuple[int, ...] | None = _said(
        "Participants in a cohort; several numbers where it changes, as in 1,1,3."
    )
    cohorts: int | None = _said("Number of cohorts at most.")
    max_n: int | None = _said("Participants at most; by default cohorts × cohort size.")
    stop_at: int | None = _said("End once this many were treated at a dose and the design would stay there.")
    cutoff: float | None = _said("Eliminate a dose once P(DLT rate > target) exceeds this; 0.95 where not given.")
    extrasafe: bool = _flag("BOIN: the stricter rule for ending at the lowest dose.")
    bound_mtd: bool = _flag("BOIN: the MTD's estimate must lie below the de-escalation boundary.")
    titration: bool = _flag("One participant a dose until the first DLT.")
    margin: tuple[float, ...] | None = _said("Equivalence margins below and above the target, as in 0.05,0.05.")
    under: float | None = _said("BOIN: highest DLT probability that is clearly too low; 0.6 × target where not given.")
    over: float | None = _said("BOIN: lowest DLT probability that is clearly too high; 1.4 × target where not given.")
    table: str | None = _said("Decision table, a CSV file with columns n, dlts, decision.")
    never_skip: bool = _flag("Go up by one dose at most.")
    skeleton: tuple[float, ...] | None = _said("CRM: prior DLT probability of each dose, as in 0.05,0.12,0.25.")
    prior_mtd: int | None = _said("CRM, instead of a skeleton: the dose that is thought to be the MTD.")
    halfwidth: float | None = _said("CRM, with --prior-mtd: half-width of the indifference interval; 0.05.")
    model: str | None = _said("CRM: empiric (the default) or logistic.")
    method: str | None = _said("CRM: bayes (the default) or mle.")
    prior_sd: float | None = _said("CRM: standard deviation of the parameter's prior; the square root of 1.34.")
    amounts: tuple[float, ...] | None = _said("BLRM: how much each dose is, in any unit, as in 0.5,1,2.")
    reference: float | None = _said("BLRM: the amount at which the odds of a DLT are alpha.")
    prior: tuple[float, ...] | None = _said(
        "BLRM: mean and standard deviation of log alpha, then of log beta, then their correlation; -0.69,2,0,1,0."
    )
    interval: tuple[float, ...] | None = _said("BLRM: target interval of DLT probabilities; 0.16,0.33.")
    overdose: float | None = _said("BLRM: chance of lying above the interval that a dose may not reach; 0.25.")
    scheme: str | None = _said("TITE-CRM: how the pending weigh, linear (the default) or adaptive.")
    cap: int | None = _said("BF-BOIN: participants at which a dose is closed for backfill; 12.")
    efficacy: float | None = _said("BOIN12: lowest acceptable response probability; 0.25.")
    utility: tuple[float, ...] | None = _said(
        "BOIN12: points of neither response nor DLT, and of both, which add up to 100; 40,60."
    )
    may_skip: bool = _flag("CRM, BLRM: doses may be skipped on the way up.")


def needed(value: Value | None, place: str, remedy: str) -> Value:
    """Insist on an option.

    Raises:
        InvalidInput: it was not given.

    Source: the design's own definition, named by who asks.
    """
    if value is None:
        raise InvalidInput(place, None, "is missing.", remedy)
    return value


def given(options: Options) -> set[str]:
    """Name the options that the user gave.

    Source: bookkeeping.
    """
    return {entry.name for entry in fields(options) if getattr(options, entry.name) not in (None, False)}
