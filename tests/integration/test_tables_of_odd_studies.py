"""Whatever a study is like, each table states a result, and all the others still come out."""

from typing import Any

import pytest
from tests.builders import ASSUMED, Site, a_protocol, day

from earlyphase.exchange.registry_results import registry_results
from earlyphase.journal.entry import Entry
from earlyphase.protocol.endpoints import Endpoint
from earlyphase.reports.drawing import drawn
from earlyphase.reports.outputs.table_csv import table_csv
from earlyphase.reports.outputs.table_docx import table_docx
from earlyphase.reports.outputs.table_rtf import table_rtf
from earlyphase.reports.page import foot, page
from earlyphase.reports.results_data import results_data
from earlyphase.reports.study_report import results
from earlyphase.reports.study_tables import study_tables

INFUSED = 30
TIME = {**ASSUMED, "role": "secondary", "measure": "time to event", "origin": "infusion", "interval": "log-log"}
ENDPOINTS = [
    {**ASSUMED, "id": "ORR", "title": "Overall response rate", "role": "secondary", "measure": "proportion",
     "population": "infused", "origin": "infusion", "responses": ["CR", "CRi", "PR"], "horizon_days": 84,
     "interval": "clopper-pearson"},
    {**TIME, "id": "DOR", "title": "Duration of response", "population": "responders", "origin": "first response",
     "events": ["relapse", "death from the disease"], "competing": ["death from another cause", "transplant"],
     "censored_at": ["new anti-tumour therapy"], "horizon_days": 365},
    {**TIME, "id": "OS", "title": "Overall survival", "population": "infused", "events": ["death"],
     "horizon_days": 365},
]  # fmt: skip


def a_site() -> Site:
    return Site(a_protocol(stagger={"after_first_of_level": 0, "between_others": 0}, endpoints=ENDPOINTS))


def everything(site: Site, **options: Any):
    """Make every table and figure, in every shape that does not need long."""
    found = results(site.study, **options)
    report = study_tables(found)
    drawings = drawn(report.figures)
    assert page(report, drawings)
    for table in report.tables:
        assert table.rows or table.empty
        assert table_csv(table)
        assert table_rtf(table, table.title, foot(report), report.stamp)
        assert table_docx(table, table.title, foot(report), report.stamp)
    assert [row for row in results_data(report.tables) if row.value is None and not row.note] == []
    assert registry_results(found.study)
    return {table.id: table for table in report.tables}


def cells(table, name):
    return next([cell.text for cell in row.cells] for row in table.rows if name in row.cells[0].text)


def given(answer):
    assert isinstance(answer, Entry), answer


def test_zero_participants():
    tables = everything(a_site())
    assert tables["response-orr"].empty == "Nobody is infused: there is no rate."
    assert "nobody to follow" in cells(tables["time-to-event"], "(OS)")


def test_zero_events_and_one_participant_censored_on_day_0():
    site = a_site()
    site.treats("001", day(INFUSED))
    tables = everything(site)
    assert cells(tables["time-to-event"], "(OS)")[1:5] == ["1", "0", "0", "1"]
    assert "not reached" in cells(tables["time-to-event"], "(OS)")[5]
    assert not tables["teae-level"].rows or tables["teae-level"].empty


def test_everybody_an_event():
    site = a_site()
    for number in (1, 2, 3):
        site.treats(f"00{number}", day(INFUSED + number))
        given(site.sees(f"00{number}", day(INFUSED + number + 1)))
    for number in (1, 2, 3):
        on = day(INFUSED + 50 + number)
        given(site.says("death", "investigator", f"00{number}", on=on, cause="disease", cause_text="leukaemia"))
    tables = everything(site)
    assert cells(tables["time-to-event"], "(OS)")[1:3] == ["3", "3"]
    assert cells(tables["time-to-event"], "(OS)")[7].startswith("0.0")


def test_an_event_before_the_infusion_is_not_emergent_and_everything_else_is_counted():
    site = a_site()
    site.treats("001", day(INFUSED))
    given(site.sees("001", day(INFUSED - 10), term="Fever", system_class="General disorders"))
    given(site.sees("001", day(INFUSED + 3)))
    tables = everything(site)
    names = [row.cells[0].text for row in tables["teae-level"].rows]
    assert "Seizure" in " ".join(names)
    assert "Fever" not in " ".join(names)


def test_what_is_recorded_after_the_death_is_refused_or_counted_and_breaks_no_table():
    site = a_site()
    site.treats("001", day(INFUSED))
    given(site.says("death", "investigator", "001", on=day(INFUSED + 20), cause="disease", cause_text="leukaemia"))
    late = site.sees("001", day(INFUSED + 40))
    assert isinstance(late, Entry) or late.reasons
    tables = everything(site)
    assert cells(tables["time-to-event"], "(OS)")[1:3] == ["1", "1"]


def test_response_without_counts_stands_as_assessed_and_is_open_by_the_findings():
    site = a_site()
    site.treats("001", day(INFUSED))
    on = day(INFUSED + 28)
    given(site.says("marrow", "coordinator", "001", on=day(INFUSED - 1), blasts={"value": 60, "unit": "%"},
                    method="morphology"))  # fmt: skip
    given(site.says("marrow", "coordinator", "001", on=on, blasts={"value": 1, "unit": "%"}, method="morphology"))
    given(site.says("response_assessment", "investigator", "001", on=on, response="CR", criteria="ELN 2024"))
    tables = everything(site)
    assert cells(tables["response-orr"], "Overall response rate")[1] == "1 (100\u202f%)" or (
        cells(tables["response-orr"], "Overall response rate")[1].startswith("1 (100")
    )
    assert cells(tables["response-derived"], "not known")[1].startswith("1")
    assert any("missing: circulating blasts" in note for note in tables["response-derived"].footnotes)


def test_a_level_with_nobody_has_its_column_and_no_rate():
    site = a_site()
    site.treats("001", day(INFUSED))
    tables = everything(site)
    dlt = tables["dlt"]
    assert [row for row in dlt.rows if "Level 3" in row.cells[0].text]


def test_a_cut_off_before_the_first_consent_leaves_nobody():
    site = a_site()
    site.treats("001", day(INFUSED))
    tables = everything(site, cutoff=day(1))
    assert tables["response-orr"].rows == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"interval": "clopper-pearson"}, "is a curve: its interval is one of plain, log, log-log, logit, arcsin"),
        ({"measure": "proportion"}, "is a proportion: its interval is one of clopper-pearson, mid-p, wilson"),
        ({"remission_within_days": 84}, "name the `responses` that are one"),
    ],
)
def test_an_endpoint_that_cannot_be_estimated_is_refused_when_the_protocol_is_read(changes, said):
    with pytest.raises(ValueError, match=said):
        Endpoint.model_validate(ENDPOINTS[2] | changes)


@pytest.mark.parametrize("interval", ["plain", "log", "log-log", "logit", "arcsin"])
def test_every_interval_of_a_curve_can_be_specified(interval):
    site = Site(a_protocol(endpoints=[ENDPOINTS[2] | {"interval": interval}]))
    site.treats("001", day(INFUSED))
    assert results(site.study).times[0].median.interval == interval
