"""Every page by the rules of WCAG 2.2 AA: in both themes, on a screen and on a phone, and by keyboard alone."""

import datetime as dt
import html
import itertools
import json
import re

import pytest
from tests.builders import day
from tests.registry_records import a_small_record
from tests.web.browsing import log_in_as
from tests.web.conftest import PASSWORD

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NUMBERS = itertools.count(1)
RECORD, OTHER = "NCT09000001", "NCT09000002"

ADDRESSES = {
    "home": "/",
    "registry": "/registry/?q=cells",
    "registry_compare": f"/registry/compare/?a={RECORD}&b={OTHER}",
    "registry_record": f"/registry/records/{RECORD}/",
    "registry_versions": f"/registry/records/{RECORD}/versions/",
    "registry_posted": f"/registry/records/{RECORD}/posted/",
    "registry_qualify": f"/registry/records/{RECORD}/qualify/",
    "account_login": "/account/log-in/",
    "account_logout": "/account/log-out/",
    "account_inactive": "/account/inactive/",
    "account_change_password": "/account/password/",
    "account_reauthenticate": "/account/reauthenticate/",
    "mfa_index": "/account/two-factor/",
    "mfa_authenticate": "/account/two-factor/authenticate/",
    "mfa_reauthenticate": "/account/two-factor/reauthenticate/",
    "mfa_activate_totp": "/account/two-factor/totp/activate/",
    "mfa_deactivate_totp": "/account/two-factor/totp/deactivate/",
    "mfa_view_recovery_codes": "/account/two-factor/recovery-codes/",
    "mfa_generate_recovery_codes": "/account/two-factor/recovery-codes/generate/",
    "board": "{study}",
    "participants": "{study}participants/",
    "participant": "{study}participants/002/",
    "profile": "{study}participants/002/profile/",
    "chart": "{study}participants/002/chart/",
    "identity": "{study}participants/002/identity/",
    "full_record": "{study}participants/002/whole/",
    "papers": "{study}paper/",
    "paper": "{study}paper/adverse_event/",
    "signatures": "{study}signatures/",
    "screening": "{study}screening/",
    "screening_of": "{study}screening/009/",
    "safety": "{study}safety/",
    "dlt": "{study}safety/003/",
    "record_of_participant": "{study}participants/002/record/adverse_event/",
    "record_of_study": "{study}record/consent/",
    "lab_paste": "{study}participants/002/laboratory-paste/",
    "decision": "{study}decision/",
    "packet": "{study}decision/packet/",
    "sign": "{study}sign/",
    "results": "{study}results/",
    "data": "{study}data/",
    "data_of": "{study}data/participants/002/",
    "design": "{study}design/",
    "team": "{study}team/",
    "grant": "{study}team/grant/",
    "end_role": "{study}team/monitor/end/",
    "accounts": "{study}team/accounts/",
    "account_add": "{study}team/accounts/add/",
    "account_act": "{study}team/monitor/password/",
    "identity_log": "{study}identities/",
    "journal": "{study}journal/",
    "verify": "{study}journal/verify/",
    "entry": "{study}entries/{entry}/",
    "correct": "{study}entries/{entry}/correct/",
    "void": "{study}entries/{entry}/void/",
}
"""An address of every page, by the name of its route."""

NO_PAGE = {
    "set_language": "answers with the page before",
    "words": "a part of a form",
    "registry_feed": "a feed",
    "registry_versions_feed": "a feed",
    "export": "a file",
    "export_found": "a file",
    "packet_file": "a file",
    "profile_pdf": "a file",
    "full_record_json": "a file",
    "full_record_pdf": "a file",
    "results_part": "a file",
    "results_whole": "a file",
    "mfa_download_recovery_codes": "a file",
}
"""The routes that show no page of their own, and why."""

OF_THE_SPONSOR = ("team", "grant", "end_role", "accounts", "account_add", "account_act")
ROLES = {"decision": "committee", **dict.fromkeys(OF_THE_SPONSOR, "sponsor")}
"""Who looks, where it is not the investigator."""
SECOND_FACTOR = {"mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"}
"""The pages of somebody who has a second factor."""
PARTS = 4

WINDOWS = (("light", 1280), ("dark", 375))
"""Theme, and width in pixels: each theme once, a screen once, a phone once."""


def named(patterns, space=""):
    """Give the names of every route, with the space that they stand in."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"


@pytest.fixture
def records(django):
    """Put two records into the registry of the site."""
    from django.db import connections

    from earlyphase.store.records_import import import_records
    from earlyphase.store.records_source import Given

    base = django.DATABASES["owner"]
    address = f"postgresql://{base['USER']}@/{base['NAME']}?host={base['HOST']}"
    given = [Given(f"file:{number}", json.dumps(a_small_record(number)).encode()) for number in (RECORD, OTHER)]
    import_records(address, given, dt.datetime(2026, 5, 4, tzinfo=dt.UTC))
    connections.close_all()


def address(study, route):
    return ADDRESSES[route].format(study=study.path(), entry=study.number(2))


def with_second_factor():
    """Make a person with a second factor; give a browser that is half in, and one that is in."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    from earlyphase.web.people.team import add_person

    person = add_person(f"factor{(number := next(NUMBERS))}", f"Two Factors {number}", PASSWORD)
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person).get_unused_codes()
    half, whole = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    for client in (half, whole):
        client.post("/account/log-in/", {"login": person.username, "password": PASSWORD})
    whole.post("/account/two-factor/authenticate/", {"code": codes[0]})
    whole.post("/account/reauthenticate/", {"password": PASSWORD})
    return half, whole


