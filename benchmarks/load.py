"""How fast a site of real processes answers: 25 people at work in one study and in many, and readers of the registry.

Two processes of the web application and a PostgreSQL run beside the people, all on this machine. Each person is logged
in, asks for a page or sends a form, reads for a while (2 s in the mean, at random), and goes on: for ten pages in the
mean in one study, then in another; and, to see what a study costs that nobody has open, in another for each page. What
the machine does besides shows in the times, and not in the processor that the site took for an answer.
`python -m benchmarks.load --studies 1000 --records 100000 --folder site` measures at full size. Setting that up takes
its time; with a folder the site is kept there, and measured again without.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from benchmarks import registry
from benchmarks.measurement import Measurement

from earlyphase.journal.entry import EMPTY, Entry, seal
from earlyphase.protocol.library import known_studies
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.simulation.writing import draft_of
from earlyphase.store.search import Question
from earlyphase.store.server import database

PEOPLE, PROCESSES, SECONDS, THINK, SEED = 25, 2, 40.0, 2.0, 6
STAYS = 10.0
"""Pages of a study that somebody asks for, in the mean, before going on to another."""
STUDIES = int(os.environ.get("EARLYPHASE_BENCH_STUDIES", "50"))
RECORDS = int(os.environ.get("EARLYPHASE_BENCH_LOAD_RECORDS", "0"))
MEAN, P95, SEARCH_P95, SEARCHES_A_SECOND = 150.0, 400.0, 150.0, 50
PASSWORD = "only for a benchmark"  # noqa: S105 - of a site that is thrown away
SECRET = "only-for-a-benchmark-" * 4
VISITED = "2026-03-02"
"""A day on which the participants of the simulated course could be seen."""
_OURS: set[int] = set()
"""The groups of the processes that are measured."""
FINE = (200, 302, 409)
"""409 is a refusal by the study's rules, and an answer like another."""
NAMES = ("Day 7", "Day 14", "unscheduled")


@dataclass
class Answers:
    """What the answers took, and which were none."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cpu: float = 0.0
    """What the processes of the site took for all of it. Units: seconds."""

    def told(self, name: str, mean: float | None, p95: float | None) -> list[Measurement]:
        """Give mean, 95th percentile and the number of errors."""
        wrong = {status: count for status, count in self.statuses.items() if status not in FINE}
        errors, which = sum(wrong.values()), f" {wrong}" if wrong else ""
        high = statistics.quantiles(self.milliseconds, n=20)[-1] if len(self.milliseconds) > 1 else 0.0
        return [
            Measurement(f"{name}: mean of {len(self.milliseconds)}", statistics.fmean(self.milliseconds), "ms", mean),
            Measurement(f"{name}: 95th percentile", high, "ms", p95),
            Measurement(f"{name}: errors{which}", float(errors), "answers", 0.0),
            Measurement(f"{name}: processor of the site for an answer", self.cpu * 1000 / len(self.milliseconds), "ms"),
        ]


class Visitor:
    """A browser with one connection and its cookies."""

    def __init__(self, port: int) -> None:
        """Open the connection."""
        self.line = http.client.HTTPConnection("localhost", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def asks(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, float]:
        """Ask for a page or send a form; give the status, the text and the milliseconds."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        content = None
        if fields is not None:
            fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
            content = urllib.parse.urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "http://localhost/"}
        begun = time.perf_counter()
        try:
            self.line.request("POST" if content else "GET", path, content, headers)
            answer = self.line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.line.close()
            return 0, "", (time.perf_counter() - begun) * 1000
        took = (time.perf_counter() - begun) * 1000
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, text, took

    def is_logged_in_as(self, user: str) -> None:
        """Begin with a session: how long a log-in takes is set by how slowly passwords are meant to be tried."""
        from django.test import Client  # noqa: PLC0415 - needs the site

        from earlyphase.web.people.models import Person  # noqa: PLC0415 - as above

        client = Client(SERVER_NAME="localhost")
        person = Person.objects.get(username=user)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies |= {name: one.value for name, one in client.cookies.items()}


@contextmanager
def a_site(studies: int, records: int, folder: Path | None = None) -> Iterator[tuple[list[int], list[str], list[str]]]:
    """Set up a site and run it; give its ports, its studies and the participants of each."""
    with tempfile.TemporaryDirectory(prefix="ep-load-", ignore_cleanup_errors=True) as thrown_away:
        place = folder or Path(thrown_away)
        names = [f"LOAD{number:04}" for number in range(1, studies + 1)]
        with database(None, place / "pg") as address:
            settings = {
                "DATABASE_URL": address,
                "EARLYPHASE_SECRET_KEY": SECRET,
                "EARLYPHASE_DEBUG": "1",
                "EARLYPHASE_ANONYMOUS_REQUESTS": "10000000",
                "EARLYPHASE_STUDIES": ",".join(str(place / name) for name in names),
            }
            people = _set_up(place, names, records, settings)
            with _served(settings) as ports:
                yield ports, names, people


