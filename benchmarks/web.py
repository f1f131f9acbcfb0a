"""How long the pages of a study of 30 participants take at the server, and how soon a site answers after its start."""

import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measurement import Measurement

SEED = 6
TIMES = 40
PAGE, START = 100.0, 3.0
"""Units: milliseconds; seconds."""
PATIENCE = 60.0
"""Units: seconds."""

PAGES = {
    "board": "",
    "participant": "participants/{number}/",
    "decision": "decision/",
    "data": "data/",
    "results, computed before": "results/",
    "journal": "journal/",
}
AIMED = ("board", "participant")
"""The pages that have an aim."""


def run() -> list[Measurement]:
    """Measure pages in a process that has started, then a cold start."""
    home = Path(tempfile.mkdtemp(prefix="earlyphase-bench-"))
    try:
        return [*_pages(home / "pages"), *_start(home / "start")]
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _pages(data: Path) -> list[Measurement]:
    from earlyphase.simulation.run import simulate  # noqa: PLC0415 - each part reads what it measures
    from earlyphase.simulation.truth import default_truth  # noqa: PLC0415 - as above
    from earlyphase.store.server import database  # noqa: PLC0415 - as above
    from earlyphase.web.start import configure, prepare_tables  # noqa: PLC0415 - as above

    with database(None, data) as address:
        settings = {"DATABASE_URL": address, "EARLYPHASE_SECRET_KEY": secrets.token_urlsafe(64)}
        configure({**settings, "EARLYPHASE_DEBUG": "1", "EARLYPHASE_DEMO_PASSWORD": "for a benchmark only"})
        prepare_tables()
        from django.contrib.auth import get_user_model  # noqa: PLC0415 - needs Django
        from django.db import connections  # noqa: PLC0415 - as above
        from django.test import Client  # noqa: PLC0415 - as above

        from earlyphase.web.demonstration import fill  # noqa: PLC0415 - as above
        from earlyphase.web.studies import look, site_studies  # noqa: PLC0415 - as above

        study, protocols = next(iter(site_studies().items()))
        fill(study, simulate(protocols, default_truth(), SEED).read(), "for a benchmark only")
        state = look(study).state
        person = max(state.enrolled, key=lambda one: sum(len(facts) for facts in one.facts.values()))
        client = Client(SERVER_NAME="localhost")
        client.force_login(
            get_user_model().objects.get(username="coordinator"), "django.contrib.auth.backends.ModelBackend"
        )
        found = [Measurement("participants enrolled in the study", len(state.enrolled), "")]
        for name, path in PAGES.items():
            found += _page(name, client, f"/studies/{study}/{path.format(number=person.id)}")
        connections.close_all()
    return found


def _page(name: str, client: Any, address: str) -> Iterator[Measurement]:  # noqa: ANN401 - Django's test client
    """Ask once for what is computed then, and many times afterwards."""
    first = _milliseconds(client, address)
    busy = time.process_time()
    times = sorted(_milliseconds(client, address) for _ in range(TIMES))
    busy = 1000 * (time.process_time() - busy) / TIMES
    yield Measurement(f"{name}, mean at the server", statistics.fmean(times), "ms", PAGE if name in AIMED else None)
    yield Measurement("  of it processor time", busy, "ms")
    yield Measurement("  the slowest of twenty", times[-TIMES // 20], "ms")
    yield Measurement("  the first, which computes and reads what it needs", first, "ms")


def _milliseconds(client: Any, address: str) -> float:  # noqa: ANN401 - as above
    begun = time.perf_counter()
    answer = client.get(address)
    took = 1000 * (time.perf_counter() - begun)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"  # noqa: PLR2004 - HTTP: found
    return took


def _start(data: Path) -> list[Measurement]:
    """Measure from the command to the first page, of a site that was set up before: the median of three starts."""
    from earlyphase.protocol.library import known_studies  # noqa: PLC0415 - as above

    program = [sys.executable, "-m", "earlyphase.cli.main"]
    named = ["--user", "bench", "--name", "Ben Chmark", "--study", next(iter(known_studies())), "--json"]
    environment = {**os.environ, "EARLYPHASE_PASSWORD": secrets.token_urlsafe(16)}
    subprocess.run([*program, "init", "--data", str(data), *named], env=environment, check=True, capture_output=True)  # noqa: S603 - our own program
    took = statistics.median(_served(program, data) for _ in range(3))
    return [Measurement("cold start of `earlyphase serve`, to the first page", took, "s", START)]


def _served(program: list[str], data: Path) -> float:
    """Start the site on a free port, and ask for the log-in page until it comes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    command = [*program, "serve", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as site:  # noqa: S603 - our own program
        try:
            _wait_for(f"http://localhost:{port}/account/log-in/", begun)
            return time.perf_counter() - begun
        finally:
            site.send_signal(signal.SIGINT)
            site.wait(timeout=60)


def _wait_for(address: str, begun: float) -> None:
    while time.perf_counter() - begun < PATIENCE:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(address)
