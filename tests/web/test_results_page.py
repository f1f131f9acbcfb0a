"""The results as of any cut-off: what stands in the tables can be followed to people, and saved as files."""

import json
import re

import pytest
from tests.builders import day, three_treated
from tests.web.answers import words


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def treated(a_study):
    """Three were infused; two were followed to the end of the window, one of them had a DLT."""
    study = a_study()
    infusions = three_treated(study.before)
    study.before.finds("001", day(infusions[0] + 29))
    study.before.finds_dlt("002", day(infusions[1] + 3))
    return study.opens()


def sections_of(page):
    return re.findall(r'href="\?(?:[^"]*&)?section=([\w-]+)"', page)


def test_every_section_is_shown_and_every_figure_drawn(treated):
    page = words(treated.sees("statistician", "results/"))
    sections = sections_of(page)
    assert {"flow-section", "escalation", "safety", "efficacy", "response-section"} <= set(sections)
    for section in sections:
        answer = treated.sees("statistician", f"results/?section={section}")
        assert answer.status_code == 200
        figures = re.findall(r'<figure class="plot" id="([\w-]+)">', words(answer))
        assert words(answer).count("<svg") >= len(figures)


def test_a_count_opens_the_list_of_its_participants_and_leads_to_each(treated):
    page = words(treated.sees("monitor", "results/?section=escalation"))
    lists = re.findall(r'popovertarget="(who-\d+)"', page)
    assert lists
    for name in lists:
        people = page.partition(f'<div popover id="{name}"')[2].partition("</div>")[0]
        assert re.search(r"/participants/00\d/", people)


def test_an_earlier_cut_off_counts_less_and_one_after_the_last_entry_is_refused(treated):
    last = words(treated.sees("monitor", "results/?section=escalation"))
    assert "/participants/002/" in last
    early = words(treated.sees("monitor", f"results/?section=escalation&cutoff={day(20).isoformat()}"))
    assert f"What had happened by {day(20)}" in early
    assert "/participants/002/" not in early
    assert treated.sees("monitor", "results/?cutoff=2030-01-01").status_code == 400
    assert treated.sees("monitor", "results/?cutoff=yesterday").status_code == 400


def test_results_can_be_seen_as_they_were_known(treated):
    then = words(treated.sees("monitor", f"results/?section=escalation&as_of={day(31).isoformat()}"))
    assert "/participants/003/" not in then


@pytest.mark.parametrize(
    ("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("rtf", b"{\\rtf"), ("csv", b"\xef\xbb\xbf")]
)
def test_a_table_is_saved_in_each_format(treated, kind, begins):
    answer = treated.sees("statistician", f"results/parts/populations/{kind}/")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{treated.name}-populations.{kind}"'


def test_a_figure_is_saved_as_a_drawing_and_what_there_is_not_is_not_found(treated):
    assert b"<svg" in treated.sees("statistician", "results/parts/flow/svg/").content
    for missing in ("flow/docx", "populations/exe", "no-such-table/pdf"):
        assert treated.sees("statistician", f"results/parts/{missing}/").status_code == 404


def test_the_results_data_follow_every_number_to_people(treated):
    rows = json.loads(treated.sees("statistician", "results/whole/json/").content)
    assert any("002" in row["participants"] for row in rows)
    assert treated.sees("statistician", "results/whole/pdf/").content.startswith(b"%PDF")


def test_nothing_is_computed_twice_for_one_head_and_cut_off(treated, monkeypatch):
    from earlyphase.web.views import results

    treated.sees("monitor", "results/")
    monkeypatch.setattr(results, "_make_tables", lambda _: pytest.fail("computed again"))
    assert treated.sees("statistician", "results/?section=safety").status_code == 200
    assert treated.sees("statistician", "results/parts/populations/csv/").status_code == 200


def test_an_entry_makes_the_results_anew(treated):
    before = words(treated.sees("monitor", "results/?section=flow-section"))
    fields = {"participant": "004", "on": day(75).isoformat(), "version": "1.0"}
    assert treated.types("coordinator", "record/consent/", **fields).status_code == 302
    assert words(treated.sees("monitor", "results/?section=flow-section")) != before
