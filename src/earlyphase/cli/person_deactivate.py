"""`earlyphase person deactivate`: somebody leaves; their sessions end at once."""

from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site


def command(
    user: Annotated[str, typer.Argument(help="The user name.")],
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Let a person do nothing more. Their sessions end at once; what they recorded and signed stays theirs.

    Example: earlyphase person deactivate ann.li
    """
    with open_site(database, data):
        from earlyphase.web.people.team import person_named  # noqa: PLC0415 - needs the site

        person_named(user).deactivate()
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"user": user.lower(), "active": False}).decode())
    else:
        print(f"{user.lower()} is deactivated; every session has ended.")
