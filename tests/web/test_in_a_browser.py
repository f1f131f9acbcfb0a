"""A whole course in a real browser, from the log-in by screening, infusion, DLT and decision to the report."""

import re

import pytest
from tests.builders import CRITERIA, UNIT, day
from tests.web.browsing import log_in_as, press
from tests.web.conftest import PASSWORD

INFUSION = 72
"""The day of the third infusion: the stagger lets it be no earlier."""


def logs_in(page, server, study, role):
    page.context.clear_cookies(name="sessionid")
    page.goto(server + study.path())
    page.get_by_label("User name").fill(role)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")


def records(page, server, study, record, role="Investigator", **fields):
    """Fill in a form by the names of its fields, and save it."""
    page.goto(server + study.path(f"participants/003/record/{record}/"))
    for name, text in fields.items():
        field = page.locator(f"[name='{name.replace('__', '.')}']")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
    press(page, f"Record as The {role}")
    page.locator("[data-saved]").wait_for()


def confirms(page, server, study, stage, on):
    wanted = {
        f"verdicts__{place}__verdict": "met" if kind == "inclusion" else "not met"
        for place, (_, kind, _, _) in enumerate(CRITERIA)
    }
    records(page, server, study, "eligibility_confirmed", on=on, stage=stage, **wanted)


def consents(page, number):
    page.get_by_role("link", name="New participant").click()
    page.get_by_label("Participant number").fill(number)
    page.get_by_label("Date").fill(day(INFUSION - 21).isoformat())
    page.get_by_label("Version").fill("2.0")
    press(page, "Record as The Investigator")
    page.locator("[data-saved]").wait_for()


@pytest.fixture
def two_followed(a_study):
    """A study in which two were treated and followed without a DLT."""
    study = a_study()
    for number, infusion in (("001", 30), ("002", 58)):
        study.before.treats(number, day(infusion))
    study.before.finds("001", day(59))
    return study


def treats_the_third(page, server, study):
    logs_in(page, server, study, "investigator")
    consents(page, "003")
    admitted = day(INFUSION - 21).isoformat()
    confirms(page, server, study, "enrolment", admitted)
    records(page, server, study, "enrolment", on=admitted)
    page.goto(server + study.path())
    assert page.locator("a.dot.preparing .number").inner_text() == "003"
    records(page, server, study, "leukapheresis", on=day(INFUSION - 20).isoformat())
    records(page, server, study, "product_released", on=day(INFUSION - 8).isoformat(), lot="lot-003")
    conditioning = {"first_day": day(INFUSION - 5).isoformat(), "agents": "fludarabine"}
    records(page, server, study, "lymphodepletion", on=day(INFUSION - 3).isoformat(), **conditioning)
    confirms(page, server, study, "infusion", day(INFUSION).isoformat())
    given = {"administered__value": "0.5", "administered__unit": UNIT, "lot": "lot-003"}
    records(page, server, study, "infusion", on=day(INFUSION).isoformat(), **given)


def has_a_dlt(page, server, study):
    onset = day(INFUSION + 3).isoformat()
    event = {"term": "Seizure", "system_class": "Nervous system disorders", "grade": "4"}
    records(page, server, study, "adverse_event", onset=onset, relatedness="related", **event)
    number = str(study.entries()[-1].seq)
    page.goto(server + study.path("participants/003/"))
    assert page.get_by_text("Seizure").filter(visible=True).count() > 0
    found = {"on": onset, "verdict": "DLT", "adverse_event": number, "because": "grade 4"}
    records(page, server, study, "dlt_review", **found)
    logs_in(page, server, study, "committee")
    records(page, server, study, "dlt_review", "Committee", **found)
    records(page, server, study, "dlt_adjudication", "Committee", on=onset, because="both reviewers agree")


def decides(page, server, study):
    page.goto(server + study.path("decision/"))
    page.locator("[name=on]").fill(day(100).isoformat())
    page.locator("[name=members]").fill("C. Chair\nD. Deputy")
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Decide and sign as The Committee")
    page.locator("[data-saved]").wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_third_participant_goes_from_log_in_to_the_report(two_followed, server, open_page, scripts):
    study = two_followed
    study.before.finds("002", day(87))
    study.opens()
    page = open_page(java_script_enabled=scripts)
    treats_the_third(page, server, study)
    has_a_dlt(page, server, study)
    decides(page, server, study)
    assert [entry.record for entry in study.entries()[-2:]] == ["dose_decision/1", "signature/1"]
    page.goto(server + study.path("results/"))
    assert page.get_by_role("heading", level=1).inner_text() == "Results"
    assert page.locator("dl.glance dd").first.is_visible()
    assert page.complaints == []


