"""The first steps of a participant, in a real browser: log in, consent, eligibility, enrolment, board."""

from tests.builders import CRITERIA
from tests.web.browsing import press
from tests.web.conftest import PASSWORD


def first_steps(page, server, study):
    page.goto(server + study.path())
    page.get_by_label("User name").fill("investigator")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")
    page.get_by_role("link", name="New participant").click()
    page.get_by_label("Participant number").fill("001")
    page.get_by_label("Date").fill("2026-01-06")
    page.get_by_label("Version").fill("2.0")
    press(page, "Record as The Investigator")
    page.get_by_text("Record for this participant").click()
    page.get_by_role("link", name="eligibility confirmed").click()
    page.get_by_label("Date").fill("2026-01-06")
    page.get_by_label("Stage").select_option("enrolment")
    for place, (_, kind, _, _) in enumerate(CRITERIA):
        page.locator(f"[name='verdicts.{place}.verdict']").select_option("met" if kind == "inclusion" else "not met")
    press(page, "Record as The Investigator")
    page.get_by_text("Record for this participant").click()
    page.get_by_role("link", name="enrolment", exact=True).click()
    page.get_by_label("Date").fill("2026-01-06")
    press(page, "Record as The Investigator")
    page.get_by_role("link", name="Board").click()
    assert page.locator("a.dot.preparing .number").inner_text() == "001"
    assert page.locator(".dot.free .number").count() == 2


def test_a_participant_is_taken_from_log_in_to_the_board_without_scripts(server, study, open_page):
    page = open_page(java_script_enabled=False)
    first_steps(page, server, study)
    assert page.complaints == []


def test_on_a_phone_nothing_is_wider_than_the_screen_and_nothing_is_complained_of(server, study, open_page):
    page = open_page(viewport={"width": 375, "height": 800})
    first_steps(page, server, study)
    for rest in ("", "journal/", "decision/", "participants/001/", "participants/001/record/adverse_event/", "sign/"):
        page.goto(server + study.path(rest))
        wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= room, rest
    assert page.complaints == []
