"""What people look for among the real records: the right ones come first."""

import datetime as dt
from itertools import chain

import pytest
from tests.reference import reference
from tests.registry_records import OURS

from earlyphase.protocol.library import study_folder
from earlyphase.store.records import stored_record, versions
from earlyphase.store.records_import import import_records
from earlyphase.store.records_source import given_records
from earlyphase.store.search import Question, search, searching
from earlyphase.store.search_filters import read_near


@pytest.fixture(scope="module")
def connection(records_address):
    files = (
        study_folder(OURS) / "record.json",
        reference("registry/records-68.jsonl.xz"),
        reference("registry/ctrialsgov_aact_sample.jsonl.gz"),
    )
    given = chain.from_iterable(map(given_records, files))
    tally = import_records(records_address, given, dt.datetime(2026, 5, 3, tzinfo=dt.UTC))
    assert (tally.read, tally.new, tally.changed, tally.refused) == (3382, 3381, 1, 0)
    with searching(records_address) as made:
        yield made


def test_the_example_finds_the_study_and_nothing_else(connection):
    question = Question(
        "CD5 CAR-T T-ALL",
        phases=("EARLY_PHASE1",),
        statuses=("RECRUITING",),
        countries=("China",),
        near=read_near("30.3,120.2,50km"),
    )
    answer = search(connection, question)
    assert [hit.nct_id for hit in answer.hits] == [OURS]
    assert answer.hits[0].kilometres == 3.8


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("CD5 CAR-T T-ALL", [OURS, "NCT03081910"]),
        ("chimeric antigen receptor CD5 leukaemia", [OURS]),
        ("CD7 CAR-T", ["NCT04840875"]),
        ("CD19 CAR-T B-ALL", ["NCT03391739"]),
        ("BCMA myeloma", ["NCT03455972"]),
        ("BCMA MM", ["NCT03455972"]),
        ("TCR-T pancreatic cancer", ["NCT06898385", "NCT05438667"]),
        ("anti-CEA CAR-T colorectal", ["NCT04513431"]),
        ("fluoxetine anxious children", ["NCT00000381"]),
        ("remdesivir children covid", ["NCT04431453"]),
        ("palbociclib breast cancer adjuvant", ["NCT02513394"]),
    ],
)
def test_the_right_records_come_first(connection, text, first):
    assert [hit.nct_id for hit in search(connection, Question(text)).hits][: len(first)] == first


@pytest.mark.parametrize("text", ["T-ALL", "T-cell acute lymphoblastic leukemia", "T cell lymphoblastic leukaemia"])
def test_every_name_of_a_disease_finds_the_same_records(connection, text):
    found = {hit.nct_id for hit in search(connection, Question(text)).hits}
    assert {OURS, "NCT03081910"} <= found
    assert found == {hit.nct_id for hit in search(connection, Question("t cell ALL")).hits}


def test_a_mistyped_product_finds_what_the_right_spelling_finds(connection):
    mistyped, right = (
        search(connection, Question(text)) for text in ("trastzumab deruxtecan", "trastuzumab deruxtecan")
    )
    assert mistyped.hits == right.hits
    assert len(right.hits) > 3


def test_a_record_in_both_shapes_is_one_record_with_two_versions(connection):
    assert [(one.shape, one.current) for one in versions(connection, "NCT04956640")] == [("v2", True), ("flat", False)]
    flat, whole = (stored_record(connection, "NCT04956640", version).protocol_section for version in (2, 1))
    assert flat.design_module.study_type == whole.design_module.study_type
    flat_start, start = (one.status_module.start_date_struct for one in (flat, whole))
    assert flat_start.date == start.date
