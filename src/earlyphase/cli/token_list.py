"""`earlyphase token list`: every token, whose it is, and whether it works."""

import datetime as dt
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site


def command(
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """List every token that was ever made: number, purpose, person, study, end. The tokens themselves nobody can list.

    Example: earlyphase token list
    """
    with open_site(database, data):
        from earlyphase.web.api.tokens import tokens  # noqa: PLC0415 - needs the site

        found = list(tokens(dt.datetime.now(dt.UTC)))  # noqa: TID251 - the command line reads the clock
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"tokens": found}, option=orjson.OPT_INDENT_2).decode())
        return
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("number", "state", "user", "study", "expires", "name"):
        table.add_column(heading)
    for one in found:
        table.add_row(*(str(one[heading]) for heading in ("number", "state", "user", "study", "expires", "name")))
    Console(highlight=False).print(table if found else "There are no tokens.")
