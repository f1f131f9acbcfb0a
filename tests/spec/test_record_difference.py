"""What changed between two versions of a record."""

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.registry_records import a_record, our_record_with, the_record

from earlyphase.registry.difference import Change, Kind, difference, words_changed
from earlyphase.registry.model import Record


def test_a_record_does_not_differ_from_itself():
    assert difference(the_record(), the_record()) == ()


def test_a_changed_status_is_one_change():
    changes = difference(the_record(), our_record_with(statusModule={"overallStatus": "COMPLETED"}))
    field = "protocolSection.statusModule.overallStatus"
    assert changes == (Change(field, Kind.CHANGED, "RECRUITING", "COMPLETED"),)


def test_what_was_added_and_what_was_taken_out_is_told():
    before = a_record(conditionsModule={"conditions": ["A"]}, descriptionModule={"briefSummary": "x"})
    after = a_record(conditionsModule={"conditions": ["A"], "keywords": ["k"]})
    assert difference(before, after) == (
        Change("protocolSection.conditionsModule.keywords", Kind.ADDED, None, ["k"]),
        Change("protocolSection.descriptionModule", Kind.REMOVED, {"briefSummary": "x"}, None),
    )


def test_an_element_put_first_is_one_addition_not_a_change_of_all():
    before = a_record(conditionsModule={"conditions": ["B", "C", "D"]})
    after = a_record(conditionsModule={"conditions": ["A", "B", "C", "D"]})
    field = "protocolSection.conditionsModule.conditions[0]"
    assert difference(before, after) == (Change(field, Kind.ADDED, None, "A"),)


def test_a_change_within_an_element_is_told_where_it_is():
    outcomes = [{"measure": "DLT", "timeFrame": "28 days"}, {"measure": "ORR", "timeFrame": "12 weeks"}]
    later = [{"measure": "DLT", "timeFrame": "35 days"}, outcomes[1]]
    before, after = (a_record(outcomesModule={"primaryOutcomes": given}) for given in (outcomes, later))
    field = "protocolSection.outcomesModule.primaryOutcomes[0].timeFrame"
    assert difference(before, after) == (Change(field, Kind.CHANGED, "28 days", "35 days"),)


def test_the_order_of_keys_is_no_change():
    before = a_record(statusModule={"overallStatus": "COMPLETED", "whyStopped": "x"})
    after = a_record(statusModule={"whyStopped": "x", "overallStatus": "COMPLETED"})
    assert difference(before, after) == ()


def test_a_number_and_a_flag_are_not_the_same():
    before, after = (Record.model_validate({"protocolSection": {}, "more": value}) for value in (1, True))
    assert difference(before, after) == (Change("more", Kind.CHANGED, before=1, after=True),)


def test_the_words_that_changed_are_shown():
    runs = words_changed("bilirubin ≤51 mol/L", "bilirubin ≤51 µmol/L")
    assert [(run.kind, run.text) for run in runs] == [
        (None, "bilirubin ≤51 "),
        (Kind.REMOVED, "mol/L"),
        (Kind.ADDED, "µmol/L"),
    ]


TEXTS = st.lists(st.sampled_from(["a", "b", " ", "\n", "cd "]), max_size=30).map("".join) | st.text(max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_made_again_of_their_difference(before, after):
    runs = words_changed(before, after)
    assert "".join(run.text for run in runs if run.kind is not Kind.ADDED) == before
    assert "".join(run.text for run in runs if run.kind is not Kind.REMOVED) == after


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=3),
    lambda held: st.lists(held, max_size=4) | st.dictionaries(st.sampled_from("abc"), held, max_size=3),
    max_leaves=12,
)


@given(VALUES, VALUES)
def test_there_is_no_change_exactly_where_both_say_the_same(one, other):
    before, after = (Record.model_validate({"protocolSection": {}, "more": value}) for value in (one, other))
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (difference(before, after) == ()) is same


def test_very_long_texts_are_compared_quickly_and_rightly():
    before, after = "same " * 50_000 + "old " + "same " * 50_000, "same " * 50_000 + "new " + "same " * 50_000
    assert [run.text for run in words_changed(before, after) if run.kind] == ["old ", "new "]
