"""`earlyphase serve`: the web application, with a database of its own where none is named."""

import datetime as dt
import os
import secrets
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.database import DatabaseOption, DataOption
from earlyphase.cli.site import open_site
from earlyphase.faults import InvalidInput

DEMO_PASSWORD = "for demonstration only"  # noqa: S105 - it is printed on the log-in page, for virtual participants
BEFORE_A_DECISION = dt.timedelta(days=40)
"""How long before its third decision a simulated study is stopped: then there is something to see and to do."""


def command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8000,
    address: Annotated[str, typer.Option(help="The address of this machine to listen at.")] = "127.0.0.1",
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
    with _demonstration(seed) if demo else open_site(database, data) as environment:
        _tell(f"http://{'localhost' if address == '127.0.0.1' else address}:{port}/", demo=demo, as_json=as_json)
        _serve(address, port, environment)


@contextmanager
def _demonstration(seed: int) -> Generator[dict[str, str]]:
    """Open a site that is thrown away, and fill it."""
    settings = {
        "EARLYPHASE_SECRET_KEY": secrets.token_urlsafe(64),
        "EARLYPHASE_DEBUG": "1",
        "EARLYPHASE_DEMO_PASSWORD": DEMO_PASSWORD,
    }
    with (
        tempfile.TemporaryDirectory(prefix="earlyphase-demo-") as folder,
        open_site(None, Path(folder), settings) as site,
    ):
        from earlyphase.simulation.run import simulate  # noqa: PLC0415 - kept out of the start-up
        from earlyphase.simulation.truth import default_truth  # noqa: PLC0415 - as above
        from earlyphase.web.demonstration import busy_part, fill  # noqa: PLC0415 - needs the site
        from earlyphase.web.studies import site_studies  # noqa: PLC0415 - as above

        for study, protocols in site_studies().items():
            entries = simulate(protocols, default_truth(), seed).read()
            fill(study, busy_part(entries, BEFORE_A_DECISION), DEMO_PASSWORD)
        yield site


def _tell(where: str, *, demo: bool, as_json: bool) -> None:
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"address": where, "demonstration": demo}).decode(), flush=True)
        return
    if demo:
        print(f"Demonstration: virtual participants only. Log in as coordinator, password: {DEMO_PASSWORD}")
    print(f"Serving at {where}  (Ctrl-C stops it)", flush=True)


def _serve(address: str, port: int, environment: Mapping[str, str]) -> None:
    from granian.constants import Interfaces  # noqa: PLC0415 - kept out of the start-up
    from granian.server import Server  # noqa: PLC0415 - as above

    os.environ.update(environment)  # the server's workers are processes of their own
    Server(
        "earlyphase.web.start:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=address,
        port=port,
        blocking_threads=4,
        log_enabled=False,
    ).serve()
