"""The site of the documentation builds without a warning, and asks nothing of the network."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from tests.checkout import ROOT

from earlyphase.cli.commands import COMMANDS, Group

FETCHED = {
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("object", "data"),
}
ELSEWHERE = re.compile(r"^(https?:)?//")
STYLE_FROM_ELSEWHERE = re.compile(r"""url\(['"]?(https?:)?//""")


class Fetches(HTMLParser):
    """Collects what a browser fetches in order to show a page. A link that a reader may follow is none of it."""

    def __init__(self):
        super().__init__()
        self.addresses = []

    def handle_starttag(self, tag, attrs):
        self.addresses += [value for name, value in attrs if (tag, name) in FETCHED and value]


def fetched_from_elsewhere(html):
    parser = Fetches()
    parser.feed(html)
    return [address for address in parser.addresses if ELSEWHERE.match(address)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going", ROOT / "docs", folder]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder


def test_the_site_asks_nothing_of_the_network(site):
    pages = {page.name: fetched_from_elsewhere(page.read_text("utf-8")) for page in site.rglob("*.html")}
    assert {name: found for name, found in pages.items() if found} == {}
    assert "index.html" in pages
    styles = [
        sheet.name for sheet in site.rglob("*.css") if re.search(r"url\(['\"]?(https?:)?//", sheet.read_text("utf-8"))
    ]
    assert styles == []


def test_a_page_that_asks_the_network_is_found():
    assert fetched_from_elsewhere('<script src="//cdn.example/x.js"></script><a href="https://example.org">read</a>')
    assert not fetched_from_elsewhere('<script src="_static/x.js"></script><a href="https://example.org">read</a>')


def links(text):
    return re.findall(r"\]\(([^)#\s]+)", text)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md"])
def test_every_link_in_the_checkout_leads_to_a_file(page):
    local = [link for link in links((ROOT / page).read_text("utf-8")) if not ELSEWHERE.match(link)]
    assert [link for link in local if not (ROOT / link).exists()] == []


def test_the_page_of_commands_is_the_table_of_commands():
    told = []
    for name, entry in COMMANDS.items():
        commands = entry.commands if isinstance(entry, Group) else {"": entry}
        told += [
            f"| `{f'earlyphase {name} {inner}'.strip()}` | {command.help} |" for inner, command in commands.items()
        ]
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert [line for line in page.splitlines() if line.startswith("| `earlyphase ")] == told
