"""Chart, DLT, decision, team and data forms say while one types what saving would say; nothing is saved by it."""

import html
import re

import pytest
from tests.builders import day, three_treated
from tests.web.answers import words
from tests.web.browsing import log_in_as, press
from tests.web.conftest import PASSWORD

CHECK = {"check": "1"}


def beside(answer, field):
    """Give what an answer to a check says beside a field."""
    found = re.search(rf'id="{field}-said"[^>]*>(.*?)</div>', words(answer), re.DOTALL)
    assert found, f"nothing is said of {field}: {words(answer)}"
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def foreseen(answer, form=""):
    """Give what would be refused."""
    text = words(answer).partition(f'id="{form}-foreseen"' if form else 'id="foreseen"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", text.partition(">")[2]).split())


@pytest.fixture
def treated(a_study):
    study = a_study()
    three_treated(study.before)
    return study.opens()


CASES = [
    ("investigator", "participants/001/chart/", {"on": "2026-02-31"}, "field-on", "date"),
    ("investigator", "participants/001/chart/", {"temperature.value": "4o"}, "field-temperature", "number"),
    ("investigator", "safety/001/", {"on": "yesterday"}, "field-on", "date"),
    ("committee", "decision/", {"decision": "as recommended", "on": "soon"}, "field-on", "date"),
    ("committee", "decision/", {"cohort_size": "many"}, "field-cohort_size", "integer"),
    ("sponsor", "team/grant/", {"on": "2026-01-09", "until": "31/12/2026"}, "field-until", "date"),
    ("sponsor", "team/monitor/end/", {"on": "never"}, "field-on", "date"),
    ("sponsor", "team/monitor/deactivate/", {"because": "a\x07b"}, "field-because", "no text"),
    ("monitor", "data/participants/001/", {"act": "ask", "form": "ask", "entry": "x"}, "ask-entry", "integer"),
    (
        "monitor",
        "data/participants/001/",
        {"act": "ask", "form": "ask", "asks": "x" * 2001},
        "ask-asks",
        "at most 2000",
    ),
    (
        "monitor",
        "data/participants/001/",
        {"act": "verify", "form": "verify", "source": "\x00"},
        "verify-source",
        "no text",
    ),
]


@pytest.mark.parametrize(("role", "page", "fields", "field", "says"), CASES, ids=lambda one: str(one)[:30])
def test_what_is_wrong_is_said_beside_its_field(treated, role, page, fields, field, says):
    before = treated.journal()
    answer = treated.types(role, page, **fields, **CHECK)
    assert answer.status_code == 200
    assert says in beside(answer, field)
    assert "is missing" not in words(answer)
    assert treated.journal() == before


FORMS = [
    ("investigator", "participants/001/chart/", {}),
    ("investigator", "safety/001/", {}),
    ("committee", "decision/", {}),
    ("sponsor", "team/grant/", {}),
    ("sponsor", "team/monitor/end/", {}),
    ("sponsor", "team/monitor/deactivate/", {}),
    ("sponsor", "team/accounts/add/", {}),
    ("monitor", "data/participants/001/", {"act": "ask", "form": "ask"}),
    ("monitor", "data/participants/001/", {"act": "verify", "form": "verify"}),
]


@pytest.mark.parametrize(("role", "page", "fields"), FORMS)
def test_an_empty_form_is_not_blamed_while_one_types_and_its_page_asks(treated, role, page, fields):
    shown = words(treated.sees(role, page))
    assert 'hx-vals=\'{"check": "1"}\'' in shown
    head = treated.journal()[-1].hash
    answer = treated.types(role, page, head=head, **fields, **CHECK)
    assert (answer.status_code, "is missing" in words(answer)) == (200, False)


REFUSALS = [
    ("investigator", "participants/001/chart/", {"on": "2099-01-01", "at": "10:00", "hypotension": "no"}, ""),
    ("investigator", "safety/001/", {"on": "2099-01-01", "verdict": "no DLT", "because": "none"}, ""),
    ("sponsor", "team/grant/", {"person": "monitor", "role": "sponsor", "on": "2026-01-07"}, ""),
    ("sponsor", "team/monitor/end/", {"on": "2020-01-01", "because": "left"}, ""),
    ("monitor", "data/participants/001/", {"act": "ask", "form": "ask", "asks": "Which?", "entry": "99999"}, "ask"),
    (
        "monitor",
        "data/participants/001/",
        {"act": "verify", "form": "verify", "source": "file", "entries": "1"},
        "verify",
    ),
]


@pytest.mark.parametrize(("role", "page", "fields", "form"), REFUSALS, ids=lambda one: str(one)[:30])
def test_the_refusal_is_the_one_that_saving_gives(treated, role, page, fields, form):
    before = treated.journal()
    said = foreseen(treated.types(role, page, **fields, **CHECK), form)
    saved = treated.types(role, page, **fields, password=PASSWORD)
    assert saved.status_code == 409, words(saved)
    alert = re.search(r'role="alert".*?<p>(.*?)</p>', words(saved).partition("<main")[2], re.DOTALL)[1]
    refused = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", alert)).split())
    assert refused
    assert refused in html.unescape(said)
    assert treated.journal() == before


def test_a_decision_foresees_what_would_be_refused_and_that_the_study_has_changed(due):
    fields = {"decision": "as recommended", "on": day(120).isoformat(), "members": "C. Chair"}
    head = due.journal()[-1].hash
    right = due.types("committee", "decision/", **fields, head=head, **CHECK)
    assert foreseen(right) == ""
    future = due.types("committee", "decision/", **(fields | {"on": "2099-01-01"}), head=head, **CHECK)
    assert "which has not come yet" in foreseen(future)
    due.types("investigator", "participants/001/record/visit/", on=day(110).isoformat(), name="unscheduled")
    assert "the study has changed" in foreseen(due.types("committee", "decision/", **fields, head=head, **CHECK))
    assert due.journal()[-1].record == "visit/1"


def test_asking_carries_no_form_out_and_uses_up_no_token(treated):
    page = words(treated.sees("investigator", "participants/001/chart/"))
    token = re.search(r'name="once" value="([\w-]+)"', page)[1]
    fields = {"on": day(40).isoformat(), "at": "10:00", "hypotension": "no", "once": token}
    assert foreseen(treated.types("investigator", "participants/001/chart/", **fields, **CHECK)) == ""
    saved = treated.types("investigator", "participants/001/chart/", **fields)
    assert saved.status_code == 302, words(saved)


def test_a_wrong_password_is_no_part_of_asking_and_counts_for_nothing(due):
    from axes.models import AccessAttempt

    for _ in range(6):
        due.types("committee", "decision/", head=due.journal()[-1].hash, password="wrong", **CHECK)
    assert not AccessAttempt.objects.filter(username="committee").exists()


@pytest.fixture
def asked(treated):
    """Two queries are open."""
    for question in ("Which lot?", "Which day?"):
        treated.types("monitor", "data/participants/001/", act="ask", form="ask", asks=question)
    return treated


def test_each_line_of_a_page_of_queries_is_checked_for_itself(asked):
    first, second = [one.seq for one in asked.entries() if one.record == "query/1"]
    fields = {"act": "answer", "participant": "001", "query": str(second), "form": f"answer-{second}"}
    long = asked.types("coordinator", "data/", answer="x" * 2001, **fields, **CHECK)
    assert "at most 2000" in beside(long, f"answer-{second}-answer")
    assert f"answer-{first}" not in words(long)
    sent = words(asked.types("coordinator", "data/", answer="x" * 2001, **fields))
    assert f'value="{"x" * 2001}"' in sent  # nothing typed is lost
    assert sent.count("x" * 2001) == 1
    assert "at most 2000" in sent.partition(f'id="answer-{second}-answer-said"')[2][:200]


def test_what_is_typed_into_chart_decision_team_and_data_outlives_the_connection(asked, server, open_page):
    page = open_page()
    for role, address, field, text in (
        ("investigator", "participants/001/chart/", "note", "Slept well."),
        ("committee", "decision/", "members", "C. Chair"),
        ("sponsor", "team/grant/", "tasks", "enters data"),
        ("sponsor", "team/monitor/deactivate/", "because", "Left."),
        ("coordinator", "data/participants/001/", "answer", "The second one."),
        ("monitor", "data/participants/001/", "source", "hospital record"),
    ):
        log_in_as(page, server, asked.browser(role))
        page.goto(server + asked.path(address))
        page.locator(f"[name={field}]").last.fill(text)
        page.context.set_offline(True)
        page.locator("main form").filter(has=page.locator(f"[name={field}]")).last.locator("button").last.click()
        page.get_by_text("Not saved: no connection.").filter(visible=True).wait_for()
        page.context.set_offline(False)
        page.goto(server + asked.path())
        page.goto(server + asked.path(address))
        assert page.locator(f"[name={field}]").last.input_value() == text, address


def test_a_ticked_box_comes_back_and_another_form_of_the_page_keeps_its_draft(asked, server, open_page):
    page = open_page()
    log_in_as(page, server, asked.browser("monitor"))
    address = server + asked.path("data/participants/001/")
    page.goto(address)
    page.locator("[name=entries]").nth(1).check()
    page.locator("[name=asks]:not([type=hidden])").fill("And the dose?")
    press(page, "They agree: verify as The Monitor")  # the source is missing
    page.get_by_text("Something is wrong below.").wait_for()
    page.goto(server + asked.path())
    page.goto(address)
    assert page.locator("[name=entries]").nth(1).is_checked()
    assert not page.locator("[name=entries]").nth(0).is_checked()
    assert page.locator("[name=asks]:not([type=hidden])").input_value() == "And the dose?"


def test_a_chart_and_a_query_are_checked_in_the_browser(asked, server, open_page):
    page = open_page()
    log_in_as(page, server, asked.browser("investigator"))
    page.goto(server + asked.path("participants/001/chart/"))
    page.get_by_label("Date").fill("2026-02-31")
    page.locator("#field-on-said .error").wait_for()
    assert page.get_by_label("Date").get_attribute("aria-invalid") == "true"
    log_in_as(page, server, asked.browser("monitor"))
    page.goto(server + asked.path("data/participants/001/"))
    page.locator("#ask-entry").fill("99999")
    page.locator("#ask-asks").fill("Which?")
    page.locator("#ask-foreseen .note").wait_for()
    assert "99999" in page.locator("#ask-foreseen").inner_text()
    assert page.complaints == []
