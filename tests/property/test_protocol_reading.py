"""Whatever a protocol file holds, it is read or refused with a sentence."""

import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import a_protocol

from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.reading import parse_protocol

EXAMPLE = (study_folder("NCT06633354") / "protocol.yaml").read_text(encoding="utf-8").splitlines(keepends=True)[:70]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from([*"-:[]{}&*!|>'\"%@`#?,\t \n", "- ", ": ", "<<", "~", ".inf", "0x1F", "2026-01-01", "yes", "é"])


def refused_or_read(content: bytes) -> None:
    with suppress(InvalidInput):
        assert isinstance(parse_protocol(content), Protocol)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content):
    refused_or_read(content)


@given(st.lists(WORDS, max_size=25).map("".join))
def test_any_yaml_is_read_or_refused(text):
    refused_or_read(text.encode())


@settings(max_examples=40)
@given(st.integers(0, len(EXAMPLE) - 1), st.lists(WORDS, min_size=1, max_size=6).map("".join))
def test_a_broken_line_is_read_or_refused(line, scrap):
    refused_or_read("".join([*EXAMPLE[:line], scrap, *EXAMPLE[line:]]).encode())


@settings(max_examples=60)
@given(st.data())
def test_any_value_in_any_place_is_read_or_refused(data):
    whole = json.loads(a_protocol().model_dump_json(by_alias=True))
    part = whole
    while True:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not part[key] or not isinstance(part[key], dict | list) or data.draw(st.booleans()):
            part[key] = data.draw(JSON)
            break
        part = part[key]
    refused_or_read(json.dumps(whole).encode())


def test_a_protocol_that_is_written_is_read_back():
    protocol = a_protocol()
    assert parse_protocol(protocol.model_dump_json(by_alias=True).encode()) == protocol
