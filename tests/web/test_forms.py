"""What a form checks while one types, what it offers, and how it says what is wrong."""

import re

import pytest
from tests.builders import three_treated
from tests.web.answers import words

CHECK = {"check": "1"}


def beside(answer, field):
    """Give what a page, or an answer to a check, says beside a field."""
    return re.search(rf'id="field-{field}-said"[^>]*>(.*?)</div>', words(answer), re.DOTALL)[1]


@pytest.fixture
def treated(a_study):
    study = a_study()
    three_treated(study.before)
    return study.opens()


def test_a_check_says_what_saving_would_say_and_saves_nothing(begun):
    fields = {"on": "2099-01-01", "name": "Day 7"}
    before = begun.entries()
    checked = begun.types("investigator", "participants/001/record/visit/", **fields, **CHECK)
    saved = begun.types("investigator", "participants/001/record/visit/", **fields)
    refusal = re.search(r"[^>]*which has not come yet[^<]*", words(saved))[0]
    assert refusal in words(checked).partition('id="foreseen"')[2]
    assert begun.entries() == before


def test_a_check_says_what_is_wrong_beside_its_field_and_calls_nothing_missing(begun):
    checked = begun.types("investigator", "participants/001/record/visit/", on="2026-02-31", name="", **CHECK)
    assert checked.status_code == 200
    assert "date" in beside(checked, "on")
    assert "is missing" not in words(checked)
    right = begun.types("investigator", "participants/001/record/visit/", on="2026-01-07", name="Day 7", **CHECK)
    assert beside(right, "on") == ""
    assert "refused" not in words(right)


def test_a_check_speaks_of_the_row_that_is_on_the_page(begun):
    checked = begun.types(
        "investigator",
        "participants/001/record/laboratory/",
        on="2026-01-07",
        **{"results.0.analyte": "", "results.2.analyte": "albumin", "results.2.value.value": "4o"},
        **CHECK,
    )
    assert "number" in beside(checked, "results-2-value")
    assert beside(checked, "results-0-analyte") == ""


def test_a_check_of_a_correction_and_of_a_void_foresees_the_refusal(treated):
    consent = next(entry for entry in treated.entries() if entry.record == "consent/1")
    before = treated.entries()
    void = treated.types("coordinator", f"entries/{consent.seq}/void/", **CHECK)
    assert "would be refused" in words(void)
    correct = treated.types(
        "coordinator",
        f"entries/{consent.seq}/correct/",
        on="2099-01-01",
        version="1.0",
        given_by="participant",
        **CHECK,
    )
    assert "which has not come yet" in words(correct)
    assert treated.entries() == before


def test_the_list_of_problems_leads_to_the_fields_and_the_first_is_in_focus(begun):
    page = words(begun.types("investigator", "participants/001/record/visit/", on="", name=""))
    summary = page.partition('role="alert" tabindex="-1"')[2].partition("</div>")[0]
    assert re.findall(r'<a href="#([\w-]+)">', summary) == ["field-on", "field-name"]
    (focused,) = re.findall(r"<input[^>]* autofocus[^>]*>", page)
    assert 'id="field-on"' in focused


def test_words_of_the_dictionary_are_found_while_one_types(begun):
    found = words(begun.sees("investigator", "record/adverse_event/words/term/?term=febrile"))
    assert '<option value="Febrile neutropenia">' in found
    rows = words(begun.sees("investigator", "record/laboratory/words/results.0.analyte/?results.0.analyte=inr"))
    assert 'value="INR"' in rows
    assert begun.sees("investigator", "record/visit/words/name/?name=x").status_code == 404
    assert begun.sees("stranger", "record/adverse_event/words/term/?term=x").status_code == 404


def test_a_dose_is_given_in_the_units_of_the_protocol(treated):
    page = words(treated.sees("investigator", "participants/001/record/infusion/"))
    (units,) = re.findall(r'<select name="administered.unit".*?</select>', page, re.DOTALL)
    protocol = treated.before.desk.study.protocol
    assert re.findall(r'<option value="([^"]+)"', units) == [protocol.doses.levels[0].dose.unit]


def test_a_unit_alone_is_no_value(begun):
    fields = {"on": "2026-01-07", "detected": "no", "method": "flow", "level.value": "", "level.unit": "%"}
    answer = begun.types("investigator", "participants/001/record/mrd/", **fields)
    assert answer.status_code == 302, words(answer)
    assert '"level"' not in begun.entries()[-1].payload


def test_every_date_is_asked_for_and_shown_year_first(begun):
    page = words(begun.sees("investigator", "participants/001/record/adverse_event/"))
    assert "2026-05-03; 2026-05 or 2026 where the rest is unknown" in page
    assert 'type="date"' not in page  # a browser would show it in the order of its own language
