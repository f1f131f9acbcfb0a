"""Kills processes of the web application and PostgreSQL under load: `python -m tests.soak.kills --times 100`.

Several writers record visits over the interface, each with a key of its own, and send a request again until it is
acknowledged. Meanwhile one of the processes, or the database, is killed again and again. At the end the journal must
hold everything that was acknowledged, each once, whole, and its chain must verify.
"""

import argparse
import json
import random
import sys
import threading
import time
from dataclasses import dataclass, field

import psycopg
from tests.soak.running import STUDY, Database, Process, a_database, asks, processes, set_up

from earlyphase.journal.entry import Entry
from earlyphase.store.journal import PostgresJournal

WRITERS = 4
ON = "2026-01-07"


@dataclass
class Found:
    """What came of it."""

    kills: int = 0
    database_kills: int = 0
    acknowledged: set[str] = field(default_factory=set)
    resent: int = 0
    entries: tuple[Entry, ...] = ()

    @property
    def recorded(self) -> list[str]:
        """The names of the visits in the journal."""
        return [json.loads(one.payload)["name"] for one in self.entries if one.record == "visit/1"]


class Writer(threading.Thread):
    """Records one visit after the other; a request that was not acknowledged is sent again, to whichever process."""

    def __init__(self, number: int, sites: list[Process], token: str, found: Found, over: threading.Event) -> None:
        """Begin with nothing recorded."""
        super().__init__(daemon=True)
        self.number, self.sites, self.token, self.found, self.over = number, sites, token, found, over
        self.strange: list[object] = []

    def run(self) -> None:
        """Write until it is over, and then until the last request is acknowledged."""
        place = 0
        while not self.over.is_set():
            place += 1
            name = f"{self.number}-{place}"
            body = {"participant": "001", "payload": {"on": ON, "name": name}}
            attempt = 0
            while not self._acknowledged(name, body, attempt):
                attempt += 1
                self.found.resent += 1
                time.sleep(0.1)

    def _acknowledged(self, name: str, body: object, attempt: int) -> bool:
        site = self.sites[(self.number + attempt) % len(self.sites)]
        try:
            status, _, answer = asks(site.address, "records/visit", self.token, body, f"visit-{name}")
        except (OSError, ValueError, EOFError):
            return False
        except Exception as fault:  # noqa: BLE001 - a connection that breaks in the middle of an answer has many faces
            if "http.client" not in type(fault).__module__:
                self.strange.append(repr(fault))
            return False
        if status == 201:
            self.found.acknowledged.add(name)
            return True
        if status not in (409, 503, 429):
            self.strange.append((status, answer))
        return False


def soak(times: int, seed: int, sites: int = 2, *, say: bool = False) -> Found:
    """Kill so often, and give what was acknowledged and what is recorded."""
    chance, found, over = random.Random(seed), Found(), threading.Event()  # noqa: S311 - no secret
    with a_database() as place:
        token = set_up(place)
        with processes(place, sites, EARLYPHASE_API_REQUESTS="1000000") as running:
            begin(running[0], token)
            writers = [Writer(number, running, token, found, over) for number in range(WRITERS)]
            for one in writers:
                one.start()
            for number in range(times):
                time.sleep(chance.uniform(0.3, 1.5))
                _kill(chance, place, running, found)
                if say:
                    print(f"kill {number + 1} of {times}: {len(found.acknowledged)} acknowledged", flush=True)
            time.sleep(1)
            over.set()
            for one in writers:
                one.join(timeout=120)
            strange = [what for one in writers for what in one.strange]
            assert not strange, strange[:5]
        with psycopg.connect(place.address, autocommit=True) as connection:
            found.entries = PostgresJournal(connection, STUDY).read()
    return found


def begin(site: Process, token: str) -> None:
    """Activate the protocol and let one participant consent."""
    activated = {"payload": {"on": "2026-01-05", "purpose": "training", "approval": "Nobody was asked."}}
    consent = {"participant": "001", "payload": {"on": "2026-01-06", "version": "1.0"}}
    for record, body in (("protocol_activated", activated), ("consent", consent)):
        status, _, answer = asks(site.address, f"records/{record}", token, body, record)
        assert status == 201, answer


def _kill(chance: random.Random, place: Database, running: list[Process], found: Found) -> None:
    found.kills += 1
    if chance.random() < 0.5:
        found.database_kills += 1
        place.kill()
        place.comes_back()
    else:
        site = chance.choice(running)
        site.kill()
        site.start()


def held(found: Found) -> list[str]:
    """Say what does not hold; nothing where everything does."""
    recorded = found.recorded
    wrong = [f"{name} was acknowledged and is lost" for name in sorted(found.acknowledged - set(recorded))]
    wrong += [f"{name} is recorded twice" for name in sorted({one for one in recorded if recorded.count(one) > 1})]
    wrong += [f"{name} was never sent" for name in sorted(set(recorded) - found.acknowledged)]
    return wrong


def main() -> int:
    """Soak, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = soak(given.times, given.seed, say=True)
    wrong = held(found)
    print(
        f"{found.kills} kills ({found.database_kills} of PostgreSQL), seed {given.seed}: {len(found.acknowledged)} "
        f"visits acknowledged, {found.resent} requests sent again, {len(found.entries)} entries, chain verified."
    )
    print("\n".join(wrong) or "Nothing acknowledged is lost, nothing is there twice, nothing is half-written.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
