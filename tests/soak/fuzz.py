"""Throws inputs at every reader and every address: `python -m tests.soak.fuzz --count 1000000 --seed 1`.

Nine in ten inputs go to the readers, one in ten to the addresses of a site. A reader may refuse with a sentence; an
address may answer with any status but 500. The seed and the number of the input make it come again.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.soak.mutations import changed
from tests.soak.readers import Reader, readers
from tests.soak.requests import Asker
from tests.soak.running import PASSWORD, SECRET, STUDY, a_database, command

from earlyphase.cli.demonstration_site import busy_part
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.study.roles import Role

BROKEN, SEED = 500, 6


def fuzz_readers(count: int, seed: int, found: tuple[Reader, ...] | None = None) -> tuple[Counter[str], list[str]]:
    """Throw inputs at the readers.

    Returns:
        How many each got, and what went wrong.
    """
    known = found or readers()
    chosen = [one for one in known for _ in range(one.share)]
    asked, wrong = Counter[str](), list[str]()
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")  # noqa: S311 - no secret
        reader = chance.choice(chosen)
        given = changed(chance.choice(reader.seeds), chance)
        asked[reader.name] += 1
        try:
            reader.read(given)
        except reader.refuses:
            continue
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what we look for
            wrong.append(f"input {seed}:{number} of {reader.name}: {type(fault).__name__}: {str(fault)[:200]}")
    return asked, wrong


def fuzz_addresses(asker: Asker, count: int, seed: int) -> tuple[Counter[int], list[str]]:
    """Ask addresses at random.

    Returns:
        How many answers had each status, and what went wrong.
    """
    statuses, wrong = Counter[int](), list[str]()
    for number in range(count):
        chance = random.Random(f"{seed}:address:{number}")  # noqa: S311 - no secret
        method, path, status = asker.asks(chance)
        statuses[status] += 1
        if status == BROKEN:
            wrong.append(f"request {seed}:{number}: {method} {path} was answered with {status}")
    return statuses, wrong


@contextmanager
def a_site() -> Iterator[Asker]:
    """Open a site in this process, with a study in the middle of its course and a person for each role."""
    with a_database() as place:
        from earlyphase.web.start import configure, prepare_tables  # noqa: PLC0415 - needs the site

        configure(
            {
                "DATABASE_URL": place.address,
                "EARLYPHASE_SECRET_KEY": SECRET,
                "EARLYPHASE_DEBUG": "1",
                "EARLYPHASE_STUDIES": STUDY,
                "EARLYPHASE_API_REQUESTS": "100000000",
                "EARLYPHASE_API_FAILURES": "100000000",
                "EARLYPHASE_ANONYMOUS_REQUESTS": "100000000",
            }
        )
        prepare_tables()
        from earlyphase.web.demonstration import fill  # noqa: PLC0415 - as above

        protocols = read_protocols(study_folder(STUDY))
        fill(STUDY, busy_part(simulate(protocols, default_truth(), SEED).read()), PASSWORD)
        token = command(place, "token", "add", Role.INVESTIGATOR, "--study", STUDY, "--name", "soak")["token"]
        yield asker_for(token, STUDY, tuple(Role))


def asker_for(token: str, study: str, people: tuple[str, ...]) -> Asker:
    """Make somebody who asks everything, as one and then as another of some people."""
    import logging  # noqa: PLC0415 - only here

    from django.test import Client  # noqa: PLC0415 - needs the site

    from earlyphase.web.operations.routes import routes  # noqa: PLC0415 - as above
    from earlyphase.web.people.models import Person  # noqa: PLC0415 - as above

    logging.getLogger("earlyphase").setLevel(logging.CRITICAL)
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)

    def logs_in(chance: random.Random) -> None:
        client.cookies.clear()
        person = Person.objects.get(username=chance.choice(people))
        if person.is_active:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    left_out = ("/account/log-out/", "/account/password/", "/static/")
    paths = [(one.path, one.methods) for one in routes() if not one.path.startswith(left_out)]
    bodies = next(one for one in readers() if one.name == "command").seeds
    bundle = next(one for one in readers() if one.name == "FHIR observations").seeds
    return Asker(client, token, study, paths, (*bodies, *bundle), logs_in)


def main() -> int:
    """Fuzz, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    asked, wrong = fuzz_readers(given.count - given.count // 10, given.seed)
    with a_site() as asker:
        statuses, more = fuzz_addresses(asker, given.count // 10, given.seed)
    wrong += more
    minutes = (time.monotonic() - begun) / 60
    print(f"{sum(asked.values())} inputs to {len(asked)} readers: {dict(asked)}")
    told = dict(sorted(statuses.items()))
    print(f"{sum(statuses.values())} requests to {len(asker.paths)} addresses, by status: {told}")
    print(f"seed {given.seed}, {minutes:.1f} minutes, {len(wrong)} went wrong")
    print("\n".join(wrong[:100]))
    Path(tempfile.gettempdir(), "earlyphase-fuzz.txt").write_text("\n".join(wrong), "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
