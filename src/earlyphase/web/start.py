"""Starts Django with the settings of the environment."""

import gc
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from earlyphase.web.settings import settings_from

Application = Callable[..., Any]


def configure(environment: Mapping[str, str] | None = None) -> None:
    """Give Django its settings, once in a process.

    Raises:
        InvalidInput: a setting is missing, malformed or unsafe.
    """
    if not settings.configured:
        settings.configure(**settings_from(os.environ if environment is None else environment))
    django.setup()


OWNER = "owner"
"""The connection that may change tables; requests never use it."""

RIGHTS = {
    "people_accountentry": "select, insert",
    "identity_access": "select, insert",
    "identity_identity": "insert, select (id, at)",
}
"""What the application may do with the tables to which it only adds. An identity is read through a function that
writes down who reads."""

ELSE = "select, insert, update, delete"


def prepare_tables() -> None:
    """Bring the tables of people, sessions and lock-outs up to date, and say what the application may do with each.

    Processes that start together do it one after the other.
    """
    owner = connections[OWNER]
    with owner.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('earlyphase tables'))")  # until the connection is closed
    if _behind(owner):
        call_command("migrate", database=OWNER, verbosity=0, interactive=False)
    with owner.cursor() as cursor:
        cursor.execute("select pg_has_role('earlyphase_app', 'member')")
        if not cursor.fetchone()[0]:
            cursor.execute("grant earlyphase_app to current_user")
        for table in owner.introspection.django_table_names(only_existing=True):
            cursor.execute(f"grant {RIGHTS.get(table, ELSE)} on {owner.ops.quote_name(table)} to earlyphase_app")
        cursor.execute("grant select on django_migrations, schema_step to earlyphase_app")
        cursor.execute("grant usage on all sequences in schema public to earlyphase_app")
    owner.close()


def _behind(owner: BaseDatabaseWrapper) -> bool:
    """Tell whether a step is still to be taken; asking is quicker than taking none."""
    steps = MigrationExecutor(owner)
    return bool(steps.migration_plan(steps.loader.graph.leaf_nodes()))


COLLECTED = 100_000, 20, 20
"""How many new objects the collector of cycles waits for. A study is hundreds of thousands that stay: to look through
all of them every few hundred takes as long as reading the study."""


def application() -> Application:
    """Give the application that a WSGI server calls."""
    configure()
    gc.set_threshold(*COLLECTED)
    logging.captureWarnings(capture=True)  # a warning can quote a value: it is logged without its words, as all else is
    return get_wsgi_application()