def test_a_dose_is_infused_in_chinese(two_followed, server, open_page):
    study = two_followed
    for command, before, fields in (
        ("leukapheresis", 20, {}),
        ("product_released", 8, {"lot": "lot-003"}),
        ("lymphodepletion", 3, {"agents": ["fludarabine"], "first_day": day(INFUSION - 5)}),
    ):
        if command == "leukapheresis":
            study.before.admits("003", day(INFUSION - 21))
        study.before.says(command, "coordinator", "003", on=day(INFUSION - before), **fields)
    study.before.confirms("003", day(INFUSION), "infusion")
    study.opens()
    page = open_page()
    log_in_as(page, server, study.browser("investigator"))
    page.goto(server + study.path("participants/003/record/infusion/"))
    press(page, "中文")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    assert page.get_by_role("heading", level=1).inner_text().startswith("回输")
    page.get_by_label("日期 *", exact=True).fill(day(INFUSION - 1).isoformat())
    page.get_by_label("实际给予，数值").fill("0.5")
    page.get_by_label("批号").fill("lot-003")
    press(page, "以 The Investigator（研究者）的身份记录")
    refused = page.get_by_role("alert").filter(visible=True).first.inner_text()
    assert re.search(r"003.*最早日期为|须在回输前确定", refused), refused
    page.get_by_label("日期 *", exact=True).fill(day(INFUSION).isoformat())
    press(page, "以 The Investigator（研究者）的身份记录")
    assert "回输" in page.locator("[data-saved]").inner_text()
    assert study.entries()[-1].record == "infusion/1"
    assert [one for one in page.complaints if "409" not in one] == []


def test_a_field_is_checked_while_one_types(begun, server, open_page):
    page = open_page()
    log_in_as(page, server, begun.browser("investigator"))
    page.goto(server + begun.path("participants/001/record/visit/"))
    page.get_by_label("Date").fill("2026-02-31")
    error = page.locator("#field-on-said .error")
    error.wait_for()
    assert page.get_by_label("Date").get_attribute("aria-invalid") == "true"
    page.get_by_label("Date").fill("2099-01-01")
    page.get_by_label("Name").fill("Day 7")
    page.locator("#foreseen .note").wait_for()
    assert "which has not come yet" in page.locator("#foreseen").inner_text()
    assert error.count() == 0
    assert len(begun.entries()) == 2


def test_nothing_typed_is_lost_when_the_connection_drops(begun, server, open_page):
    page = open_page()
    log_in_as(page, server, begun.browser("investigator"))
    address = server + begun.path("participants/001/record/visit/")
    page.goto(address)
    page.get_by_label("Name").fill("Day 7")
    page.get_by_label("Date").fill("2026-01-07")
    page.context.set_offline(True)
    press(page, "Record as The Investigator")
    page.get_by_text("Not saved: no connection.").wait_for()  # the script asks first whether the site can be reached
    page.context.set_offline(False)
    page.goto(server + begun.path())
    page.goto(address)
    assert page.get_by_label("Name").input_value() == "Day 7"
    assert page.get_by_text("What you typed before is here again.").is_visible()
    press(page, "Record as The Investigator")
    page.locator("[data-saved]").wait_for()
    assert begun.entries()[-1].record == "visit/1"
    page.goto(address)
    assert page.get_by_label("Name").input_value() == ""
    assert not page.get_by_text("What you typed before is here again.").is_visible()


def test_a_draft_with_more_rows_than_the_form_comes_back_whole(begun, server, open_page):
    page = open_page()
    log_in_as(page, server, begun.browser("investigator"))
    address = server + begun.path("participants/001/record/laboratory/")
    page.goto(address)
    press(page, "More rows")
    page.locator("[name='results.5.analyte']").fill("albumin")
    page.goto(server + begun.path())
    page.goto(address)
    assert page.locator("[name='results.5.analyte']").input_value() == "albumin"


def test_no_draft_is_left_after_logging_out_or_for_somebody_else(begun, server, open_page):
    page = open_page()
    address = server + begun.path("participants/001/record/visit/")
    drafts = "Object.keys(sessionStorage).filter(key => key.startsWith('draft:')).length"
    logs_in(page, server, begun, "investigator")
    page.goto(address)
    page.get_by_label("Name").fill("Day 7")
    assert page.evaluate(drafts) == 1
    page.locator(".me summary").click()
    press(page, "Log out")
    page.get_by_label("User name").wait_for()
    assert page.evaluate(drafts) == 0
    logs_in(page, server, begun, "investigator")
    page.goto(address)
    page.get_by_label("Name").fill("Day 7")
    logs_in(page, server, begun, "coordinator")
    page.wait_for_load_state("load")
    assert page.evaluate(drafts) == 0


def test_a_whole_day_is_pasted_and_recorded(begun, server, open_page):
    page = open_page()
    log_in_as(page, server, begun.browser("investigator"))
    page.goto(server + begun.path("participants/001/laboratory-paste/"))
    page.get_by_label("Date of the sampling").fill("2026-01-07")
    page.get_by_label("Values").fill("血红蛋白\t71\tg/L\t115\t150\nplatelets\t18\t10^9/L\t125\t350")
    press(page, "Look at the lines")
    assert page.locator(".pasted .grade.g4").inner_text() == "4"
    press(page, "Record 2 values as The Investigator")
    page.locator("[data-saved]").wait_for()
    assert begun.entries()[-1].record == "laboratory/1"
