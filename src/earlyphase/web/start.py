"""Starts Django with the settings of the environment."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

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


def prepare_tables() -> None:
    """Bring the tables of people, sessions and lock-outs up to date."""
    call_command("migrate", verbosity=0, interactive=False)


def application() -> Application:
    """Give the application that a WSGI server calls."""
    configure()
    return get_wsgi_application()
