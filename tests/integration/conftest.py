"""The embedded PostgreSQL: one server for a whole run of the tests, and a database of its own for who needs one."""

import json
import re
import tempfile
from pathlib import Path

import psycopg
import pytest

from earlyphase.cli.main import run
from earlyphase.store.server import database, prepare


@pytest.fixture(scope="session")
def server_folder():
    """Give a folder that the server can reach where it runs as another user: pytest closes its own at every start."""
    with tempfile.TemporaryDirectory(prefix="earlyphase-pg-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def address(server_folder):
    """Give the address of a real PostgreSQL with the schema of the project."""
    with database(None, server_folder / "shared") as found:
        yield found


@pytest.fixture(scope="module")
def records_address(address, request):
    """Give the address of an empty database that only one module of tests uses."""
    name = re.sub(r"\W", "_", request.module.__name__.rpartition(".")[2]).lower()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    made = address.replace("/postgres?", f"/{name}?")
    prepare(made)
    return made


@pytest.fixture
def design(capsys):
    """Give a function that types `earlyphase design …`: exit code, output, errors."""

    def typed(*arguments):
        with pytest.raises(SystemExit) as left:
            run(["design", *arguments])
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return typed


@pytest.fixture
def answer(design):
    """Give a function that types `earlyphase design … --json` and reads the answer."""

    def typed(*arguments):
        code, out, err = design(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    return typed
