"""Fills an empty site with a simulated study, stopped in the middle of its course, and a person for each role."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.test import Client

from earlyphase.journal.entry import EMPTY, Entry, seal
from earlyphase.simulation.writing import draft_of
from earlyphase.study.roles import Role
from earlyphase.web.clock import A_MOMENT, now
from earlyphase.web.people.models import Person
from earlyphase.web.people.team import add_person, give_role
from earlyphase.web.studies import journal_of, look

NAMES = {
    Role.INVESTIGATOR: "Ines Vestigator",
    Role.COORDINATOR: "Cora Dinator",
    Role.COMMITTEE: "Commi Tee",
    Role.STATISTICIAN: "Stat Istician",
    Role.SPONSOR: "Spon Sor",
    Role.MONITOR: "Moni Tor",
}
"""Names that nobody has."""


OK = 200


def fill(study: str, entries: tuple[Entry, ...], password: str) -> None:
    """Put a journal and its people into a site; what is there already is left as it is."""
    if journal_of(study).head() == EMPTY:
        journal_of(study).adopt(b"".join(_lines(study, entries)))
    for role, name in NAMES.items():
        found = Person.objects.filter(username=role.value).first()
        give_role(found or add_person(role.value, name, password), study, role.value, _after(study))


def board_answers(study: str, password: str) -> bool:
    """Ask for the board of a study as its coordinator, without a server."""
    logging.disable(logging.WARNING)  # the question is the program's own
    try:
        client = Client(SERVER_NAME="localhost")
        client.post("/account/log-in/", {"login": Role.COORDINATOR.value, "password": password})
        answer = client.get(f"/studies/{study}/")
    finally:
        logging.disable(logging.NOTSET)
    return answer.status_code == OK and study in answer.content.decode()


def _after(study: str) -> dt.datetime:
    """Give a moment just after the last entry, so that the team does not move the study's own time."""
    recorded = look(study).state.recorded_until
    return (dt.datetime.fromisoformat(recorded) if recorded else now()) + A_MOMENT


def _lines(study: str, entries: tuple[Entry, ...]) -> Iterator[bytes]:
    head = EMPTY
    for entry in entries:
        sealed, line = seal(study, head, draft_of(entry))
        head = sealed.head
        yield line + b"\n"
