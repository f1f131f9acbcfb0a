"""The board: where the study stands, what is awaited, and what somebody must see to."""

import datetime as dt
import html
import re

import pytest
from tests.builders import ASSUMED, day, three_treated

from earlyphase.journal.entry import Draft, Kind
from earlyphase.journal.payloads import write_payload
from earlyphase.journal.payloads.conduct import Signature


def words(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


def plain(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", words(answer)).split())


@pytest.fixture
def waiting(a_study):
    """One was followed, one had a DLT, one is in the window."""
    study = a_study()
    infusions = three_treated(study.before)
    study.before.finds("001", day(infusions[0] + 29))
    study.before.finds_dlt("002", day(infusions[1] + 3))
    return study.opens()


def dots(page):
    return dict(re.findall(r'title="(\w+): ([^"]+)"', page))


def test_each_participant_is_a_dot_that_says_its_state_in_words(waiting):
    page = words(waiting.sees("coordinator"))
    assert dots(page) == {"001": "no DLT", "002": "DLT", "003": "pending"}
    assert '<span class="hidden">, pending</span>' in page


def test_slots_are_free_held_and_taken(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    study.before.admits("002", day(31))
    study.opens()
    page = words(study.sees("coordinator"))
    assert "<b>1</b> free, <b>1</b> held by participants not yet infused, <b>1</b> taken" in page
    assert dots(page) == {"001": "pending", "002": "preparing"}
    assert page.count('<span class="dot free"><span class="mark" aria-hidden="true">') == 1


def test_the_next_infusion_has_its_first_legal_day_and_the_reason(a_study):
    study = a_study()
    study.before.treats("001", day(30))
    study.opens()
    page = words(study.sees("investigator"))
    assert f"from <b>{day(58)}</b>, 28 days after" in page


def test_the_window_has_its_day_and_its_end(waiting):
    page = words(waiting.sees("monitor"))
    row = page.partition("In the DLT window, or waiting")[2].partition("</tbody>")[0]
    assert f'data-label="Infused">{day(72)}</td>' in row
    assert f'data-label="Window until">{day(100)}</td>' in row
    assert 'max="28"' in row


def test_what_each_outcome_would_lead_to_is_said(waiting):
    found = plain(waiting.sees("committee"))
    assert "1 evaluable, 1 with a DLT" in found
    assert "2 of 3 at dose 1 had a DLT" in found


def test_the_outcomes_in_which_all_are_evaluable_come_first(a_study):
    study = a_study()
    three_treated(study.before)
    study.opens()
    cases = re.findall(r'<th scope="row">(\d) evaluable, (\d) with a DLT</th>', words(study.sees("committee")))
    assert cases[:4] == [("3", "0"), ("3", "1"), ("3", "2"), ("3", "3")]
    assert cases[-1] == ("0", "0")


def test_who_is_in_the_window_has_the_day_under_the_dot(waiting):
    dot = words(waiting.sees("coordinator")).partition('title="003: pending"')[2].partition("</a>")[0]
    assert re.search(r'<span class="since">day \d+</span>', dot)


def test_the_recommendation_stands_before_all_else_that_holds_now(waiting):
    now = plain(waiting.sees("committee")).partition("Now Recommendation")[2].partition("Next infusion")[0]
    assert re.match(r" (stay|escalate|de-escalate|start|stop)", now)
    assert "The decision waits: 003 is in the DLT window until" in now


def test_an_open_query_and_an_overdue_report_are_alerts(waiting):
    fields = {"term": "Sepsis", "system_class": "Infections", "grade": "4", "onset": str(day(73))}
    more = {"relatedness": "related", "serious": "yes", "aware_on": str(day(73)), "expected": "no"}
    dictionary = {"dictionary": "own words", "scale": "CTCAE v5.0"}
    answer = waiting.types("investigator", "participants/003/record/adverse_event/", **fields, **more, **dictionary)
    assert answer.status_code == 302, words(answer)
    asked = {"act": "ask", "participant": "003", "asks": "Which organism?"}
    assert waiting.types("monitor", "data/", **asked).status_code == 302
    alerts = plain(waiting.sees("coordinator")).partition("Alerts")[2].partition("Dose levels")[0]
    assert "report overdue 003: Sepsis, grade 4" in alerts
    assert "open queries 1 are not closed, 1 not answered: 003." in alerts


def test_a_visit_that_nobody_recorded_is_an_alert(a_study):
    visits = [{"name": "Day 7", "day": 7, "first": 6, "last": 8, "assessments": []}]
    study = a_study(schedule={**ASSUMED, "assessments": {}, "visits": visits})
    study.before.treats("001", day(30))
    study.before.consents("002", day(45))
    study.opens()
    assert f"visit overdue 001: Day 7 (until {day(38)}) is not recorded." in plain(study.sees("coordinator"))


def test_a_signature_of_another_journal_is_an_alert_of_failed_verification(a_study):
    study = a_study()
    elsewhere = Signature(meaning="approved", printed_name="The Sponsor", covers="f" * 64)
    at, (last,) = dt.datetime.combine(day(2), dt.time(), dt.UTC), study.before.journal.read()[-1:]
    draft = Draft(at, "The Sponsor", "sponsor", Kind.SIGNED, "signature/1", None, write_payload(elsewhere))
    (moved,) = study.before.journal.append([draft], last.head)
    page = words(study.opens().sees("sponsor"))
    said = f"the signature of entry {moved.seq} covers the head ffffffffffff…, which no entry before it has."
    assert f"verification failed</strong> {said}" in page
    assert f'href="{study.path("journal/verify/")}"' in page.partition("verification failed")[2][:300]


def test_the_board_is_computed_once_for_a_head(waiting, monkeypatch):
    from earlyphase.web.views import board

    waiting.sees("coordinator")
    monkeypatch.setattr(board, "status_now", lambda *_: pytest.fail("computed again"))
    assert waiting.sees("monitor").status_code == 200
