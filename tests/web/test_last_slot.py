"""Many ask for the last slot of a cohort at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.builders import day

ATTEMPTS = 50


def test_of_fifty_who_ask_for_the_last_slot_at_once_exactly_one_gets_it(a_study):
    study = a_study()
    for number in ("901", "902"):
        study.before.admits(number, day(1))
    everyone = [f"{number:03}" for number in range(1, ATTEMPTS + 1)]
    for number in everyone:
        study.before.consents(number, day(1))
        study.before.confirms(number, day(1))
    study.opens()
    browsers = {number: study.browser("coordinator") for number in everyone}
    together = threading.Barrier(ATTEMPTS)

    def asks(number):
        from django.db import connection

        together.wait(timeout=60)
        try:
            address = study.path(f"participants/{number}/record/enrolment/")
            return browsers[number].post(address, {"on": day(1).isoformat()}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(ATTEMPTS) as pool:
        answers = list(pool.map(asks, everyone))
    enrolled = [entry for entry in study.entries() if entry.record == "enrolment/1"]
    assert sorted(answers) == [302] + [409] * (ATTEMPTS - 1)
    assert len(enrolled) == 3
