"""A site for tests: one embedded database a session, a study of its own for each test, a person for each role."""

import datetime as dt
import itertools
import json
import tempfile
from pathlib import Path

import pytest
from tests.builders import DAY_ONE, Site, a_protocol, day, three_treated
from tests.web.browsing import chromium, open_page, server  # noqa: F401 - fixtures

from earlyphase.journal.entry import Entry
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.store.server import database
from earlyphase.study.desk import Desk
from earlyphase.study.roles import ADMINISTRATOR, Role

PASSWORD = "correct horse battery"  # a test's
SECRET = "only-for-tests-" * 5
NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def django():
    """Start Django on an embedded database, in a folder that no other run of the tests closes to the server's user."""
    from django.conf import settings
    from django.db import connections

    from earlyphase.web.start import configure, prepare_tables

    with (
        tempfile.TemporaryDirectory(prefix="earlyphase-web-") as folder,
        database(None, Path(folder) / "pg") as address,
    ):
        configure({"DATABASE_URL": address, "EARLYPHASE_SECRET_KEY": SECRET, "EARLYPHASE_DEBUG": "1"})
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        prepare_tables()
        with connections["owner"].cursor() as cursor:
            cursor.execute("alter system set fsync = off")  # it is thrown away: nothing waits for the disk
            cursor.execute("select pg_reload_conf()")
        yield settings
        connections.close_all()


@pytest.fixture(scope="session")
def registered(django):
    """Import the record of the study that comes with the package."""
    from earlyphase.store.records_import import import_records
    from earlyphase.store.records_source import Given

    base, path = django.DATABASES["default"], study_folder("NCT06633354") / "record.json"
    address = f"postgresql://{base['USER']}@/{base['NAME']}?host={base['HOST']}"
    import_records(address, [Given(str(path), path.read_bytes())], dt.datetime(2026, 5, 4, tzinfo=dt.UTC))


@pytest.fixture
def own_database(django):
    """Give the address of an empty database beside the one of the other tests."""
    from django.db import connections

    name = f"own{next(NUMBERS)}"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"create database {name}")
    host = django.DATABASES["default"]["HOST"]
    return f"postgresql://postgres:@/{name}?host={host}"


@pytest.fixture(scope="session")
def people(django):
    """Make a person for each role, and one who is on no team."""
    from earlyphase.web.people.team import add_person

    return {name: add_person(name, f"The {name.title()}", PASSWORD) for name in (*Role, "stranger")}


class WebStudy:
    """A study of a site, its team, and what they see in their browsers."""

    def __init__(self, name, protocols, people):
        self.name = name
        self.people = people
        self.before = Site(next(iter(protocols.values())).protocol, active=False)
        self.before.protocols = protocols
        self.before.desk = Desk(self.before.journal, protocols)
        for role in Role:
            self._joins(role)
        self.before.activate()

    def _joins(self, role):
        fields = {"person": role.value, "printed_name": self.people[role].full_name, "role": role.value}
        answer = self.before.says("role_granted", ADMINISTRATOR, on=DAY_ONE, **fields)
        assert isinstance(answer, Entry), answer

    def opens(self):
        """Put what has happened so far into the database."""
        from earlyphase.journal.entry import EMPTY, seal
        from earlyphase.simulation.writing import draft_of
        from earlyphase.web.studies import journal_of

        head, lines = EMPTY, b""
        for entry in self.before.journal.read():
            sealed, line = seal(self.name, head, draft_of(entry))
            head, lines = sealed.head, lines + line + b"\n"
        journal_of(self.name).adopt(lines)
        return self

    def browser(self, role):
        """Give a browser in which a person of a role is logged in."""
        from django.test import Client

        client = Client(SERVER_NAME="localhost")
        client.force_login(self.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def path(self, rest=""):
        return f"/studies/{self.name}/{rest}"

    def sees(self, role, rest=""):
        return self.browser(role).get(self.path(rest))

    def types(self, role, rest, /, **fields):
        return self.browser(role).post(self.path(rest), fields)

    def entries(self):
        """Give the entries of the course: all but the delegation log, which the journal begins with."""
        return tuple(entry for entry in self.journal() if not entry.record.startswith("role_"))

    def journal(self):
        """Give all entries."""
        from earlyphase.web.studies import journal_of

        return journal_of(self.name).read()

    def number(self, place):
        """Give the number in the journal of an entry of the course: its first is the activation."""
        return self.entries()[place - 1].seq


@pytest.fixture
def a_study(django, people, tmp_path, monkeypatch):
    """Give a function that makes a study which only this test knows; nobody is locked out."""
    from axes.utils import reset

    from earlyphase.web import studies

    reset()
    folders = []

    def make(**changes):
        name = f"S{next(NUMBERS)}"
        folder = tmp_path / name
        folder.mkdir()
        content = a_protocol(study=name, **changes).model_dump(mode="json", exclude_none=True, by_alias=True)
        (folder / "protocol.yaml").write_text(json.dumps(content), "utf-8")
        folders.append(str(folder))
        monkeypatch.setattr(django, "EARLYPHASE_STUDIES", tuple(folders))
        studies.site_protocols.cache_clear()
        return WebStudy(name, read_protocols(folder), people)

    yield make
    studies.site_protocols.cache_clear()


@pytest.fixture
def study(a_study):
    """Give a study that has been activated and has no participants."""
    return a_study().opens()


@pytest.fixture
def begun(a_study):
    """Give a study of which one participant has consented."""
    study = a_study()
    study.before.consents("001", day(1))
    return study.opens()


@pytest.fixture
def due(a_study):
    """A study in which three were followed without a DLT, so that the decision is due."""
    study = a_study()
    infusions = three_treated(study.before)
    for number, infusion in zip(("001", "002", "003"), infusions, strict=True):
        study.before.finds(number, day(max(infusion, infusions[-1]) + 29))
    return study.opens()


@pytest.fixture
def busy(a_study):
    """Give a study in which one was followed, one had a DLT, one is in the window and one is being screened."""
    study = a_study()
    study.before.consents("009", day(20))
    infusions = three_treated(study.before)
    study.before.finds("001", day(infusions[0] + 29))
    study.before.finds_dlt("002", day(infusions[1] + 3))
    return study.opens()