def _set_up(place: Path, names: list[str], records: int, settings: dict[str, str]) -> list[str]:
    """Fill a site, or find it as it was filled; give the participants of each study."""
    from earlyphase.web.start import configure, prepare_tables  # noqa: PLC0415 - needs the site

    note, wanted = place / "site.json", {"studies": len(names), "records": records}
    found = json.loads(note.read_text("utf-8")) if note.exists() else None
    if found and found["site"] != wanted:
        raise SystemExit(f"{place} holds a site of {found['site']}: name another folder")
    if not found:
        for name in names:
            _folder(place / name)
    configure(settings)
    prepare_tables()
    if not found:
        found = {"site": wanted, "people": _filled(names, place, settings["DATABASE_URL"])}
        if records:
            _with_records(place, settings["DATABASE_URL"], records)
        note.write_text(json.dumps(found), "utf-8")
    return list(found["people"])


def _folder(place: Path) -> None:
    """Make the folder of a study that differs from the others by its name alone."""
    text = (next(iter(known_studies().values())) / "protocol.yaml").read_text("utf-8")
    place.mkdir(parents=True)
    (place / "protocol.yaml").write_text(re.sub(r"(?m)^study: .*$", f"study: {place.name}", text), "utf-8")


def _filled(names: Sequence[str], place: Path, address: str) -> list[str]:
    """Give every study the same course of 30 participants and the same team."""
    from earlyphase.web.demonstration import fill  # noqa: PLC0415 - as above
    from earlyphase.web.studies import journal_of  # noqa: PLC0415 - as above

    protocols = read_protocols(place / names[0])
    entries = [one for one in simulate(protocols, default_truth(), SEED).read() if one.record != "data_lock/1"]
    unlocked = tuple(entries[: max(place for place, one in enumerate(entries) if one.kind != "signed") + 1])
    fill(names[0], unlocked, PASSWORD)
    first = journal_of(names[0]).read()
    own = next(iter(protocols.values())).sha256
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")  # they are sound: nobody has to check each again
        for number, name in enumerate(names[1:], start=2):
            print(f"\r  study {number} of {len(names)}", end="", flush=True)
            sha = hashlib.sha256((place / name / "protocol.yaml").read_bytes()).hexdigest()
            with cursor.copy("copy journal_entry (line) from stdin") as lines:
                for line in _lines(name, first, own, sha):
                    lines.write_row((line.decode(),))
            connection.commit()
    print()
    return sorted({one.participant for one in first if one.participant and one.record == "infusion/1"})


def _lines(study: str, entries: Sequence[Entry], old: str, new: str) -> Iterator[bytes]:
    head = EMPTY
    for entry in entries:
        draft = draft_of(entry)
        if old in draft.payload:
            draft = type(draft)(**{**_fields(draft), "payload": draft.payload.replace(old, new)})
        sealed, line = seal(study, head, draft)
        head = sealed.head
        yield line


def _fields(draft: object) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__slots__}  # type: ignore[attr-defined]


def _with_records(place: Path, address: str, records: int) -> None:
    registry.RECORDS = records
    file = place / "records.jsonl"
    registry.write_varied(file, registry.real_rows())
    registry.import_records(address, registry.given_records(file), registry.NOW)


@contextmanager
def _served(settings: dict[str, str]) -> Iterator[list[int]]:
    ports = []
    for _ in range(PROCESSES):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            ports.append(taken.getsockname()[1])
    command = [sys.executable, "-m", "earlyphase.cli.main", "serve", "--json", "--port"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, **settings}
    running = [
        subprocess.Popen([*command, str(port)], env=environment, start_new_session=True, **quiet)  # noqa: S603 - our own
        for port in ports
    ]
    _OURS.update(one.pid for one in running)
    try:
        for port in ports:
            _await(port)
        yield ports
    finally:
        for one in running:
            one.terminate()
            with suppress(subprocess.TimeoutExpired):
                one.wait(timeout=20)


def _await(port: int) -> None:
    for _ in range(1200):
        if Visitor(port).asks("/ready")[0] == 200:  # noqa: PLR2004 - ready
            return
        time.sleep(0.25)
    raise TimeoutError(f"port {port} was not ready")


