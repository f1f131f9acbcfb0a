"""What is refused of an adverse event when it is recorded: a grade or a term that is none, one course told twice."""

import pytest
from tests.builders import Site, a_protocol, day, rules_of

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.study.commands import Correct
from earlyphase.study.desk import Author
from earlyphase.study.dlt_proposals import Proposed, dlt_proposal
from earlyphase.study.refusal import Refused

INFUSED, OVER = 30, 58
CRS = {"term": "Cytokine release syndrome", "system_class": "Immune system disorders", "scale": "ASTCT 2019"}


def infused(*clauses):
    assumed = {"basis": "assumed", "source": {"document": "builder", "place": "tests"}}
    changes = {"dlt": {**assumed, "window_days": 28, "clauses": clauses}} if clauses else {}
    site = Site(a_protocol(**changes))
    site.treats("001", day(INFUSED))
    site.now = site.now.replace(year=2027)
    return site


def proposal(site, on=OVER):
    return dlt_proposal(site.study.protocol, site.study.participants["001"], day(on))


def corrected(site, event, **changes):
    fact = next(one for one in site.study.participants["001"].adverse_events if one.entry == event.seq)
    fields = fact.payload.model_dump(mode="json", exclude_none=True) | changes
    change = Correct(command="correct", entry=fact.latest, payload=fields, reason="a query")
    return site.desk.do(change, Author("Li Wei", "investigator"), site.now)


@pytest.mark.parametrize(
    ("term", "grade", "has"),
    [("Febrile neutropenia", 2, "3, 4, 5"), ("Alopecia", 3, "1, 2"), ("Hypoxia", 1, "2, 3, 4, 5")],
)
def test_a_grade_that_the_term_does_not_have_is_refused_with_those_that_it_has(term, grade, has):
    answer = infused().sees("001", day(INFUSED + 3), grade, term=term)
    assert rules_of(answer) == {"grade"}
    assert str(answer) == f"001: grade {grade} does not exist for {term!r}. Its grades are {has}."


def test_a_later_grade_that_the_term_does_not_have_is_refused():
    course = [{"on": str(day(INFUSED + 5)), "grade": 2}]
    answer = infused().sees("001", day(INFUSED + 3), 3, term="Febrile neutropenia", course=course)
    assert rules_of(answer) == {"grade"}


def test_a_correction_to_a_grade_that_does_not_exist_is_refused():
    site = infused()
    event = site.sees("001", day(INFUSED + 3), 3, term="Febrile neutropenia")
    assert rules_of(corrected(site, event, grade=1)) == {"grade"}
    assert isinstance(corrected(site, event, grade=4), Entry)


def test_a_term_that_is_none_is_refused_with_the_nearest():
    answer = infused().sees("001", day(INFUSED + 3), 2, term="Hypokalaemia")
    assert rules_of(answer) == {"term"}
    assert "Did you mean 'Hypokalemia'" in str(answer)
    assert "give 'verbatim' as the dictionary" in str(answer)


@pytest.mark.parametrize("dictionary", ["verbatim", "MedDRA 28.0"])
def test_words_of_another_dictionary_are_taken_as_they_are(dictionary):
    answer = infused().sees("001", day(INFUSED + 3), 1, term="low potassium", dictionary=dictionary)
    assert isinstance(answer, Entry)


def test_a_syndrome_has_the_grades_of_its_own_scale():
    assert isinstance(infused().sees("001", day(INFUSED + 3), 1, **CRS), Entry)
    icans = {"term": "ICANS", "scale": "ASTCT 2019"}
    assert isinstance(infused().sees("001", day(INFUSED + 3), 1, **icans), Entry)
    assert rules_of(infused().sees("001", day(INFUSED + 3), 1, **icans | {"term": "Nausea"})) == {"course"}


@pytest.mark.parametrize("ends", [day(INFUSED + 9), None])
def test_a_second_course_of_crs_within_the_first_is_refused_and_says_what_to_correct(ends):
    site = infused()
    resolved = {"resolved": str(ends)} if ends else {}
    first = site.sees("001", day(INFUSED + 3), 2, **CRS, **resolved)
    answer = site.sees("001", day(INFUSED + 6), 1, **CRS)
    assert rules_of(answer) == {"overlap"}
    assert f"overlaps the one of entry {first.seq}" in str(answer)
    assert f"Correct entry {first.seq} to hold the whole course" in str(answer)


def test_a_course_of_crs_that_begins_when_the_first_has_ended_is_another():
    site = infused()
    site.sees("001", day(INFUSED + 3), 2, **CRS, resolved=str(day(INFUSED + 5)))
    assert isinstance(site.sees("001", day(INFUSED + 5), 1, **CRS), Entry)
    icans = {"term": "ICANS", "dictionary": "ASTCT 2019", "scale": "ASTCT 2019"}
    assert isinstance(site.sees("001", day(INFUSED + 4), 1, **icans), Entry)


