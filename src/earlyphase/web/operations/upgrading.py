"""Brings Django's tables to the state that a backup was made in."""

from collections.abc import Sequence

from django.core.management import call_command

from earlyphase.faults import InvalidInput
from earlyphase.web.operations.probes import known_steps
from earlyphase.web.start import OWNER


def require_known(migrations: Sequence[tuple[str, str]]) -> None:
    """Refuse a backup of a later version, before anything is done with it.

    Raises:
        InvalidInput: one of the steps that were taken when it was made is not known.
    """
    known = known_steps()
    if unknown := next((step for step in migrations if step not in known), None):
        rule = "is a step of the tables that this version does not know."
        raise InvalidInput("backup", "/".join(unknown), rule, "Restore with the version that wrote it, or a later one.")


def migrate_to(migrations: Sequence[tuple[str, str]]) -> None:
    """Take the steps that were taken when a backup was made, and no later ones."""
    last = dict(migrations)  # the later step of an application takes the place of the earlier one
    for app, name in last.items():
        call_command("migrate", app, name, database=OWNER, verbosity=0, interactive=False)
