"""Searching a real database: what is found, in which order, how many there are, and where the next page begins."""

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry_records import a_record

from earlyphase.faults import InvalidInput
from earlyphase.registry.part import as_json
from earlyphase.store.records_import import import_records
from earlyphase.store.records_source import Given
from earlyphase.store.search import Question, Sort, search, searching
from earlyphase.store.search_filters import Near

HANGZHOU, SUVA, NADI = (30.29, 120.16), (-18.14, 178.44), (-17.8, -179.9)
SEEN = dt.datetime(2026, 5, 3, tzinfo=dt.UTC)

STUDIES = [
    # number, title, condition, intervention, phases, status, country, place, updated
    (
        1,
        "CD7 CAR-T cells for T-ALL",
        "T-ALL",
        "CD7 CAR-T",
        ["EARLY_PHASE1"],
        "RECRUITING",
        "China",
        HANGZHOU,
        "2026-01-01",
    ),
    (
        2,
        "Cells",
        "T-cell Acute Lymphoblastic Leukaemia",
        "Nelarabine",
        ["PHASE2"],
        "COMPLETED",
        "Japan",
        None,
        "2026-01-02",
    ),
    (3, "Asthma and sleep", "Asthma", "Fluticasone", ["PHASE3"], "RECRUITING", "Fiji", SUVA, "2026-01-03"),
    (4, "Sleep in children", "Insomnia", "Melatonin", ["PHASE1", "PHASE2"], "RECRUITING", "Fiji", NADI, "2026-01-04"),
    (5, "Lymphoma in adults", "Lymphoma", "Rituximab", [], "WITHDRAWN", "China", None, ""),
]


def a_study(number, *fields):
    title, condition, intervention, phases, status, country, place, updated = fields
    point = {"geoPoint": {"lat": place[0], "lon": place[1]}} if place else {}
    return a_record(
        identificationModule={"nctId": f"NCT{number:08d}", "briefTitle": title},
        statusModule={"overallStatus": status, "lastUpdatePostDateStruct": {"date": updated} if updated else None},
        descriptionModule={"briefSummary": f"About {title}, with a word on melatonin."},
        conditionsModule={"conditions": [condition]},
        designModule={"studyType": "INTERVENTIONAL", "phases": phases, "enrollmentInfo": {"count": number * 10}},
        armsInterventionsModule={"interventions": [{"type": "DRUG", "name": intervention}]},
        contactsLocationsModule={
            "locations": [{"facility": "A Hospital", "city": "A City", "country": country, **point}]
        },
    )


def take_in(address, records):
    given_ones = [Given("a test", json.dumps(as_json(record)).encode()) for record in records]
    import_records(address, given_ones, SEEN)


@pytest.fixture(scope="module")
def connection(records_address):
    take_in(records_address, [a_study(*fields) for fields in STUDIES])
    with searching(records_address) as made:
        yield made


def numbers(answer):
    return [int(hit.nct_id[3:]) for hit in answer.hits]


def found(connection, text="", **asked):
    return numbers(search(connection, Question(text, **asked)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CD7 CAR-T T-ALL", [1]),
        ("t-cell acute lymphoblastic leukemia", [2, 1]),
        ("T-ALL", [2, 1]),
        ("leukemia", [2]),
        ("fluticason*", [3]),
        ("sleep -asthma", [4]),
        ('"sleep in children"', [4]),
        ("NCT00000005", [5]),
        ("rituximab fluticasone", [5, 3]),
    ],
)
def test_words_are_found(connection, text, expected):
    assert sorted(found(connection, text)) == sorted(expected)


def test_a_word_in_condition_title_or_intervention_comes_before_one_in_the_summary(connection):
    assert found(connection, "melatonin")[0] == 4
    assert len(found(connection, "melatonin")) == 5


@pytest.mark.parametrize(
    ("typed", "meant", "number"),
    [
        ("asthmaa", "asthma", 3),
        ("rituxmiab", "rituximab", 5),
        ("lukaemia", "leukaemia", 2),
        ("insomina", "insomnia", 4),
    ],
)
def test_a_mistyped_word_is_taken_for_what_it_was_meant_to_be_and_that_is_said(connection, typed, meant, number):
    answer = search(connection, Question(typed))
    assert numbers(answer) == [number]
    assert f"“{meant}” is searched instead" in answer.notes[0]


def test_the_beginning_of_a_word_finds_it_and_that_is_said(connection):
    answer = search(connection, Question("nelara"))
    assert numbers(answer) == [2]
    assert "begin so" in answer.notes[0]


def test_a_word_that_is_like_no_other_is_left_out_and_that_is_said(connection):
    answer = search(connection, Question("asthma qqqqqqqq"))
    assert numbers(answer) == [3]
    assert answer.notes == ("No record has “qqqqqqqq”: it is left out.",)


def test_a_single_word_that_is_like_no_other_finds_nothing(connection):
    answer = search(connection, Question("qqqqqqqq"))
    assert (answer.total, answer.hits, answer.next_page) == (0, (), None)
    assert answer.notes == ("No record has “qqqqqqqq”.",)


def test_words_that_are_too_common_to_be_searched_find_everything_and_that_is_said(connection):
    answer = search(connection, Question("the of"))
    assert answer.total == 5
    assert "too common" in answer.notes[0]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"phases": ("EARLY_PHASE1",)}, {1}),
        ({"phases": ("Early Phase 1", "phase 3")}, {1, 3}),
        ({"phases": ("PHASE2",)}, {2, 4}),
        ({"statuses": ("recruiting",), "countries": ("fiji",)}, {3, 4}),
        ({"countries": ("China", "Japan")}, {1, 2, 5}),
        ({"types": ("OBSERVATIONAL",)}, set()),
        ({"near": Near(30.3, 120.2, 50)}, {1}),
        ({"near": Near(-18, 179.5, 300)}, {3, 4}),
        ({"near": Near(-18, -179.5, 300)}, {3, 4}),
        ({"near": Near(90, 0, 7000)}, {1}),
    ],
)
def test_a_search_is_narrowed(connection, asked, expected):
    assert set(found(connection, **asked)) == expected


