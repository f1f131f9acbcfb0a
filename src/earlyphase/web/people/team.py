"""Makes people and puts them on a study's team."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from earlyphase.faults import InvalidInput
from earlyphase.study.roles import Role
from earlyphase.web.people.models import Person, StudyRole
from earlyphase.web.studies import site_studies

LONGEST_NAME = 60


def add_person(username: str, full_name: str, password: str) -> Person:
    """Make a person who can log in.

    Raises:
        InvalidInput: the user name is taken (by whomever, ever), or the password is weak.
    """
    if (
        not username.isascii()
        or not username.replace("-", "").replace(".", "").isalnum()
        or len(username) > LONGEST_NAME
    ):
        raise InvalidInput("user name", username, "is not made of letters, digits, dots and hyphens.")
    if not full_name.strip():
        raise InvalidInput("full name", full_name, "is empty: it is printed beside every signature.")
    try:
        validate_password(password, Person(username=username, full_name=full_name))
    except ValidationError as fault:
        raise InvalidInput("password", None, " ".join(fault.messages)) from None
    try:
        with transaction.atomic():
            return Person.objects.create_person(username, full_name.strip(), password)
    except IntegrityError:
        raise InvalidInput(
            "user name", username, "is taken; user names are never used again.", "Choose another."
        ) from None


def give_role(person: Person, study: str, role: str) -> StudyRole:
    """Put a person on a study's team, or change the role there.

    Raises:
        InvalidInput: there is no such study, or no such role.
    """
    if study not in site_studies():
        raise InvalidInput("study", study, "is not run here.", f"Studies are {', '.join(site_studies())}.")
    if role not in tuple(Role):
        raise InvalidInput("role", role, "is not a role.", f"Roles are {', '.join(Role)}.")
    found, _ = StudyRole.objects.update_or_create(person=person, study=study, defaults={"role": role})
    return found


def add_to_team(username: str, full_name: str, password: str, study: str, role: str) -> Person:
    """Make a person and put them on a study's team, both or neither.

    Raises:
        InvalidInput: as for `add_person` and `give_role`.
    """
    with transaction.atomic():
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