def work(ports: list[int], names: list[str], people: list[str], stays: float = STAYS) -> Answers:
    """Let the people work, each in one study for a while, and then in another.

    Args:
        ports: where the processes of the site listen.
        names: the studies, of which each person chooses at random.
        people: the participants of each study.
        stays: how many pages of a study somebody asks for in the mean before another study is chosen.
    """
    answers = Answers()

    def begins() -> None:
        answers.cpu = -_cpu()

    together = threading.Barrier(PEOPLE, action=begins, timeout=240)

    def works(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - nothing secret
        visitor = Visitor(ports[number % len(ports)])
        visitor.is_logged_in_as(("investigator", "coordinator")[number % 2])
        for path in _pages(names[number % len(names)], people[0]):  # what a process reads once is read
            visitor.asks(path)
        together.wait()
        until, study = time.monotonic() + SECONDS, chance.choice(names)
        while time.monotonic() < until:
            time.sleep(chance.expovariate(1 / THINK))
            study = chance.choice(names) if chance.random() < 1 / stays else study
            path, fields = _step(chance, study, people)
            status, _, took = visitor.asks(path, fields)
            answers.milliseconds.append(took)
            answers.statuses[status] += 1

    _in_threads(works, PEOPLE)
    answers.cpu += _cpu()
    return answers


def _cpu() -> float:
    """Give the seconds of processor that the site's processes have taken so far."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = path.read_text("utf-8").rpartition(")")[2].split()
            if int(words[2]) in _OURS:
                ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _step(chance: random.Random, study: str, people: list[str]) -> tuple[str, dict[str, str] | None]:
    pages = _pages(study, chance.choice(people))
    if chance.random() < 0.15:  # noqa: PLR2004 - what people do
        return pages[-1], {"on": VISITED, "name": chance.choice(NAMES)}
    return chance.choices(pages, (35, 25, 10, 15))[0], None


def _pages(study: str, person: str) -> tuple[str, ...]:
    """Give the board, a participant, the journal and a form."""
    whose = f"/studies/{study}/participants/{person}/"
    return f"/studies/{study}/", whose, f"/studies/{study}/journal/", f"{whose}record/visit/"


def searches(ports: list[int]) -> Answers:
    """Search the registry so many times a second, whether the last answer has come or not, for what people ask for."""
    addresses = [_address(one) for one in registry.questions(registry.real_rows())]
    answers, over = Answers(cpu=-_cpu()), time.monotonic() + SECONDS
    turns = iter(range(10**9))
    lock = threading.Lock()
    begun = time.monotonic()

    def asks(number: int) -> None:
        chance, visitor = random.Random(number), Visitor(ports[number % len(ports)])  # noqa: S311 - nothing secret
        while True:
            with lock:
                due = begun + next(turns) / SEARCHES_A_SECOND
            if due > over:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            asked = time.monotonic()
            status, _, took = visitor.asks(chance.choice(addresses))
            answers.milliseconds.append(took + (asked - due) * 1000)
            answers.statuses[status] += 1

    _in_threads(asks, 40)
    answers.cpu += _cpu()
    return answers


def _address(question: Question) -> str:
    """Write a question as the link that it is."""
    where = question.near and f"{question.near.latitude},{question.near.longitude},{question.near.kilometres:g}km"
    parts = [("q", question.text), ("sort", question.sort), ("near", where or "")]
    for name, values in (("phase", question.phases), ("status", question.statuses), ("country", question.countries)):
        parts += [(name, value) for value in values]
    return f"/registry/?{urllib.parse.urlencode([part for part in parts if part[1]])}"


def _in_threads(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def run(studies: int = STUDIES, records: int = RECORDS, folder: Path | None = None) -> list[Measurement]:
    """Measure 25 people in one study, in many, and searches where there are records."""
    found: list[Measurement] = []
    with a_site(studies, records, folder) as (ports, names, people):
        found += work(ports, names[:1], people).told("25 people in a study of 30 participants", MEAN, P95)
        if len(names) > 1:
            many = f"25 people in {len(names)} such studies"
            found += work(ports, names, people).told(f"{many}, {STAYS:g} pages in each", MEAN, P95)
            found += work(ports, names, people, 1.0).told(f"{many}, another for each page", None, None)
        if records:
            asked = searches(ports)
            name = f"{SEARCHES_A_SECOND} searches a second in {records:,} records"
            found += asked.told(name, None, SEARCH_P95)
    return found


def main() -> int:
    """Measure at the size that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--studies", type=int, default=STUDIES)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--folder", type=Path, help="where the site is kept, to be measured again")
    given = parser.parse_args()
    found = run(given.studies, given.records, given.folder and given.folder.resolve())
    for one in found:
        verdict = {True: "met", False: "MISSED", None: ""}[one.met]
        aim = "" if one.aim is None else f"aim ≤ {one.aim:g}"
        print(f"{one.name}: {one.value:.1f} {one.unit} {aim} {verdict}")
    return 1 if any(one.met is False for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
