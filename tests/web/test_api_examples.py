"""Every request on the page about the interface is sent, and answered as the page shows."""

import itertools
import json
import shlex

import pytest
from markdown_it import MarkdownIt
from tests.builders import day
from tests.checkout import ROOT
from tests.web.test_api import Program

PAGE = ROOT / "docs" / "how-to" / "use-the-api.md"


def fences():
    return [one for one in MarkdownIt("commonmark").parse(PAGE.read_text("utf-8")) if one.type == "fence"]


def examples():
    """Give each request of the page with the answer that follows it."""
    for asked, answered in itertools.pairwise(fences()):
        if asked.info == "text" and asked.content.startswith(("GET ", "POST ", "curl ")):
            assert answered.info == "json", asked.content
            yield asked.content, json.loads(answered.content)


def shows(shown, found):
    """Tell whether an answer holds what the page shows; 0 stands for any number."""
    if isinstance(shown, dict):
        return all(name in found and shows(value, found[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(found) and all(map(shows, shown, found))
    return isinstance(found, int) if shown == 0 else shown == found


def sent(program, text):
    from django.test import Client

    if text.startswith("curl "):
        return curled(program, text)
    head, _, body = text.partition("\n\n")
    line, *headers = head.splitlines()
    method, _, path = line.partition(" ")
    if path.startswith("/registry/"):
        return Client(SERVER_NAME="localhost").get(path)
    path = path.removeprefix("/api/studies/STUDY/")
    if method == "GET":
        place, _, query = path.partition("?")
        return program.asks(place, **dict(part.split("=") for part in query.split("&") if part))
    given = dict(header.split(": ", 1) for header in headers)
    return program.sends(path, body.encode(), **given)


def curled(program, text):
    """Send what a command line of curl would send, with a token that works in place of the one that is left out."""
    _, option, header, address = shlex.split(text)
    name, _, value = header.partition(": ")
    assert (option, name, value.partition("_")[0]) == ("--header", "Authorization", "Bearer ep")
    assert program.secret.startswith("ep_")
    return program.asks(address.partition("/api/studies/STUDY/")[2])


def test_every_block_of_the_page_is_a_command_or_one_of_a_request_and_its_answer():
    blocks = [one for one in fences() if one.info != "console"]
    assert [one.info for one in blocks] == ["text", "json"] * len(list(examples()))
    assert len(blocks) > 12


def test_the_page_names_every_address_that_can_be_read(django):
    from django.test import Client

    page = (
        PAGE.read_text("utf-8")
        .replace("/001", "/{number}")
        .replace("/NCT06633354", "/{number}")
        .replace("/7`", "/{seq}`")
    )
    described = Client(SERVER_NAME="localhost").get("/api/openapi.json").json()["paths"]
    paths = [path for path, methods in described.items() if "get" in methods and path != "/api/studies"]
    for path in paths:
        short = path.removeprefix("/api/studies/{study}/").removeprefix("/registry")
        assert f"`{short}`" in page or short.endswith("/feed/"), path


def test_every_request_is_answered_as_the_page_shows(a_study, registered):
    study = a_study()
    study.before.treats("001", day(30))
    program = Program(study.opens(), "coordinator")
    for asked, shown in examples():
        answer = sent(program, asked)
        expected = json.loads(json.dumps(shown).replace("STUDY", study.name))
        found = answer.json() | {"status": answer.status_code}
        assert answer.status_code < 500
        assert shows(expected, found), (asked, answer.content)


@pytest.mark.parametrize(("shown", "found"), [({"a": 1}, {"a": 2}), ([1], []), ({"a": {"b": 1}}, {"a": {}})])
def test_an_answer_that_differs_is_found(shown, found):
    assert not shows(shown, found)