def just_logged_in(study, role):
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.post("/account/log-in/", {"login": study.people[role].username, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def session_for(study, route):
    """Give the browser whose session sees a page; none for the log-in."""
    if route == "account_login":
        return None
    if route == "mfa_authenticate":
        return with_second_factor()[0]
    if route in SECOND_FACTOR:
        return with_second_factor()[1]
    return just_logged_in(study, ROLES.get(route, "investigator"))


def faults_of(page, axe):
    """Give what a page does wrong, in each window."""
    found = {}
    for theme, width in WINDOWS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        broken = axe.run(page, options={"runOnly": RULES}).response["violations"]
        says = [f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in broken]
        wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        says += [f"{wide} px wide in {room} px"] if wide > room else []
        if says:
            found[f"{theme} {width}"] = says
    return found


def test_every_route_of_the_site_is_looked_at_or_shows_no_page(django):
    from earlyphase.web.urls import urlpatterns

    routes = {name for name in named(urlpatterns) if not name.startswith(("api", "probe", "metrics"))}
    assert routes == set(ADDRESSES) | set(NO_PAGE)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_breaks_a_rule_and_none_is_wider_than_its_window(busy, records, server, open_page, part):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page, broken = open_page(), {}
    for route in tuple(ADDRESSES)[part::PARTS]:
        page.context.clear_cookies()
        if client := session_for(busy, route):
            log_in_as(page, server, client)
        answer = page.goto(server + address(busy, route))
        assert answer.status == 200, f"{route}: {answer.status}"
        if route != "home":  # which leads on, where there is one study
            assert page.url == server + address(busy, route), f"{route} led to {page.url}"
        if faults := faults_of(page, axe):
            broken[route] = faults
    assert broken == {}, json.dumps(broken, indent=1)


def test_every_page_writes_dates_year_first_and_times_with_their_zone(busy, records):
    from django.test import Client

    mistakable = re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d\d:\d\d\b(?!:| UTC)|\b\d{1,2} ?[月日]")
    found = {}
    for route, language in itertools.product(ADDRESSES, ("en", "zh-hans")):
        client = session_for(busy, route) or Client(SERVER_NAME="localhost")
        client.cookies["language"] = language
        page = html.unescape(client.get(address(busy, route), follow=True).content.decode())
        assert f'<html lang="{language}">' in page, route
        shown = re.sub(r"<(script|style|code|svg)\b.*?</\1>|<[^>]*>|(例如|Such as) 14:30", " ", page, flags=re.DOTALL)
        if mistaken := mistakable.findall(shown):
            found[f"{route}, {language}"] = mistaken
    assert found == {}


def test_a_page_is_used_by_keyboard_alone(busy, server, open_page):
    page = open_page()
    log_in_as(page, server, busy.browser("investigator"))
    page.goto(server + busy.path())
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    summary = page.locator(".me summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Password"
    assert page.locator(":focus").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


def test_what_only_a_screen_needs_is_not_printed(busy, server, open_page):
    page = open_page()
    log_in_as(page, server, busy.browser("investigator"))
    page.goto(server + busy.path("participants/002/"))
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".tabs", ".me", ".languages", ".skip"):
        assert not page.locator(part).first.is_visible(), part
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_what_is_folded_on_a_screen_is_printed(a_study, server, open_page):
    study, page = a_study(), open_page()
    study.before.consents("001", day(1))
    values = [{"analyte": f"a{number}", "value": {"value": 1, "unit": "U/L"}} for number in range(14)]
    study.before.says("laboratory", "coordinator", "001", on=day(2), results=values)
    log_in_as(page, server, study.opens().browser("monitor"))
    page.goto(server + study.path("journal/?record=laboratory"))
    folded = page.locator(".more .says:not(summary)").first
    assert not folded.evaluate("one => one.checkVisibility()")
    page.emulate_media(media="print")
    assert folded.evaluate("one => one.checkVisibility()")


def test_on_a_telephone_each_cell_of_a_table_says_what_it_is(busy, server, open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    log_in_as(page, server, busy.browser("coordinator"))
    page.goto(server + busy.path("participants/"))
    cell = page.locator('td[data-label="Infused"]').first
    before = "one => getComputedStyle(one, '::before').content"
    assert cell.evaluate(before) == '"Infused"'
    box = page.locator("table.stack").first.bounding_box()
    assert box["x"] + box["width"] <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    assert cell.evaluate(before) == "none"