def test_a_correction_of_a_course_does_not_overlap_itself_but_may_overlap_another():
    site = infused()
    first = site.sees("001", day(INFUSED + 3), 2, **CRS, resolved=str(day(INFUSED + 5)))
    site.sees("001", day(INFUSED + 6), 1, **CRS, resolved=str(day(INFUSED + 8)))
    assert isinstance(corrected(site, first, resolved=str(day(INFUSED + 6))), Entry)
    assert rules_of(corrected(site, first, resolved=str(day(INFUSED + 7)))) == {"overlap"}


def test_two_lung_infections_at_one_time_are_no_overlap():
    site = infused()
    for _ in range(2):
        infection = {"term": "Lung infection", "system_class": "Infections and infestations"}
        assert isinstance(site.sees("001", day(INFUSED + 3), 2, **infection), Entry)


def test_an_event_that_ends_before_it_starts_is_refused():
    with pytest.raises(InvalidInput, match=r"resolved on .*, before its onset on .*: correct one of the dates"):
        infused().sees("001", day(INFUSED + 3), 2, resolved=str(day(INFUSED + 2)))


def test_an_event_that_ends_before_its_grade_changes_is_refused():
    course = [{"on": str(day(INFUSED + 9)), "grade": 1}]
    answer = infused().sees("001", day(INFUSED + 3), 2, course=course, resolved=str(day(INFUSED + 5)))
    assert rules_of(answer) == {"course"}
    assert "Correct one of the dates." in str(answer)


def test_the_study_product_is_a_cause_and_spares_nothing():
    spares = {"says": "infection explained by lymphodepletion", "cause": "lymphodepletion"}
    clause = {"id": "g3", "says": "grade 3", "scale": "CTCAE", "min_grade": 3, "exceptions": [spares]}
    found = {}
    for cause in (None, "study product", "lymphodepletion"):
        site = infused(clause)
        given = {"cause": cause} if cause else {}
        site.sees("001", day(INFUSED + 3), 3, **given)
        found[cause] = proposal(site).proposed
    assert found == {
        None: Proposed.UNKNOWN, "study product": Proposed.DLT, "lymphodepletion": Proposed.NO_DLT,
    }  # fmt: skip


def test_what_the_study_product_causes_is_related_to_it():
    with pytest.raises(InvalidInput, match="yet the event is not related to it"):
        infused().sees("001", day(INFUSED + 3), 3, cause="study product", relatedness="not related")


def test_an_event_that_was_recorded_before_the_product_was_a_cause_still_reads():
    old = '{"term":"Fever","system_class":"G","grade":2,"onset":"2026-05-03","relatedness":"not related"}'
    assert AdverseEvent.model_validate_json(old).cause is None


LONG_ICANS = {
    "id": "icans-3", "says": "ICANS of grade 3 for longer than 72 hours", "scale": "ICANS", "min_grade": 3,
    "lasting": {"not_back_to": 2, "within": {"value": 72, "unit": "h"}},
}  # fmt: skip
ICANS = {"term": "ICANS", "dictionary": "ASTCT 2019", "scale": "ASTCT 2019"}


@pytest.mark.parametrize(
    ("begun", "back", "proposed"),
    [("14:00", "13:00", Proposed.NO_DLT), ("14:00", "14:00", Proposed.NO_DLT), ("14:00", "14:01", Proposed.DLT)],
)
def test_hours_are_exact_where_the_times_of_day_are_recorded(begun, back, proposed):
    site = infused(LONG_ICANS)
    course = [{"on": str(day(INFUSED + 8)), "at": back, "grade": 2}]
    site.sees("001", day(INFUSED + 5), 3, **ICANS, onset_at=begun, course=course)
    assert proposal(site).proposed is proposed


def test_hours_between_days_alone_are_a_range_and_the_proposal_says_that_it_hangs_on_them():
    site = infused(LONG_ICANS)
    site.sees("001", day(INFUSED + 5), 3, **ICANS, course=[{"on": str(day(INFUSED + 8)), "grade": 2}])
    found = proposal(site)
    assert found.proposed is Proposed.UNKNOWN
    assert "within 72 h hangs on the times of day: it took 48 to 96 h" in found.reason


def test_a_time_of_day_needs_its_day():
    with pytest.raises(InvalidInput, match="is the time of a day"):
        infused().sees("001", day(INFUSED + 5), 3, resolved="2026-03", resolved_at="14:00")


def test_a_refusal_is_returned_and_nothing_is_written():
    site = infused()
    before = site.study.head
    assert isinstance(site.sees("001", day(INFUSED + 3), 2, term="Febrile neutropenia"), Refused)
    assert site.study.head == before
