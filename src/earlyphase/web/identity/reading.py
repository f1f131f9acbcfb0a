"""The only ways to an identity: each needs a reason, and each is written down."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.payload import UNREADABLE
from earlyphase.web.identity.models import Access, Identity
from earlyphase.web.people.models import Person

LENGTHS = {"name": 200, "contact": 500, "birth_date": 10, "hospital_number": 60, "reason": 500}
"""Characters that a field has room for."""

EARLIEST_BIRTH = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Whose:
    """A participant of a study."""

    study: str
    participant: str


def read_identity(whose: Whose, person: Person, reason: str) -> tuple[Identity, ...]:
    """Give who a participant is, with all that was written down before, oldest first; the look is written down."""
    asked = (whose.study, whose.participant, person.username, person.full_name, reason)
    return tuple(Identity.objects.raw("select * from identity_read(%s, %s, %s, %s, %s)", asked))


def write_identity(whose: Whose, person: Person, fields: Mapping[str, str], today: dt.date) -> dict[str, str]:
    """Write down who a participant is; what was written before stays.

    Returns:
        What is wrong, by field; nothing where it was written.
    """
    wrong = faults_in(fields, today)
    if not wrong:
        Identity.objects.create(
            study=whose.study,
            participant=whose.participant,
            name=fields["name"],
            contact=fields["contact"],
            birth_date=dt.date.fromisoformat(fields["birth_date"]) if fields["birth_date"] else None,
            hospital_number=fields["hospital_number"],
            username=person.username,
            full_name=person.full_name,
            reason=fields["reason"],
        )
    return wrong


def faults_in(fields: Mapping[str, str], today: dt.date) -> dict[str, str]:
    """Find what is wrong with an identity as it was typed, by field."""
    wrong = {name: "is missing." for name in ("name", "reason") if not fields[name]}
    for name, longest in LENGTHS.items():
        if UNREADABLE.search(fields[name]):
            wrong[name] = "holds a character that is no text (a control character, or another encoding than UTF-8)."
        elif len(fields[name]) > longest:
            wrong[name] = f"has more than {longest} characters."
    if fields["birth_date"] and "birth_date" not in wrong:
        try:
            _birth_date(fields["birth_date"], today)
        except InvalidInput as fault:
            wrong["birth_date"] = fault.rule
    return wrong


def access_log(study: str) -> tuple[Access, ...]:
    """Give who looked at the identities of a study or changed them, the latest first."""
    return tuple(Access.objects.filter(study=study).order_by("-id")[:1000])


def _birth_date(text: str, today: dt.date) -> None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("birth_date", text, "is not a date such as 1988-06-02.") from None
    if not EARLIEST_BIRTH <= day <= today:
        raise InvalidInput("birth_date", text, f"is not between {EARLIEST_BIRTH} and today.")
