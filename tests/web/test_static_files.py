"""Sheets, scripts and fonts: small, and kept by a browser for good under names that change with what they hold."""

import gzip
import re

import pytest


@pytest.fixture
def browser(django):
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def sheets(browser):
    return re.findall(r'<link rel="stylesheet" href="([^"]+)"', browser.get("/registry/").content.decode())


def test_a_sheet_is_small_and_kept_for_good(browser):
    for path in sheets(browser):
        assert re.match(r"/static/[0-9a-f]{12}/web/", path)
        answer = browser.get(path, headers={"accept-encoding": "gzip, br"})
        assert answer["Content-Encoding"] == "gzip"
        assert "immutable" in answer["Cache-Control"]
        assert answer["Content-Type"].startswith("text/css")
        plain = browser.get(path)
        assert gzip.decompress(answer.content) == plain.content
        assert "Content-Encoding" not in plain
        assert "Accept-Encoding" in plain["Vary"]


def test_what_a_sheet_refers_to_is_there(browser):
    sheet = sheets(browser)[0]
    fonts = re.findall(r'url\("\.\./([^"]+)"\)', browser.get(sheet).content.decode())
    assert fonts
    for font in fonts:
        answer = browser.get(f"{sheet.partition('/web/')[0]}/{font}", headers={"accept-encoding": "gzip"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "font/woff2")
        assert "Content-Encoding" not in answer


def test_a_page_of_another_release_gets_the_file_but_does_not_keep_it(browser):
    path = re.sub("[0-9a-f]{12}", "0" * 12, sheets(browser)[0])
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["../../settings.py", "web/nothing.css", "web/../web/page.css", "/etc/passwd", "web/"])
def test_nothing_else_can_be_asked_for(browser, name):
    prefix = sheets(browser)[0].partition("/web/")[0]
    assert browser.get(f"{prefix}/{name}").status_code == 404


def test_the_name_changes_with_what_a_file_holds(browser, tmp_path, monkeypatch):
    from earlyphase.web import static_files

    sheet = tmp_path / "a.css"
    monkeypatch.setattr(static_files, "_files", lambda: {"a.css": sheet})
    found = set()
    for text in ("a {}", "b {}"):
        sheet.write_text(text)
        static_files.digest.cache_clear()
        found.add(static_files.digest())
    static_files.digest.cache_clear()
    assert len(found) == 2


def test_the_first_page_of_a_reader_is_small(browser):
    """The page, its sheets and the fonts together, as they are sent."""
    page = browser.get("/registry/", headers={"accept-encoding": "gzip"})
    files = sheets(browser)
    sizes = [len(browser.get(path, headers={"accept-encoding": "gzip"}).content) for path in files]
    assert len(page.content) + sum(sizes) < 20_000
