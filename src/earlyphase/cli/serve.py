"""`earlyphase serve`: the web application, with a database of its own where none is named."""

from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.demonstration_site import DEMO_PASSWORD, THIS_MACHINE, demonstration_site, serve_site
from earlyphase.cli.site import open_site
from earlyphase.faults import InvalidInput


def command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8000,
    address: Annotated[str, typer.Option(help="The address of this machine to listen at.")] = THIS_MACHINE,
    demo: Annotated[bool, typer.Option("--demo", help="A simulated study and a person for each role.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="With --demo: another seed gives another course.")] = 6,
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say where it is as JSON.")] = False,
) -> None:
    """Serve the web application until it is stopped (Ctrl-C).

    With --demo everything lies in a folder that is thrown away at the end, and no site has to be set up.

    Example: earlyphase serve --demo --port 8000
    """
    if demo and database:
        raise InvalidInput("--demo", None, "takes no --database: it brings one and throws it away.")
    with demonstration_site(seed) if demo else open_site(database, data) as environment:
        _tell(f"http://{'localhost' if address == THIS_MACHINE else address}:{port}/", demo=demo, as_json=as_json)
        serve_site(address, port, environment)


def _tell(where: str, *, demo: bool, as_json: bool) -> None:
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"address": where, "demonstration": demo}).decode(), flush=True)
        return
    if demo:
        print(f"Demonstration: virtual participants only. Log in as coordinator, password: {DEMO_PASSWORD}")
    print(f"Serving at {where}  (Ctrl-C stops it)", flush=True)
