"""Every statement of a protocol as a sentence, with how it is known: what reports print and checks list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from pydantic import BaseModel

from earlyphase.protocol.criteria import Criterion
from earlyphase.protocol.dlt import DltDefinition
from earlyphase.protocol.doses import Doses
from earlyphase.protocol.endpoints import Endpoint
from earlyphase.protocol.escalation import EscalationPlan, Evaluability, Expansion, Stagger, ThreePlusThreeRule
from earlyphase.protocol.model import Lymphodepletion, PlannedEnrolment, Protocol, StoppingRule
from earlyphase.protocol.reporting import Reporting
from earlyphase.protocol.schedule import Schedule
from earlyphase.protocol.stated import Basis, Stated
from earlyphase.protocol.terms import Comparison
from earlyphase.quantities import RoundingPolicy

_ROUNDING = {
    RoundingPolicy.UNROUNDED: "as it is converted, without rounding",
    RoundingPolicy.DECIMALS_OF_LIMIT: "after rounding, halves up, to the decimals with which the limit is written",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One item of a protocol that says how it is known."""

    place: str
    """Where it stands in the protocol: `escalation.stagger`, `criteria.I5`."""
    item: Stated

    @property
    def says(self) -> str:
        """What it says, as a sentence."""
        return in_words(self.item)


def statements(protocol: Protocol) -> tuple[Statement, ...]:
    """Give every statement of a protocol, in its order."""
    return tuple(_within(protocol, ""))


def assumptions(protocol: Protocol) -> tuple[Statement, ...]:
    """Give the statements that are assumed: every report prints them."""
    return tuple(one for one in statements(protocol) if one.item.basis is Basis.ASSUMED)


def _within(part: object, place: str) -> Iterator[Statement]:
    if isinstance(part, Stated):
        yield Statement(place, part)
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _within(getattr(part, name), f"{place}.{name}".lstrip("."))
    elif isinstance(part, tuple):
        for position, one in enumerate(cast("tuple[object, ...]", part), 1):
            own = getattr(one, "id", None)
            yield from _within(one, f"{place}.{own}" if own else f"{place}[{position}]")


def in_words(item: Stated) -> str:  # noqa: PLR0911 - one sentence for each kind of item
    """Say in a sentence what an item of a protocol says."""
    match item:
        case PlannedEnrolment():
            return f"{item.count} participants are planned."
        case Doses():
            levels = "; ".join(f"level {_level(one.level)}: {one.dose}" for one in item.levels)
            tolerance = f"{item.tolerance_percent:g}"
            return f"Doses ({item.of}): {levels}; start at level {_level(item.start)}; tolerance ± {tolerance} %."
        case ThreePlusThreeRule():
            return f"The dose is escalated by {item.rule}, variant {item.variant}."
        case EscalationPlan():
            return f"Cohorts of {item.cohort_size}, one dose level open at a time."
        case Expansion():
            return f"The recommended dose is given to further participants, up to {item.total} in all."
        case Criterion():
            return f"{item.kind.capitalize()} {item.id}: {item.as_interpreted}"
        case StoppingRule():
            return f"The study halts: {item.when}"
        case Endpoint():
            return _endpoint(item)
        case _:
            return _conduct(item)


def _conduct(item: Stated) -> str:  # noqa: PLR0911 - as above
    match item:
        case Stagger():
            return (
                f"The next participant waits {item.after_first_of_level} days after the first of a level, "
                f"{item.between_others} days after the others, {item.in_expansion} days in the expansion."
            )
        case Evaluability():
            least = f"{item.minimum_dose_percent:g}"
            reasons = ", ".join(sorted(item.replaced))
            return f"DLT-evaluable from {least} % of the assigned dose; replaced when {reasons}."
        case DltDefinition():
            clauses = " ".join(clause.says for clause in item.clauses)
            return f"DLT window {item.window_days} days; {item.reviewers} reviewers. {clauses}"
        case Lymphodepletion():
            return f"Lymphodepletion on days {item.first_day} to {item.last_day}: {'; '.join(item.agents)}."
        case Comparison():
            return f"A value is compared with a limit {_ROUNDING[item.rounding]}."
        case Schedule():
            visits = "; ".join(f"{one.name} (day {one.first} to {one.last})" for one in item.visits)
            return f"Visits, in days from {item.anchor}: {visits}."
        case Reporting():
            return f"Serious events are reported to: {', '.join(item.jurisdictions)}."
        case _:
            return f"{type(item).__name__}."


def _endpoint(item: Endpoint) -> str:
    counted = ", ".join(sorted(item.responses or item.events))
    by = f", by {item.by}" if item.by else ""
    compete = f"; competing: {', '.join(sorted(item.competing))}" if item.competing else ""
    return (
        f"{item.title} ({item.id}): {item.measure} of {counted} among {item.population}{by}, from {item.origin} "
        f"to day {item.horizon_days}{compete}; {item.confidence * 100:g} % interval {item.interval}."
    )


def _level(number: int) -> str:
    return str(number).replace("-", "−")
