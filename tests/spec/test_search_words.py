"""How words are folded, which names mean one thing, and how what was typed is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlyphase.faults import InvalidInput
from earlyphase.store.search_corrections import distance
from earlyphase.store.search_filters import Near, box_around, read_near
from earlyphase.store.search_page import Place, read_place
from earlyphase.store.search_query import read_query
from earlyphase.store.search_words import index_text, spellings, tables


def meanings(text):
    return [term.meaning for term in read_query(text).terms]


T_ALL, CAR_T = "T-cell acute lymphoblastic leukemia", "CAR-T cells"


@pytest.mark.parametrize(
    "written",
    [
        "T-ALL",
        "CD7+ T-ALL",
        "T-Acute Lymphoblastic Leukemia",
        "T-cell Acute Lymphoblastic Leukaemia",
        "T Cell Lymphoblastic Leukemia/Lymphoma",
        "Precursor T-Cell Lymphoblastic Leukemia-Lymphoma",
    ],
)
def test_every_name_of_a_disease_stands_for_it_in_the_index(written):
    assert read_query("T-ALL").query().strip("()'") in index_text(written)
    assert read_query("ALL").query().strip("()'") in index_text(written), "it is a kind of ALL"


def test_all_patients_are_not_leukemia():
    assert "synonym" not in index_text("all patients with pain")
    assert "synonym" not in index_text("A STUDY OF ALL PATIENTS")
    assert meanings("all") == [None]
    assert meanings("ALL") == ["acute lymphoblastic leukemia"]


@pytest.mark.parametrize("typed", ["CAR-T", "car-t", "CAR T", "chimeric antigen receptor T cells"])
def test_a_name_is_known_however_it_is_typed(typed):
    assert meanings(typed) == [CAR_T]


def test_words_beside_names_are_looked_for_as_well():
    assert meanings("CD7 CAR-T T-ALL") == [None, CAR_T, T_ALL]
    assert [term.shown for term in read_query("CD7 CAR-T T-ALL").terms] == ["CD7", "CAR T", "T ALL"]


def test_hyphens_part_and_join():
    words = index_text("PD-1/PD-L1 follow-up").split()
    assert {"PD1", "PDL1", "PD", "follow", "up"} <= set(words)
    assert "pd1" in read_query("PD-1").query()


def test_accents_and_greek_letters_do_not_matter():
    assert index_text("naïve γδ T") == "naive gamma delta T"


def test_both_spellings_are_looked_for():
    assert {"anaemia", "anemia"} <= set(spellings("anemia"))
    assert {"tumour", "tumor"} <= set(spellings("tumour"))


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ('"stem cell"', "(('stem' <-> 'cell'))"),
        ("leuk*", "(('leuk':*))"),
        ("lymphoma -hodgkin", "(('lymphoma')) & !('hodgkin')"),
        ("-hodgkin", "!('hodgkin')"),
        ("' | !", ""),
        ("", ""),
    ],
)
def test_what_was_typed_becomes_a_query(typed, query):
    assert read_query(typed).query() == query


def test_a_question_of_absurd_length_is_refused():
    with pytest.raises(InvalidInput, match="longer than 1000"):
        read_query("x" * 1001)


@given(st.text(max_size=200))
def test_whatever_is_typed_no_quote_or_operator_of_it_comes_through(text):
    query = read_query(text).query()
    inside = query.replace("':*", "'")
    assert inside.count("'") % 2 == 0
    for word in inside.split("'")[1::2]:
        assert word.isalnum()


def test_every_synonym_names_its_source_and_one_thing_only():
    forms = [(form.words, form.synonym.name) for held in tables().by_first.values() for form in held]
    assert len({words for words, _ in forms}) == len(set(forms))
    assert all(form.synonym.source for held in tables().by_first.values() for form in held)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("lymphoma", "lymphoma", 0), ("lymhpoma", "lymphoma", 1), ("lymphma", "lymphoma", 1), ("limfoma", "lymphoma", 3)],
)
def test_slips_of_the_finger_are_counted(one, other, slips):
    assert distance(one, other, 3) == distance(other, one, 3) == slips


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 6))
def test_a_limit_only_ends_the_counting(one, other, most):
    assert distance(one, other, most) == min(distance(one, other, 20), most + 1)


def test_a_place_is_read():
    assert read_near("30.3,120.2,50km") == Near(30.3, 120.2, 50)
    assert read_near(" -33.9, 18.4, 7.5 km ") == Near(-33.9, 18.4, 7.5)


@pytest.mark.parametrize("text", ["", "30", "30,120", "30,120,50", "91,0,5km", "0,181,5km", "0,0,0km", "nan,0,1km"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(InvalidInput, match="--near"):
        read_near(text)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0.001, 20_000))
def test_a_box_holds_its_own_middle_and_stays_on_the_globe(latitude, longitude, kilometres):
    box = box_around(Near(latitude, longitude, kilometres))
    assert box.south <= latitude <= box.north
    assert any(west <= longitude <= east for west, east in ((box.west, box.east), (box.west2, box.east2)))
    assert min(box.west, box.west2) >= -180
    assert max(box.east, box.east2) <= 180


def test_the_end_of_a_page_is_read_back():
    place = Place("abcd", "weighed", 1, 12345, "NCT00000001")
    assert read_place(str(place), "abcd") == place


def test_a_page_of_another_search_is_refused():
    with pytest.raises(InvalidInput, match="another search"):
        read_place(str(Place("abcd", "weighed", 1, 12345, "NCT00000001")), "efgh")


@given(st.text(max_size=60))
def test_what_is_no_page_is_refused(text):
    with pytest.raises(InvalidInput, match="page"):
        read_place(text, "abcd")
