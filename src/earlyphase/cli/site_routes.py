"""`earlyphase site routes`: every address of the site, and who may reach it."""

from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site


def command(
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """List every page and endpoint with who may reach it, and every record with the roles that may record it.

    The list is read from the code that guards each address; a test asks each of them as everybody.

    Example: earlyphase site routes --json
    """
    with open_site(database, data):
        from dataclasses import asdict  # noqa: PLC0415 - kept out of the start-up

        from earlyphase.web.operations.routes import acts, routes  # noqa: PLC0415 - needs the site

        found, table = routes(), acts()
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        answer = {"routes": [asdict(one) for one in found], "acts": table}
        print(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
        return
    for one in found:
        print(f"{one.reach:<22} {' '.join(one.methods) or 'any':<14} {one.path}")
    print()
    for record, roles in table.items():
        print(f"{record:<24} {', '.join(roles)}")
