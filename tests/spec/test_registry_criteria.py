"""How the criteria text of a record is read."""

import pytest
from tests.registry_records import the_record

from earlyphase.registry.criteria import Criteria, Item, Prose, parse_criteria


def ours() -> Criteria:
    return parse_criteria(the_record().protocol_section.eligibility_module.eligibility_criteria or "")


def labels(items: tuple[Item, ...]) -> list[str]:
    return [item.label for item in items]


def test_the_study_has_eleven_inclusion_and_nine_exclusion_criteria():
    assert labels(ours().inclusion) == [f"{number}." for number in range(1, 12)]
    assert labels(ours().exclusion) == [f"{number}." for number in range(1, 10)]


def test_the_second_inclusion_criterion_has_four_alternatives():
    second = ours().inclusion[1]
    assert labels(second.items) == ["1.", "2.", "3.", "c."]
    assert second.items[3].text == "Multiple recurrences."
    assert [item.orphan for item in second.items] == [False, False, False, True]


def test_the_sixth_exclusion_criterion_has_four_parts():
    sixth = ours().exclusion[5]
    assert labels(sixth.items) == ["1.", "2.", "3.", "4."]
    assert sixth.items[3].text == "four weeks received radiotherapy;"


def test_other_criteria_have_no_parts():
    flat = [*ours().inclusion, *ours().exclusion]
    assert [item.label for item in flat if item.items] == ["2.", "6."]


def test_an_item_knows_where_it_stands_in_the_text():
    text = the_record().protocol_section.eligibility_module.eligibility_criteria or ""
    ninth = ours().inclusion[8]
    assert text[ninth.start : ninth.end] == "* 9.ECOG 0-2;"


@pytest.mark.parametrize(
    ("text", "inclusion", "exclusion"),
    [
        ("Inclusion Criteria:\n\n* a\n* b\n\nExclusion Criteria:\n\n* c", 2, 1),
        ("INCLUSION CRITERIA\n\n1. a\n2. b\n\nEXCLUSION CRITERIA\n\n1. c", 2, 1),
        ("Key Inclusion Criteria:\n\n- a\n\nKey Exclusion Criteria:\n\n- b", 1, 1),
        ("-INCLUSION CRITERIA:\n\n1. a", 1, 0),
        ("Inclusion Criteria：\n\n1. a", 1, 0),
        ("* Inclusion Criteria:\n\n  * a\n  * b\n* Exclusion Criteria:\n\n  * c", 2, 1),
        ("Inclusion:\n\n* a\n\nExclusion:\n\n* b", 1, 1),
        ("Inclusion Criteria:\n\nPart 1 ONLY:\n\n* a\n\nPart 2 ONLY:\n\n* b\n\nExclusion Criteria:\n\n* c", 2, 1),
        ("Inclusion and Exclusion Criteria:\n\n* a", 0, 0),
        ("* a\n* b", 0, 0),
        ("", 0, 0),
    ],
)
def test_headings_open_their_sections(text, inclusion, exclusion):
    criteria = parse_criteria(text)
    assert (len(criteria.inclusion), len(criteria.exclusion)) == (inclusion, exclusion)


def test_headings_that_are_run_together_with_text_are_told_apart():
    criteria = parse_criteria("Inclusion criteria: PSA \\> 2 Exclusion criteria: finasteride")
    assert [(section.kind.value, section.content[0].text) for section in criteria.sections] == [
        ("inclusion", "PSA > 2"),
        ("exclusion", "finasteride"),
    ]


def test_a_sentence_about_exclusion_criteria_is_no_heading():
    criteria = parse_criteria("Inclusion Criteria:\n\n* a\n\nOther protocol-defined exclusion criteria may apply.")
    assert len(criteria.sections) == 1
    assert criteria.sections[0].content[1] == Prose("Other protocol-defined exclusion criteria may apply.", 26, 78)


@pytest.mark.parametrize(
    ("written", "label", "text"),
    [
        ("* 7.Refers to", "7.", "Refers to"),
        ("* 3\\. CD5", "3.", "CD5"),
        ("* 2.0 mg/dL", "", "2.0 mg/dL"),
        ("* a) Cohort 1", "a)", "Cohort 1"),
        ("* E. coli infection", "", "E. coli infection"),
        ("4. Active", "4.", "Active"),
        ("* \\>90%", "", ">90%"),
        ("* m\\^2 and A\\*0101", "", "m^2 and A*0101"),
        ("* <5 and &lt; and [x]: y", "", "<5 and &lt; and [x]: y"),
    ],
)
def test_a_number_is_kept_as_written(written, label, text):
    (item,) = parse_criteria(f"Inclusion Criteria:\n\n{written}").inclusion
    assert (item.label, item.text) == (label, text)


def test_a_labelled_paragraph_that_continues_the_numbers_is_a_criterion_of_its_own():
    criteria = parse_criteria("Exclusion Criteria:\n\n1. a:\n2. b:\n\n3\\.c")
    assert labels(criteria.exclusion) == ["1.", "2.", "3."]


def test_a_labelled_paragraph_after_a_colon_is_a_part():
    criteria = parse_criteria("Inclusion Criteria:\n\n9. the following must be met:\n\n1)Neutrophils")
    assert labels(criteria.inclusion[0].items) == ["1)"]


def test_remarks_between_parts_keep_their_place():
    criteria = parse_criteria("Inclusion Criteria:\n\n1. one of:\n\n   * a\n\n   OR\n\n   * b")
    assert [part.text for part in criteria.inclusion[0].content] == ["a", "OR", "b"]


def test_lists_nested_beyond_reason_lose_nothing():
    criteria = parse_criteria("* " * 500 + "deep")
    assert "deep" in "".join(criteria.texts())
