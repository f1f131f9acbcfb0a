"""A site that is thrown away: a simulated study in the middle of its course, and a person for each role."""

import datetime as dt
import os
import secrets
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from earlyphase.cli.site import open_site
from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry

DEMO_PASSWORD = "for demonstration only"  # noqa: S105 - it is printed on the log-in page, for virtual participants
BEFORE_A_DECISION = dt.timedelta(days=40)
"""How long before its third decision a simulated study is stopped: then there is something to see and to do."""

THIS_MACHINE = "127.0.0.1"
PORTS = range(8000, 8100)
PATIENCE = 30.0
"""Units: seconds. How long a browser waits for the site to answer."""


@contextmanager
def demonstration_site(seed: int, studies: str = "") -> Generator[dict[str, str]]:
    """Open a site that is thrown away, and fill every study of it by simulation.

    Args:
        seed: another seed gives another course.
        studies: the names or folders of its studies, with commas between; by default those of the package.
    """
    with _empty_site(studies) as site:
        from earlyphase.simulation.run import simulate  # noqa: PLC0415 - kept out of the start-up
        from earlyphase.simulation.truth import default_truth  # noqa: PLC0415 - as above
        from earlyphase.web.studies import site_studies  # noqa: PLC0415 - needs the site

        for study, protocols in site_studies().items():
            _fill(study, simulate(protocols, default_truth(), seed).read())
        yield site


@contextmanager
def site_of_journal(study: str, folder: Path, entries: tuple[Entry, ...]) -> Generator[dict[str, str]]:
    """Open a site that is thrown away, and load a simulated journal into it up to a busy day."""
    with _empty_site(str(folder)) as site:
        _fill(study, entries)
        yield site


def free_port(wanted: int | None) -> int:
    """Give the port that was asked for, or the first that is free.

    Raises:
        InvalidInput: another program listens there.
    """
    for port in (wanted,) if wanted else PORTS:
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taken.bind((THIS_MACHINE, port))
            except OSError:
                continue
            return port
    raise InvalidInput("--port", wanted or PORTS.start, "is taken by another program.", "Name another.")


def open_browser(address: str) -> None:
    """Open a browser on the site once it answers, where this machine has one to show."""
    shown = sys.platform in ("darwin", "win32") or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    if shown:
        threading.Thread(target=_when_it_answers, args=(address,), daemon=True).start()


def serve_site(address: str, port: int, environment: Mapping[str, str]) -> None:
    """Serve until Ctrl-C."""
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


@contextmanager
def _empty_site(studies: str) -> Generator[dict[str, str]]:
    settings = {
        "EARLYPHASE_SECRET_KEY": secrets.token_urlsafe(64),
        "EARLYPHASE_DEBUG": "1",
        "EARLYPHASE_DEMO_PASSWORD": DEMO_PASSWORD,
    } | ({"EARLYPHASE_STUDIES": studies} if studies else {})
    with (
        tempfile.TemporaryDirectory(prefix="earlyphase-demo-") as folder,
        open_site(None, Path(folder), settings) as site,
    ):
        from earlyphase.web.registry.bringing import bring_records  # noqa: PLC0415 - needs the site

        bring_records(site["DATABASE_URL"], dt.datetime.now(dt.UTC))  # noqa: TID251 - the command line reads the clock
        yield site


def _fill(study: str, entries: tuple[Entry, ...]) -> None:
    from earlyphase.web.demonstration import busy_part, fill  # noqa: PLC0415 - needs the site

    fill(study, busy_part(entries, BEFORE_A_DECISION), DEMO_PASSWORD)


def _when_it_answers(address: str) -> None:
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.1)
            continue
        webbrowser.open(address)
        return
