"""The order of a participant's course: what cannot have happened before what. Holds for every record and correction."""

import datetime as dt
from collections.abc import Iterator

from earlyphase.journal.payloads.checking import Query, QueryAnswer, QueryClosed, SourceVerified
from earlyphase.journal.payloads.entering import Consent, EligibilityConfirmed, Enrolment, ScreenFailure
from earlyphase.journal.payloads.leaving import Relapse, Transplant
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import AdverseEvent, Death, DltAdjudication, DltReview, SafetyReport
from earlyphase.journal.payloads.treatment import (
    Infusion,
    Leukapheresis,
    Lymphodepletion,
    ProductFailed,
    ProductReleased,
)
from earlyphase.study.refusal import Reason
from earlyphase.study.state import Participant

SPEAKS: dict[type[Payload], str] = {
    Consent: "consent",
    EligibilityConfirmed: "the confirmation of eligibility",
    Enrolment: "enrolment",
    Leukapheresis: "leukapheresis",
    ProductReleased: "the release of the product",
    ProductFailed: "the failure of the product",
    Lymphodepletion: "lymphodepletion",
    Infusion: "the infusion",
    ScreenFailure: "the screen failure",
    Relapse: "relapse or progression",
    Transplant: "transplant",
    Death: "death",
    DltReview: "the DLT review",
    DltAdjudication: "the DLT adjudication",
    Query: "the query",
    QueryAnswer: "the answer to the query",
    QueryClosed: "the closing of the query",
    SourceVerified: "the verification against the source",
}
"""How a record is spoken of in a sentence."""

ORDER: tuple[tuple[type[Payload], type[Payload]], ...] = (
    (Consent, EligibilityConfirmed),
    (Consent, Enrolment),
    (Enrolment, Leukapheresis),
    (Leukapheresis, ProductReleased),
    (Leukapheresis, ProductFailed),
    (Enrolment, Lymphodepletion),
    (ProductReleased, Infusion),
    (Enrolment, Infusion),
    (Infusion, DltAdjudication),
    (Infusion, DltReview),
)
"""What must have happened, and on what day at the latest, before what. "Not evaluable" needs no infusion."""

ONCE: tuple[type[Payload], ...] = (Consent, Enrolment, Infusion, Death, ScreenFailure, DltAdjudication)
"""What happens once; a second entry would hide the first, so it is a correction."""


AFTERWARDS: tuple[type[Payload], ...] = (
    DltAdjudication,
    DltReview,
    SafetyReport,
    Query,
    QueryAnswer,
    QueryClosed,
    SourceVerified,
)
"""What others do about a participant: it may come after death, and tells nothing of their being alive."""


def course_reasons(person: Participant) -> Iterator[Reason]:
    """Find everything in a participant's course that cannot be."""
    yield from _something_before_consent(person)
    yield from _out_of_order(person)
    yield from _more_than_once(person)
    yield from _after_death(person)
    yield from _lymphodepletion_backwards(person)
    yield from _conditioned_after_the_infusion(person)


def _conditioned_after_the_infusion(person: Participant) -> Iterator[Reason]:
    for infusion in person.every(Infusion):
        for given in person.every(Lymphodepletion):
            if given.on > infusion.on:
                what = f"the infusion is dated {infusion.on}, before the end of lymphodepletion on {given.on}"
                yield _order(person, what, Lymphodepletion)


def _out_of_order(person: Participant) -> Iterator[Reason]:
    for first, then in ORDER:
        for later in person.every(then):
            if isinstance(later, DltAdjudication | DltReview) and later.not_evaluable is not None:
                continue
            days = [day for day in (payload.clinical_date() for payload in person.every(first)) if day]
            on = later.clinical_date()
            if not days:
                yield _order(person, f"{spoken(first)} is not recorded, and {spoken(then)} needs it", first)
            elif on is not None and min(days) > on:
                yield _order(person, f"{spoken(then)} is dated {on}, before {spoken(first)} on {min(days)}", first)


def _order(person: Participant, what: str, first: type[Payload]) -> Reason:
    return Reason("order", f"{person.id}: {what}.", remedy=f"Record {spoken(first)} first, or correct the date.")


def _something_before_consent(person: Participant) -> Iterator[Reason]:
    if person.facts and person.consent is None:
        yield Reason("consent", f"{person.id} has given no consent.", remedy="Record the consent first.")


def _more_than_once(person: Participant) -> Iterator[Reason]:
    for kind in ONCE:
        if len(person.all(kind)) > 1:
            entry = person.all(kind)[0].entry
            yield Reason(
                "once",
                f"{person.id}: {spoken(kind)} is recorded already, as entry {entry}.",
                remedy=f"Correct entry {entry}, with a reason.",
            )


def _after_death(person: Participant) -> Iterator[Reason]:
    death = person.death
    if death is None:
        return
    for kind, facts in person.facts.items():
        if kind in AFTERWARDS or kind is Death:
            continue
        for fact in facts:
            on = fact.payload.clinical_date()
            if on is not None and on > death.on:
                yield Reason(
                    "after death",
                    f"{person.id}: {spoken(kind)} is dated {on}, after death on {death.on}.",
                    remedy="Correct the date, or the death.",
                )


def _lymphodepletion_backwards(person: Participant) -> Iterator[Reason]:
    for given in person.every(Lymphodepletion):
        if given.first_day > given.on:
            yield Reason(
                "order",
                f"{person.id}: lymphodepletion ends on {given.on}, before it begins on {given.first_day}.",
                remedy="Correct one of the dates.",
            )


def spoken(kind: type[Payload]) -> str:
    """Speak of a record in a sentence."""
    return SPEAKS.get(kind, kind.record.replace("_", " "))


def last_known_alive(person: Participant, until: dt.date | None = None) -> dt.date | None:
    """Find the last day on which the participant is known to have been alive, up to a cut-off.

    Visits, samples, assessments and treatments count; an adjudication or an onset that others report does not.
    """
    days = [
        day
        for kind, facts in person.facts.items()
        if kind not in (*AFTERWARDS, Death, AdverseEvent)
        for fact in facts
        if (day := _seen_on(fact.payload)) is not None and (until is None or day <= until)
    ]
    return max(days, default=None)


def _seen_on(payload: Payload) -> dt.date | None:
    contact = getattr(payload, "last_contact", None)
    return contact if contact is not None else payload.clinical_date()