def test_the_distance_to_the_nearest_site_is_told(connection):
    (hit,) = search(connection, Question("CAR-T", near=Near(30.3, 120.2, 50))).hits
    assert hit.kilometres == 4.0
    assert hit.nearest_site == "A Hospital, A City"


def test_a_country_that_no_record_has_finds_nothing_and_the_nearest_name_is_told(connection):
    answer = search(connection, Question(countries=("Chnia",)))
    assert answer.total == 0
    assert answer.notes == ("No record has a site in “Chnia”. Did you mean China?",)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.UPDATED, [4, 3, 2, 1, 5]),
        (Sort.ENROLMENT, [5, 4, 3, 2, 1]),
        (Sort.STARTED, [5, 4, 3, 2, 1]),
    ],
)
def test_results_are_sorted(connection, sort, expected):
    assert found(connection, sort=sort) == expected


def test_the_nearest_comes_first(connection):
    assert found(connection, near=Near(-18.1, 178.5, 400), sort=Sort.DISTANCE) == [3, 4]


def test_facets_count_all_that_matches_not_only_the_page(connection):
    facets = search(connection, Question(size=1)).facets
    assert facets.total == 5
    assert facets.statuses == {"RECRUITING": 3, "COMPLETED": 1, "WITHDRAWN": 1}
    assert facets.phases == {"PHASE2": 2, "EARLY_PHASE1": 1, "PHASE1": 1, "PHASE3": 1}
    assert facets.countries == {"China": 2, "Fiji": 2, "Japan": 1}


@pytest.mark.parametrize("question", [{"size": 0}, {"size": 1000}, {"sort": Sort.DISTANCE}])
def test_a_question_that_makes_no_sense_is_refused(connection, question):
    with pytest.raises(InvalidInput):
        search(connection, Question(**question))


def test_a_code_that_nobody_knows_is_refused_with_the_nearest(connection):
    with pytest.raises(InvalidInput, match="Did you mean RECRUITING"):
        search(connection, Question(statuses=("RECRUTING",)))


def all_pages(connection, question, between=lambda: None):
    """Read page after page; something may happen between two."""
    seen = []
    while True:
        answer = search(connection, question, facets=False)
        seen += numbers(answer)
        if answer.next_page is None:
            return seen
        between()
        question = Question(
            question.text, near=question.near, sort=question.sort, size=question.size, page=answer.next_page
        )


@pytest.mark.parametrize("weighed", [600, 3, 0])
@pytest.mark.parametrize(
    "question",
    [
        Question("melatonin", size=2),
        Question("melatonin", size=1, sort=Sort.UPDATED),
        Question(size=2),
        Question(size=1, near=Near(-18, 179, 500), sort=Sort.DISTANCE),
        Question("melatonni", size=1),
    ],
)
def test_pages_give_every_record_once_in_the_order_of_one_long_page(connection, monkeypatch, question, weighed):
    monkeypatch.setattr("earlyphase.store.search.MOST_WEIGHED", weighed)
    whole = Question(question.text, near=question.near, sort=question.sort, size=200)
    expected = numbers(search(connection, whole))
    assert all_pages(connection, question) == expected
    assert len(set(expected)) == len(expected) > 1


def test_records_that_are_added_do_not_shift_the_pages(connection, records_address):
    before = found(connection, "sleep", sort=Sort.UPDATED)
    newest = iter(range(100, 200))

    def one_more():
        number = next(newest)
        take_in(
            records_address,
            [a_study(number, "Sleep", "Insomnia", "X", [], "RECRUITING", "Fiji", None, f"2026-06-{number - 90:02d}")],
        )

    try:
        assert all_pages(connection, Question("sleep", size=1, sort=Sort.UPDATED), one_more) == before
        assert len(found(connection, "sleep")) > len(before)
    finally:
        connection.execute("delete from record_index where nct_id >= 'NCT00000100'")


def test_titles_count_for_more_than_summaries_and_these_for_more_than_criteria(connection, records_address):
    modules = [
        {"descriptionModule": {"briefSummary": "quinoline"}},
        {"identificationModule": {"officialTitle": "quinoline"}},
        {"eligibilityModule": {"eligibilityCriteria": "quinoline"}},
    ]
    records = [a_study(300 + n, "Sleep", "Insomnia", "X", [], "RECRUITING", "Fiji", None, "") for n in range(3)]
    changed = [as_json(record) for record in records]
    for record, module in zip(changed, modules, strict=True):
        for name, fields in module.items():
            record["protocolSection"].setdefault(name, {}).update(fields)
    import_records(records_address, [Given("a test", json.dumps(record).encode()) for record in changed], SEEN)
    try:
        assert found(connection, "quinoline") == [301, 300, 302]
    finally:
        connection.execute("delete from record_index where nct_id >= 'NCT00000100'")


def test_pages_do_not_belong_to_another_search(connection):
    page = search(connection, Question(size=1)).next_page
    with pytest.raises(InvalidInput, match="another search"):
        search(connection, Question("asthma", size=1, page=page))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(["-", '"', "*", "T-ALL", "the", "asthma", "'", "\\", "\x00", "&", "|", ":", "<->"]), max_size=8
    ).map(" ".join)
)
def test_whatever_is_typed_is_answered(connection, text):
    answer = search(connection, Question(text))
    assert len(answer.hits) == min(answer.total, 20)
