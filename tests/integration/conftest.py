"""The embedded PostgreSQL: one server for a whole run of the tests, and a database of its own for who needs one."""

import re

import psycopg
import pytest

from earlyphase.store.server import database, prepare


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Give the address of a real PostgreSQL with the schema of the project."""
    with database(None, tmp_path_factory.mktemp("pg")) as found:
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
