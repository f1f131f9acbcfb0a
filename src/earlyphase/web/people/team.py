"""Makes people and puts them on a study's team: the grant is an entry of the study's journal."""

import datetime as dt
from collections.abc import Sequence
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
from earlyphase.web.people.models import SITE, Person
from earlyphase.web.studies import act, all_or_none, look, site_studies

LONGEST_NAME = 60
LONGEST_FULL_NAME = 200

THE_SITE = Author("Administrator of the site", ADMINISTRATOR)
"""Who grants at the command line: how a team begins."""


def add_person(username: str, full_name: str, password: str, by: str = SITE) -> Person:
    """Make a person who can log in.

    Raises:
        InvalidInput: the user name is taken (by whomever, ever), or the password is weak.
    """
    if (
        not username.isascii()
        or not username.replace("-", "").replace(".", "").isalnum()
        or not username[0].isalnum()
        or len(username) > LONGEST_NAME
    ):
        raise InvalidInput("user name", username, "is not made of letters, digits, dots and hyphens.")
    if not full_name.strip():
        raise InvalidInput("full name", full_name, "is empty: it is printed beside every signature.")
    if UNREADABLE.search(full_name) or len(full_name) > LONGEST_FULL_NAME:
        raise InvalidInput("full name", None, f"holds a character that is no text, or more than {LONGEST_FULL_NAME}.")
    try:
        validate_password(password, Person(username=username, full_name=full_name))
    except ValidationError as fault:
        raise InvalidInput("password", None, " ".join(fault.messages)) from None
    try:
        with transaction.atomic():
            return Person.objects.create_person(username, full_name.strip(), password, by)
    except IntegrityError:
        raise InvalidInput(
            "user name", username, "is taken; user names are never used again.", "Choose another."
        ) from None


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


def leave(person: Person, studies: Sequence[str], because: str, by: Author) -> Refused | None:
    """Deactivate a person, and end their role in studies; all or nothing.

    Returns:
        Why not, where a study refuses.
    """
    with all_or_none():
        for study in studies:
            state = look(study).state
            day = moment_of(state).date()
            if role_of(state, person.username, day) is not None:
                answer = act(study, [end(person.username, {"on": day.isoformat(), "because": because})], by)
                if isinstance(answer, Refused):
                    transaction.set_rollback(True)
                    return answer
        person.deactivate(by.user or SITE)
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
