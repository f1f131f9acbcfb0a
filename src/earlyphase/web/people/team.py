"""Makes people and puts them on a study's team: the grant is an entry of the study's journal."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.journal.payloads.payload import UNREADABLE
from earlyphase.study.commands import Command, Record
from earlyphase.study.desk import Author
from earlyphase.study.refusal import Refused
from earlyphase.study.roles import ADMINISTRATOR, Role
from earlyphase.study.team import role_of
from earlyphase.web.clock import moment_of
from earlyphase.web.people.accounts import namesakes
from earlyphase.web.people.models import SITE, Person
from earlyphase.web.studies import act, all_or_none, look, site_studies, studies_of

LONGEST_NAME = 60
LONGEST_FULL_NAME = 200

THE_SITE = Author("Administrator of the site", ADMINISTRATOR)
"""Who grants at the command line: how a team begins."""


def add_person(
    username: str, full_name: str, password: str, by: str = SITE, first_until: dt.datetime | None = None
) -> Person:
    """Make a person who can log in.

    Args:
        username: the user name.
        full_name: the printed name.
        password: the password.
        by: who adds the person.
        first_until: until when the password must be changed, where it is not the person's own.

    Raises:
        InvalidInput: the user name is taken (by whomever, ever), the printed name is somebody else's, or the password
            is weak.
    """
    user_name(username)
    printed_name(full_name)
    try:
        validate_password(password, Person(username=username, full_name=full_name))
    except ValidationError as fault:
        raise InvalidInput("password", None, " ".join(fault.messages)) from None
    try:
        with transaction.atomic():
            return Person.objects.create_person(username, full_name.strip(), password, by, first_until)
    except IntegrityError:
        raise InvalidInput(
            "user name", username, "is taken; user names are never used again.", "Choose another."
        ) from None


def user_name(username: str) -> None:
    """Refuse a user name that is none.

    Raises:
        InvalidInput: it is too long, or made of other characters.
    """
    plain = username.isascii() and username.replace("-", "").replace(".", "").isalnum()
    if not plain or not username[0].isalnum() or len(username) > LONGEST_NAME:
        raise InvalidInput("user name", username, "is not made of letters, digits, dots and hyphens.")


def printed_name(full_name: str) -> None:
    """Refuse a full name that cannot stand beside a signature.

    Raises:
        InvalidInput: it is empty, holds what is no text, or is the name of somebody else who can log in.
    """
    if not full_name.strip():
        raise InvalidInput("full name", full_name, "is empty: it is printed beside every signature.")
    unseen = any(unicodedata.category(one) == "Cf" for one in full_name)  # such as what turns the writing around
    if UNREADABLE.search(full_name) or unseen or len(full_name) > LONGEST_FULL_NAME:
        raise InvalidInput("full name", None, f"holds a character that is no text, or more than {LONGEST_FULL_NAME}.")
    if namesakes(full_name):
        raise InvalidInput(
            "full name",
            full_name,
            "is somebody else's already: signatures and reviews are told apart by it.",
            "Add what tells the two apart, such as the department.",
        )


def give_role(person: Person, study: str, role: str, at: dt.datetime | None = None) -> None:
    """Put a person on a study's team as who runs the site does it; a role that the person had there ends.

    Args:
        person: who.
        study: the study's name.
        role: the role.
        at: the moment of recording, in a simulation; elsewhere the clock decides.

    Raises:
        InvalidInput: there is no such study, or no such role, or the study refuses.
    """
    if study not in site_studies():
        raise InvalidInput("study", study, "is not run here.", f"Studies are {', '.join(site_studies())}.")
    if role not in tuple(Role):
        raise InvalidInput("role", role, "is not a role.", f"Roles are {', '.join(Role)}.")
    state = look(study).state
    day = (at or moment_of(state)).date()
    held = role_of(state, person.username, day)
    if held == role:
        return
    commands = [_granted(person, role, day, at)]
    if held is not None:
        commands.insert(0, _ended(person, f"Becomes {role}.", day, at))
    answer = act(study, commands, THE_SITE)
    if isinstance(answer, Refused):
        raise InvalidInput("role", role, f"cannot be given: {answer}")


def grant(person: Person, fields: dict[str, Any]) -> Record:
    """Give the command by which a person takes a role."""
    payload = {"person": person.username, "printed_name": person.full_name} | fields
    return Record(command=RoleGranted.record, payload=payload)


def end(username: str, fields: dict[str, Any]) -> Record:
    """Give the command by which a person's role ends."""
    return Record(command=RoleEnded.record, payload={"person": username} | fields)


def standing(person: Person) -> dict[str, Role]:
    """Give the role that a person has now in each study of the site."""
    states = {study: look(study).state for study in studies_of(person.username)}
    roles = {study: role_of(state, person.username, moment_of(state).date()) for study, state in states.items()}
    return {study: role for study, role in roles.items() if role is not None}


def leave(person: Person, authors: Mapping[str, Author], because: str, by: str = SITE) -> Refused | None:
    """Deactivate a person, and end their role in studies; all or nothing.

    Args:
        person: who leaves.
        authors: who ends the role, by the study.
        because: why.
        by: the user name of who deactivates the account.

    Returns:
        Why not, where a study refuses.
    """
    with all_or_none():
        for study, author in authors.items():
            day = moment_of(look(study).state).date()
            answer = act(study, [end(person.username, {"on": day.isoformat(), "because": because})], author)
            if isinstance(answer, Refused):
                transaction.set_rollback(True)
                return answer
        person.deactivate(by, because)
    return None


def add_to_team(username: str, full_name: str, password: str, study: str, role: str) -> Person:
    """Make a person and put them on a study's team, both or neither.

    Raises:
        InvalidInput: as for `add_person` and `give_role`.
    """
    with all_or_none():
        person = add_person(username, full_name, password)
        give_role(person, study, role)
    return person


def person_named(username: str) -> Person:
    """Find a person by the user name.

    Raises:
        InvalidInput: there is nobody of that name.
    """
    found = Person.objects.filter(username__iexact=username).first()
    if found is None:
        raise InvalidInput("user name", username, "is nobody's.")
    return found


def _granted(person: Person, role: str, day: dt.date, at: dt.datetime | None) -> Command:
    made = grant(person, {"role": role, "on": day.isoformat()})
    return made.model_copy(update={"recorded_at": at})


def _ended(person: Person, because: str, day: dt.date, at: dt.datetime | None) -> Command:
    made = end(person.username, {"on": day.isoformat(), "because": because})
    return made.model_copy(update={"recorded_at": at})
