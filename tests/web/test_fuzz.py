"""Whatever is thrown at a reader or an address, it is answered or refused; a few of a soak's inputs."""

import pytest
from tests.builders import day
from tests.soak.fuzz import asker_for, fuzz_addresses, fuzz_readers
from tests.soak.readers import Reader, readers
from tests.web.test_api import by

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.study.roles import Role

SEED = 20261122


@pytest.mark.parametrize("reader", readers(), ids=lambda one: one.name)
def test_fuzzing_begins_with_what_a_reader_can_read(reader):
    for seed in reader.seeds:
        reader.read(seed)


def test_no_reader_crashes():
    asked, wrong = fuzz_readers(2000, SEED)
    assert wrong == []
    assert len(asked) >= 28


def test_a_reader_that_crashes_is_found():
    def crashes(given):
        return given[10**6]

    _, wrong = fuzz_readers(5, SEED, (Reader("a broken one", (b"input",), crashes),))
    assert len(wrong) == 5
    assert wrong[0].startswith(f"input {SEED}:0 of a broken one: IndexError")


@pytest.fixture
def begun(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    return study.opens()


def test_no_address_answers_with_an_error(begun, django, monkeypatch):
    for name in ("EARLYPHASE_API_REQUESTS", "EARLYPHASE_API_FAILURES", "EARLYPHASE_ANONYMOUS_REQUESTS"):
        monkeypatch.setattr(django, name, 10**6)
    asker = asker_for(by(begun, "investigator").secret, begun.name, tuple(Role))
    statuses, wrong = fuzz_addresses(asker, 400, SEED)
    assert wrong == []
    assert {200, 404, 422} <= statuses.keys()


def test_a_number_too_large_to_compute_with_is_refused_with_a_sentence():
    with pytest.raises(InvalidInput, match="is not a finite number"):
        Quantity.read(f"{'9' * 400} mg/dL")
