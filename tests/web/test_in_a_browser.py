"""The first steps of a participant, in a real browser: log in, consent, eligibility, enrolment, board."""

import shutil
import threading

import pytest
from tests.builders import CRITERIA
from tests.web.conftest import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def server(django):
    """Serve the site on a free port."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

    class Closing(ThreadedWSGIServer):
        def close_request(self, request):
            """Give the thread's connection back."""
            from django.db import connections

            super().close_request(request)
            connections.close_all()

    httpd = Closing(("127.0.0.1", 0), Quiet, ipv6=False)
    httpd.set_app(get_wsgi_application())
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def open_page():
    """Open pages in chromium; every message on its console, and every failed request, is noted."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium is installed (on Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def make(**options):
            page = browser.new_context(**options).new_page()
            page.complaints = []
            page.on("console", lambda message: page.complaints.append(message.text))
            page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
            return page

        yield make
        browser.close()


def press(page, button):
    page.get_by_role("button", name=button).click()


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
