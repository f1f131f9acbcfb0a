"""`earlyphase token revoke`: a token opens nothing any more, at once."""

import datetime as dt
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site


def command(
    number: Annotated[int, typer.Argument(help="The token's number: `earlyphase token list` names it.")],
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """End a token at once and for good. What was recorded with it stays.

    Example: earlyphase token revoke 3
    """
    with open_site(database, data):
        from earlyphase.web.api.tokens import revoke  # noqa: PLC0415 - needs the site

        ended = revoke(number, dt.datetime.now(dt.UTC))  # noqa: TID251 - the command line reads the clock
        name = str(ended)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"number": number, "state": "revoked"}).decode())
    else:
        print(f"Token {number} ({name}) opens nothing any more.")
