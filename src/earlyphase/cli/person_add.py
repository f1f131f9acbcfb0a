"""`earlyphase person add`: a person who can log in, and a role in a study."""

import getpass
import os
import sys
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site
from earlyphase.faults import InvalidInput


def command(
    user: Annotated[str, typer.Argument(help="The user name. It is never used again for anybody else.")],
    name: Annotated[str, typer.Option(help="The full name: it is printed beside every signature.")],
    study: Annotated[str, typer.Option(help="The study whose team the person is on.")],
    role: Annotated[str, typer.Option(help="The role there: investigator, coordinator, committee …")],
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make a person who can log in, and put them on a study's team.

    The password is asked for, or read from EARLYPHASE_PASSWORD.

    Example: earlyphase person add ann.li --name "Ann Li" --study STUDY --role coordinator
    """
    password = chosen_password()
    with open_site(database, data):
        from earlyphase.web.people.team import add_to_team  # noqa: PLC0415 - needs the site

        add_to_team(user, name, password, study, role)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"user": user.lower(), "study": study, "role": role}).decode())
    else:
        print(f"{name} can log in as {user.lower()}: {role} of {study}.")


def chosen_password() -> str:
    """Ask for a new password twice, or read it from the environment.

    Raises:
        InvalidInput: the two differ, or there is nobody to ask.
    """
    if given := os.environ.get("EARLYPHASE_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise InvalidInput("EARLYPHASE_PASSWORD", None, "is not set, and nobody can be asked.", "Set it.")
    first = getpass.getpass("New password: ")
    if getpass.getpass("The same again: ") != first:
        raise InvalidInput("password", None, "is not the same twice.", "Try again.")
    return first
