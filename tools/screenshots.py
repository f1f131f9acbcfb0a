"""Takes a picture of every page of the web application, light and dark and as wide as a phone: `make screenshots`.

The pages are those of the application's own list of addresses: a page that is new is either among the pictures, or
among those of which it is said here why there is none. A test compares.
"""  # noqa: INP001 - a script, not a package

import argparse
import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OUT = Path(__file__).parents[1] / "build" / "screenshots"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000
"""Units: milliseconds."""


class Shot(NamedTuple):
    """One page: who looks at it, and where. Names in braces stand for what the demonstration has."""

    role: str
    path: str


class Look(NamedTuple):
    """One way of looking at every page."""

    scheme: str
    width: int
    height: int


LOOKS: Mapping[str, Look] = {
    "light": Look("light", 1280, 900),
    "dark": Look("dark", 1280, 900),
    "phone": Look("light", 390, 844),
}
"""By the name of the folder."""

NOBODY = ""
STUDY = "studies/{study}/"
PERSON = STUDY + "participants/{number}/"

SHOTS: Mapping[str, Shot] = {
    "account_login": Shot(NOBODY, "account/log-in/"),
    "home": Shot(NOBODY, "?"),
    "registry": Shot(NOBODY, "registry/"),
    "registry_record": Shot(NOBODY, "registry/records/{record}/"),
    "registry_qualify": Shot(NOBODY, "registry/records/{record}/qualify/"),
    "registry_compare": Shot(NOBODY, "registry/compare/"),
    "account_change_password": Shot("coordinator", "account/password/"),
    "account_reauthenticate": Shot("coordinator", "account/reauthenticate/"),
    "account_logout": Shot("coordinator", "account/log-out/"),
    "mfa_index": Shot("coordinator", "account/two-factor/"),
    "board": Shot("coordinator", STUDY),
    "participants": Shot("coordinator", STUDY + "participants/"),
    "screening": Shot("coordinator", STUDY + "screening/"),
    "screening_of": Shot("coordinator", STUDY + "screening/{number}/"),
    "participant": Shot("coordinator", PERSON),
    "chart": Shot("investigator", PERSON + "chart/"),
    "profile": Shot("coordinator", PERSON + "profile/"),
    "full_record": Shot("monitor", PERSON + "whole/"),
    "identity": Shot("coordinator", PERSON + "identity/"),
    "lab_paste": Shot("coordinator", PERSON + "laboratory-paste/"),
    "record_of_participant": Shot("investigator", PERSON + "record/adverse_event/"),
    "record_of_study": Shot("coordinator", STUDY + "record/consent/"),
    "papers": Shot("coordinator", STUDY + "paper/"),
    "paper": Shot("coordinator", STUDY + "paper/adverse_event/"),
    "safety": Shot("investigator", STUDY + "safety/"),
    "dlt": Shot("investigator", STUDY + "safety/{number}/"),
    "decision": Shot("committee", STUDY + "decision/"),
    "packet": Shot("committee", STUDY + "decision/packet/"),
    "signatures": Shot("monitor", STUDY + "signatures/"),
    "sign": Shot("committee", STUDY + "sign/"),
    "results": Shot("statistician", STUDY + "results/?section=efficacy"),
    "data": Shot("monitor", STUDY + "data/"),
    "data_of": Shot("monitor", STUDY + "data/participants/{number}/"),
    "design": Shot("statistician", STUDY + "design/"),
    "team": Shot("sponsor", STUDY + "team/"),
    "accounts": Shot("sponsor", STUDY + "team/accounts/"),
    "account_add": Shot("sponsor", STUDY + "team/accounts/add/"),
    "identity_log": Shot("sponsor", STUDY + "identities/"),
    "journal": Shot("monitor", STUDY + "journal/"),
    "verify": Shot("monitor", STUDY + "journal/verify/"),
    "entry": Shot("coordinator", STUDY + "entries/{corrected}/"),
    "correct": Shot("coordinator", STUDY + "entries/{entry}/correct/"),
    "void": Shot("coordinator", STUDY + "entries/{entry}/void/"),
}
"""Every page, by the name of its address."""

