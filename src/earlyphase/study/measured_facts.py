"""Laboratory values, vital signs and marrow examinations of the journal, as facts that criteria ask for."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from earlyphase.dates import PartialDate
from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import STAGES, CriteriaSet
from earlyphase.eligibility.facts import Amount, Fact
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.journal.payloads.observations import Laboratory, Marrow, VitalSigns
from earlyphase.journal.payloads.payload import Payload
from earlyphase.protocol.criteria import Stage
from earlyphase.quantities import Quantity
from earlyphase.study.state import Fact as Recorded
from earlyphase.study.state import Participant

M = TypeVar("M", bound=Payload)

MARROW_BLASTS = "marrow blasts"
"""The name by which a term says that marrow examinations give it."""

METHODS = {"morphology": "morphology", "flow cytometry": "flow"}
"""The methods of a marrow examination, as criteria call them."""


class _Measured(NamedTuple):
    name: str
    on: dt.date
    entry: int
    value: Quantity
    lower: Quantity | None = None
    upper: Quantity | None = None
    method: str | None = None
    specimen: str | None = None


def measured_facts(participant: Participant, criteria: CriteriaSet, on: dt.date) -> Iterator[Fact]:
    """Give what was measured up to a day, each with the entry that says so.

    After the enrolment only what a criterion of a later stage asks for counts: a criterion of screening is held against
    screening, and the routine values of a treated participant do not reopen it.

    Args:
        participant: the participant.
        criteria: the criteria in force.
        on: the day on which eligibility is asked.
    """
    terms, late = _by_name(criteria.known), _asked_late(criteria)
    enrolled = participant.enrolment.on if participant.enrolment else on
    for one in _measured(participant, on if late & {*terms.values()} else min(on, enrolled)):
        term = terms.get(one.name.casefold())
        if term is not None and one.on <= on and (one.on <= enrolled or term in late):
            yield _fact(term, one)


def _by_name(known: Vocabulary) -> Mapping[str, str]:
    return {name.casefold(): term for term, one in known.items() for name in (term, *one.recorded_as)}


def _asked_late(criteria: CriteriaSet) -> frozenset[str]:
    """Give the terms of criteria that are due after the enrolment."""
    late = STAGES[STAGES.index(Stage.ENROLMENT) + 1 :]
    nodes = [rule.node for rule in criteria.rules if rule.node and rule.criterion.stage in late]
    asked = [leaf for node in nodes for leaf in n.leaves(node)]
    return frozenset(subject.term for leaf in asked if (subject := n.subject_of(leaf)) is not None)


def _measured(participant: Participant, until: dt.date) -> Iterator[_Measured]:
    for fact in _up_to(until, participant.all(Laboratory)):
        for one in fact.payload.results:
            limits = one.lower_limit, one.upper_limit
            yield _Measured(one.analyte, fact.payload.on, fact.latest, one.value, *limits)
    for fact in _up_to(until, participant.all(VitalSigns)):
        for one in fact.payload.signs:
            yield _Measured(one.sign, fact.payload.on, fact.latest, one.value)
    for fact in _up_to(until, participant.all(Marrow)):
        method = METHODS[fact.payload.method]
        yield _Measured(
            MARROW_BLASTS, fact.payload.on, fact.latest, fact.payload.blasts, method=method, specimen="marrow"
        )


def _up_to(until: dt.date, facts: Iterable[Recorded[M]]) -> Iterator[Recorded[M]]:
    return (fact for fact in facts if (fact.written_on or until) <= until)


def _fact(term: str, one: _Measured) -> Fact:
    return Fact(
        term=term,
        value=_amount(one.value),
        on=PartialDate(one.on.year, one.on.month, one.on.day),
        lower_limit=_amount(one.lower),
        upper_limit=_amount(one.upper),
        method=one.method,
        specimen=one.specimen,
        source=f"entry {one.entry}",
    )


def _amount(quantity: Quantity | None) -> Amount | None:
    return Amount(value=quantity.value, unit=quantity.unit) if quantity else None
