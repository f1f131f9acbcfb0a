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
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType

from earlyphase.cli.site import open_site
from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.protocol.versions import Protocols

DEMO_PASSWORD = "for demonstration only"  # noqa: S105 - it is printed on the log-in page, for virtual participants
BEFORE_A_DECISION = dt.timedelta(days=40)
"""How long before its third decision a simulated study is stopped: then there is something to see and to do."""

DECISION = "dose_decision/1"
BUSY = 3
"""The decision before which a simulated study is stopped."""
A_WEEK = dt.timedelta(days=7)

THIS_MACHINE = "127.0.0.1"
PORTS = range(8000, 8100)
PATIENCE = 30.0
"""Units: seconds. How long a browser waits for the site to answer."""


@contextmanager
def demonstration_site(
    seed: int, studies: str = "", simulated: Mapping[str, tuple[Entry, ...]] = MappingProxyType({})
) -> Generator[dict[str, str]]:
    """Open a site that is thrown away, and fill every study of it by simulation, up to a busy day of this week.

    Args:
        seed: another seed gives another course.
        studies: the names or folders of its studies, with commas between; by default those of the package.
        simulated: what the simulation of a study was found to give with this seed, where it is known.
    """
    with _empty_site(studies) as site:
        from earlyphase.web.demonstration import fill  # noqa: PLC0415 - needs the site
        from earlyphase.web.studies import site_studies  # noqa: PLC0415 - as above

        today = dt.datetime.now(dt.UTC).date()  # noqa: TID251 - the command line reads the clock
        for study, protocols in site_studies().items():
            fill(study, course_until(today, protocols, seed, simulated.get(study)), DEMO_PASSWORD)
        yield site


def course_until(
    today: dt.date, protocols: Protocols, seed: int, simulated: tuple[Entry, ...] | None = None
) -> tuple[Entry, ...]:
    """Simulate a study that begins on such a day that its busy day is within the week before today.

    The course is moved by whole weeks, so that what falls on a day of the week still does.
    """
    from earlyphase.simulation.run import simulate  # noqa: PLC0415 - kept out of the start-up
    from earlyphase.simulation.truth import default_truth  # noqa: PLC0415 - as above

    truth = default_truth()
    busy = busy_part(simulated or simulate(protocols, truth, seed).read())
    until = dt.date.fromisoformat(busy[-1].recorded_at[:10])
    moved = (today - dt.timedelta(days=1) - until) // A_WEEK * A_WEEK
    begun = truth.model_copy(update={"start": truth.start + moved})
    return simulate(protocols, begun, seed, until + moved).read()


def busy_part(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Give a journal up to some days before its third decision, or the last of fewer; all of it where there is none."""
    days = [entry.recorded_at[:10] for entry in entries if entry.record == DECISION][:BUSY]
    if not days:
        return entries
    day = (dt.date.fromisoformat(days[-1]) - BEFORE_A_DECISION).isoformat()
    return tuple(takewhile(lambda entry: entry.recorded_at[:10] <= day, entries))


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