NOT_SHOWN: Mapping[str, str] = {
    "account_inactive": "needs an account that is no longer active",
    "set_language": "an act: it leads back",
    "registry_versions": "needs imported versions of a record",
    "registry_posted": "needs an imported record with results",
    "registry_feed": "a feed for other programs",
    "registry_versions_feed": "a feed for other programs",
    "full_record_json": "a file",
    "full_record_pdf": "a document",
    "profile_pdf": "a document",
    "packet_file": "a document",
    "results_part": "a file",
    "results_whole": "a file",
    "words": "a part of a form",
    "export": "a file",
    "export_found": "a file",
    "grant": "an act of the page of the team",
    "end_role": "an act of the page of the team",
    "account_act": "an act of the page of accounts",
    "mfa_authenticate": "comes between the password and the first page",
    "mfa_reauthenticate": "as the page that asks for the password again",
    "mfa_activate_totp": "shows a secret",
    "mfa_deactivate_totp": "needs a second factor",
    "mfa_view_recovery_codes": "shows secrets",
    "mfa_generate_recovery_codes": "needs a second factor",
    "mfa_download_recovery_codes": "a file",
}
"""Addresses of which there is no picture, each with the reason."""

SPACES_NOT_SHOWN = frozenset({"api"})
"""What programs talk to."""


def names_of_addresses() -> Iterator[str]:
    """Name every address of the application; Django has been started."""
    from django.urls import get_resolver  # noqa: PLC0415 - needs Django
    from django.urls.resolvers import URLPattern, URLResolver  # noqa: PLC0415 - as above

    waiting: list[URLPattern | URLResolver] = [*get_resolver().url_patterns]
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLPattern):
            yield one.name or str(one.pattern)
        elif one.namespace not in SPACES_NOT_SHOWN:
            waiting += one.url_patterns


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which pages (default: all)")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--language", default="en", help="en or zh-hans")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(SHOTS))
    if unknown:
        parser.error(f"no page {', '.join(unknown)}: there are {', '.join(SHOTS)}")
    wanted = {name: shot for name, shot in SHOTS.items() if not given.names or name in given.names}
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only the pictures need a browser

    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        taken = sum(
            _look(browser, address, wanted, given.out / name, look, given.language) for name, look in LOOKS.items()
        )
        browser.close()
    print(f"{taken} pictures in {given.out}")  # noqa: T201 - a script says what it did


@contextmanager
def demonstration() -> Iterator[str]:
    """Serve the demonstration on a free port; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "earlyphase.cli.main", "serve", "--demo", "--json", "--port", str(port)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as site:  # noqa: S603 - our own program
        try:
            yield str(json.loads((site.stdout.readline() if site.stdout else "") or "{}")["address"]).rstrip("/")
        finally:
            site.send_signal(signal.SIGINT)
            site.wait(timeout=30)


def _chromium() -> str | None:
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def _look(browser: "Browser", address: str, wanted: Mapping[str, Shot], out: Path, look: Look, language: str) -> int:
    """Take the pictures of one look; who looks logs in once."""
    out.mkdir(parents=True, exist_ok=True)
    taken, known = 0, _known(browser, address)
    for role in dict.fromkeys(shot.role for shot in wanted.values()):
        size = {"width": look.width, "height": look.height}
        window = browser.new_context(color_scheme=look.scheme, viewport=size)  # pyright: ignore[reportArgumentType] - plain values
        window.add_cookies([{"name": "language", "value": language, "url": address}])
        page = window.new_page()
        page.set_default_timeout(PATIENCE)
        if role:
            _log_in(page, address, role)
        for name, shot in wanted.items():
            if shot.role == role:
                answer = page.goto(f"{address}/{shot.path.format_map(known)}")
                if answer is None or not answer.ok:
                    sys.exit(f"{name}: {shot.path} answered {answer.status if answer else 'nothing'}")
                page.screenshot(path=out / f"{name}.png", full_page=True)
                taken += 1
        window.close()
    return taken


def _log_in(page: "Page", address: str, role: str) -> None:
    page.goto(f"{address}/account/log-in/")
    page.locator("input[name=login]").fill(role)
    page.locator("input[name=password]").fill(_password(page))
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "log-in" not in url)


def _password(page: "Page") -> str:
    """Read the password of the demonstration from its log-in page."""
    return page.locator(".demo-people p code").first.inner_text()


def _known(browser: "Browser", address: str) -> dict[str, str]:
    """Find what the demonstration has: its study, a participant, an entry, and one that was corrected."""
    window = browser.new_context()
    page = window.new_page()
    _log_in(page, address, "coordinator")
    study = page.url.rstrip("/").rpartition("/")[2]
    numbers = page.locator("a.dot .number").all_inner_texts()
    page.goto(f"{address}/studies/{study}/journal/?record=laboratory&kind=corrected")
    corrected = page.locator(".entries .ref").first.inner_text()
    page.goto(f"{address}/studies/{study}/journal/?record=laboratory&kind=recorded")
    entry = page.locator(".entries > li:not(.superseded) .ref").first.inner_text()
    window.close()
    return {"study": study, "record": study, "number": numbers[-1], "corrected": corrected, "entry": entry}


if __name__ == "__main__":
    main()
