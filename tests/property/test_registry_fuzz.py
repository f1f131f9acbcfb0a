"""Whatever is thrown at the readers: they answer, or refuse with a sentence."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from tests.registry_records import the_record

from earlyphase.faults import InvalidInput
from earlyphase.registry.checks.catalogue import check_record
from earlyphase.registry.criteria import Item, parse_criteria
from earlyphase.registry.irregular import irregularities
from earlyphase.registry.leaves import Leaves
from earlyphase.registry.markup import letters, parse_markup, texts
from earlyphase.registry.model import Record
from earlyphase.registry.page import build_page
from earlyphase.registry.reading import read_record, write_record
from earlyphase.registry.render_html import html_page
from earlyphase.registry.render_json import page_as_json
from earlyphase.registry.render_terminal import terminal_page

LISTS = ("* ", "1. ", "2\\. ", "  ", "    ", "\n", "\n\n", "\r\n", "a) ", "c.", "- ", "+ ", "（1）", "：")
TRAPS = ("\\>", "<b>", "&lt;", "[x]: y", "```", "# ", "> ", "---", "\x00", "\x1b[2J", "\t")
WORDS = ("Inclusion Criteria:", "Exclusion Criteria", "ALT ≤ 3 mg/dL", "DLT", "3+3")
PIECES = st.sampled_from([*LISTS, *TRAPS, *WORDS])
MARKUP = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join)
STEPS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@STEPS
@given(MARKUP)
def test_no_letter_of_any_text_is_lost(text):
    assert letters(" ".join(texts(parse_markup(text)))) == letters(text)
    assert letters(" ".join(parse_criteria(text).texts())) == letters(text)


@STEPS
@given(MARKUP)
def test_every_item_stands_inside_the_text(text):
    def inside(item: Item, start: int, end: int) -> None:
        assert start <= item.start <= item.end <= end
        for part in item.items:
            if not part.orphan:
                inside(part, item.start, item.end)

    for section in parse_criteria(text).sections:
        for item in section.items:
            inside(item, 0, len(text))


NUMBERS = st.integers(-10, 10**20) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text()
ANY_JSON = st.recursive(SCALARS, lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(), held, max_size=3))


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, held in inner for found in paths(held, (*path, name)))]


def damaged(path: tuple[str | int, ...], new: Any) -> dict[str, Any]:
    data = json.loads(write_record(the_record()))
    target: Any = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = new
    return data


OUR_PATHS = [path for path in paths(json.loads(write_record(the_record()))) if path]


@STEPS
@given(st.sampled_from(OUR_PATHS), ANY_JSON | MARKUP)
def test_a_damaged_record_is_refused_or_read_whole_shown_and_checked(path, new):
    data = damaged(path, new)
    try:
        record = read_record(json.dumps(data))
    except InvalidInput:
        return
    assert json.dumps(json.loads(write_record(record))) == json.dumps(data)
    irregularities(record)
    check_record(record, dt.date(2026, 1, 1))
    shown_everywhere(record)


def shown_everywhere(record: Record) -> None:
    page = build_page(record)
    console = Console(file=io.StringIO(), width=80, color_system=None, highlight=False)
    console.print(terminal_page(page))
    printed = console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    assert "\x1b" not in printed
    shown = [letters(printed).replace("standsoutsideitslist", ""), json.dumps(page_as_json(page), ensure_ascii=False)]
    for leaf in Leaves(record.protocol_section).rest():
        assert letters(leaf.text) in shown[0]
        assert json.dumps(leaf.path, ensure_ascii=False) in shown[1] or leaf.path == "identificationModule.briefTitle"
    html_page(page).encode()


@STEPS
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_bytes_that_are_no_record_are_refused(given_bytes):
    with pytest.raises(InvalidInput):
        read_record(given_bytes)


@STEPS
@given(ANY_JSON)
def test_json_that_is_no_record_is_refused_and_what_is_unknown_is_kept(value):
    with pytest.raises(InvalidInput):
        read_record(json.dumps(value))
    data = {"protocolSection": {"unknown": value}, "more": value}
    assert json.dumps(json.loads(write_record(read_record(json.dumps(data))))) == json.dumps(data)


@STEPS
@given(st.integers(1, 400))
def test_a_record_that_was_cut_short_is_refused_with_line_and_column(share):
    whole = write_record(the_record())
    with pytest.raises(InvalidInput) as refused:
        read_record(whole[: len(whole) * share // 402])
    assert any(word in str(refused.value) for word in ("line", "byte"))
