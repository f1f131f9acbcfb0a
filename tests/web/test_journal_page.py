"""The journal for who reads it: found by what, by whom and when; old beside new; as a table for other programs."""

import csv
import html
import io
import json
import re

import pytest
from tests.builders import day


def words(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture
def corrected(a_study):
    """One consented and was infused; the version of the consent form was corrected."""
    study = a_study()
    study.before.treats("001", day(30))
    study.before.consents("002", day(50))
    study.opens()
    consent = next(one.seq for one in study.entries() if one.record == "consent/1")
    fields = {"on": str(day(9)), "version": "2.0", "given_by": "participant", "reason": "The form was 2.0."}
    assert study.types("coordinator", f"entries/{consent}/correct/", **fields).status_code == 302
    return study


def numbers(answer):
    return [int(one) for one in re.findall(r'<a class="ref" href="[^"]*/entries/(\d+)/"', words(answer))]


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("participant=002", lambda one: one.participant == "002"),
        ("record=consent", lambda one: one.record == "consent/1"),
        ("kind=corrected", lambda one: one.kind == "corrected"),
        ("by=The+Coordinator", lambda one: one.recorded_by == "The Coordinator"),
        (f"until={day(20)}", lambda one: one.recorded_at[:10] <= str(day(20))),
        (
            f"since={day(21)}&participant=001",
            lambda one: one.recorded_at[:10] > str(day(20)) and one.participant == "001",
        ),
    ],
)
def test_entries_are_found_by_what_by_whom_and_when(corrected, asked, fits):
    from earlyphase.web.studies import journal_of

    wanted = [one.seq for one in reversed(journal_of(corrected.name).read()) if fits(one)]
    assert wanted
    assert numbers(corrected.sees("monitor", f"journal/?{asked}")) == wanted


def test_a_day_that_is_none_is_said(corrected):
    assert corrected.sees("monitor", "journal/?since=soon").status_code == 400


def test_old_and_new_stand_side_by_side_in_the_table(corrected):
    text = corrected.sees("monitor", "journal/export/csv/?kind=corrected").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["field"], row["old"], row["new"]) == ("version", "1.0", "2.0")
    assert (row["reason"], row["recorded_by"]) == ("The form was 2.0.", "The Coordinator")
    assert row["hash"] == corrected.entries()[-1].hash


def test_the_table_holds_every_entry_that_matches(corrected):
    rows = json.loads(corrected.sees("monitor", "journal/export/json/?participant=001").content)
    assert {row["entry"] for row in rows} == {one.seq for one in corrected.entries() if one.participant == "001"}
    assert corrected.sees("monitor", "journal/export/exe/").status_code == 404


def test_no_cell_of_the_table_is_a_formula(corrected):
    visit = {"on": str(day(60)), "name": "=cmd()"}
    corrected.types("coordinator", "participants/001/record/visit/", **visit)
    text = corrected.sees("monitor", "journal/export/csv/?record=visit").content.decode("utf-8-sig")
    assert "'=cmd()" in text
    assert ",=cmd()" not in text


def test_a_review_that_is_hidden_is_hidden_in_the_table_and_on_every_page_of_results(corrected):
    fields = {"on": str(day(60)), "verdict": "no DLT", "because": "nobody may know this"}
    done = corrected.types("investigator", "participants/001/record/dlt_review/", **fields)
    assert done.status_code == 302, words(done)
    for page in ("journal/export/csv/", "journal/export/json/", "data/", "data/participants/001/", "results/"):
        assert "nobody may know this" not in words(corrected.sees("monitor", page)), page
    for section in ("dlt-section", "cohort-section"):
        assert "nobody may know this" not in words(corrected.sees("committee", f"decision/packet/?x={section}"))
    assert "hidden until the reviews are complete" in words(corrected.sees("monitor", "journal/export/csv/"))


def a_days_values(*analytes):
    unit = "U/L"
    return [{"analyte": one, "value": {"value": place, "unit": unit}} for place, one in enumerate(analytes, start=1)]


@pytest.fixture
def long(a_study):
    """A study in which a day with fourteen values was recorded, and one of them corrected."""
    study = a_study()
    study.before.consents("001", day(1))
    study.before.says(
        "laboratory", "coordinator", "001", on=day(2), results=a_days_values(*(f"a{n}" for n in range(14)))
    )
    return study.opens()


def test_a_long_entry_is_folded_in_the_journal_and_whole_on_its_own_page(long):
    number = next(entry.seq for entry in long.entries() if entry.record.startswith("laboratory"))
    listed = words(long.sees("monitor", "journal/?record=laboratory"))
    assert '<details class="more">' in listed
    assert "and 11 more" in listed
    assert "a13 14" in listed
    own = words(long.sees("monitor", f"entries/{number}/"))
    assert "a13 14" in own
    assert '<details class="more">' not in own


def test_what_a_correction_changed_is_never_folded(long):
    number = next(entry.seq for entry in long.entries() if entry.record.startswith("laboratory"))
    fields = {"on": str(day(2)), "reason": "The source says so."}
    for place in range(14):
        fields |= {f"results.{place}.analyte": f"a{place}", f"results.{place}.value.value": str(place + 2)}
        fields |= {f"results.{place}.value.unit": "U/L"}
    answer = long.types("coordinator", f"entries/{number}/correct/", **fields)
    assert answer.status_code == 302, words(answer)
    listed = words(long.sees("monitor", "journal/?kind=corrected"))
    assert listed.count("<del>") == 14
    assert '<details class="more">' not in listed
