"""Rules for adverse events: a term of its dictionary, a grade that the term has, one course at a time."""

from collections.abc import Iterator

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.study.dlt_proposals import graded
from earlyphase.study.refusal import Reason
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.toxicity.dictionary import carried, find_term, load_dictionary, require_grade
from earlyphase.toxicity.events import GradedEvent, overlaps
from earlyphase.toxicity.syndromes import is_syndrome

VERBATIM = "verbatim"
"""The dictionary of a term that is none: the investigator's own words."""


def adverse_event(study: Study, person: Participant, event: AdverseEvent) -> Iterator[Reason]:
    """An adverse event is graded on a scale that has its grades, in the order of its dates, once."""
    del study
    graded_by_dictionary = event.scale in carried()
    against = [*_term(person, event), *(_grades(person, event) if graded_by_dictionary else ())]
    yield from against or _course(person, event)


def _term(person: Participant, event: AdverseEvent) -> Iterator[Reason]:
    """A term is one of the dictionary that it is said to be of; the words of any other are taken as they are."""
    if event.dictionary not in carried() or is_syndrome(event.scale, event.term):
        return
    try:
        find_term(event.term, load_dictionary(*carried()[event.dictionary]))
    except InvalidInput as fault:
        other = f"For words that are no term, give {VERBATIM!r} as the dictionary."
        yield Reason("term", f"{person.id}: {_said(fault)}", remedy=f"{fault.remedy} {other}".strip())


def _grades(person: Participant, event: AdverseEvent) -> Iterator[Reason]:
    """A term has the grades that its dictionary gives it, also in the course of the event."""
    try:
        term = find_term(event.term, load_dictionary(*carried()[event.scale]))
    except InvalidInput:
        return  # no term of that dictionary: said already, or another dictionary's
    for grade in dict.fromkeys((event.grade, *(change.grade for change in event.course if change.grade))):
        try:
            require_grade(term, grade)
        except InvalidInput as fault:
            yield Reason("grade", f"{person.id}: {_said(fault)}", remedy=fault.remedy)


def _course(person: Participant, event: AdverseEvent) -> Iterator[Reason]:
    """The dates agree, and a syndrome has one course at a time."""
    try:
        new = graded(Fact(0, 0, "", "", event))
    except InvalidInput as fault:
        yield Reason("course", f"{person.id}: {_said(fault)}", remedy=fault.remedy)
        return
    if not is_syndrome(event.scale, event.term):
        return
    for fact in person.adverse_events:
        other = _graded(fact)
        if other is not None and overlaps((new, other)):
            yield _overlap(person, event, fact)


def _overlap(person: Participant, event: AdverseEvent, fact: Fact[AdverseEvent]) -> Reason:
    known = fact.payload
    until = f"until {known.resolved}" if known.resolved else "and is not resolved"
    return Reason(
        "overlap",
        f"{person.id}: {event.term} from {event.onset} overlaps the one of entry {fact.entry}, which runs from "
        f"{known.onset} {until}: a syndrome has one course at a time.",
        remedy=f"Correct entry {fact.entry} to hold the whole course (its changes of grade, or its end).",
    )


def _graded(fact: Fact[AdverseEvent]) -> GradedEvent | None:
    try:
        return graded(fact)
    except InvalidInput:
        return None  # what cannot be read overlaps nothing; a remark on the DLT proposal says so


def _said(fault: InvalidInput) -> str:
    value = "" if fault.value is None else f" {fault.value!r}" if isinstance(fault.value, str) else f" {fault.value}"
    return f"{fault.place}{value} {fault.rule}"
