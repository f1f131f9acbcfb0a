"""Whatever is typed, a command is recorded, refused with reasons, or named invalid; and nothing is half-written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import Site, day

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.journal.file import open_lines
from earlyphase.journal.payloads import BY_NAME
from earlyphase.study.commands import read_command
from earlyphase.study.desk import Author
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.roles import Role

WORDS = st.sampled_from(
    ["001", "002", "1.0", "DLT", "stay", "as recommended", "simulation", "met", "I1", "enrolment", ""]
)
DATES = st.integers(-3, 60).map(lambda number: str(day(number))) | st.sampled_from(["2026-02-30", "2026", "0000-00-00"])
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | WORDS | DATES
DOSES = st.fixed_dictionaries({"value": st.floats(-1, 3), "unit": st.sampled_from(["10*6/kg", "mg", "", "?"])})
VALUES = LEAVES | DOSES | st.lists(LEAVES | st.dictionaries(WORDS, LEAVES, max_size=2), max_size=2)
FIELDS = sorted({name for kind in BY_NAME.values() for name in kind.model_fields})
PAYLOADS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8)
COMMANDS = st.fixed_dictionaries(
    {"command": st.sampled_from([*BY_NAME, "correct", "void", "sign", "infussion"])},
    optional={
        "participant": st.sampled_from(["001", "002", "", "../..", None]),
        "payload": PAYLOADS,
        "entry": st.integers(-1, 12),
        "reason": WORDS,
        "meaning": WORDS,
        "printed_name": WORDS,
    },
)


def a_running_site():
    site = Site()
    site.treats("001", day(30))
    site.sees("001", day(33))
    return site


@given(st.lists(st.tuples(COMMANDS, st.sampled_from([*Role, "nobody"])), max_size=4))
def test_every_command_is_recorded_refused_or_invalid(given_commands):
    site = a_running_site()
    for fields, role in given_commands:
        before = site.journal.read()
        try:
            answer = site.desk.do(read_command(json.dumps(fields), "line 1"), Author("Li Wei", role), site.now)
        except InvalidInput as fault:
            answer = Refused((Reason("invalid", str(fault)),))
        if isinstance(answer, Entry):
            assert site.journal.read() == (*before, answer)
        else:
            assert site.journal.read() == before
        if isinstance(answer, Refused):
            assert all(str(reason) for reason in answer.reasons)
    assert reconstruct(site.protocols, site.journal.read()) == site.study


@given(st.text(max_size=60))
def test_text_that_is_no_command_is_named(text):
    with pytest.raises(InvalidInput, match="line 1"):
        read_command(text, "line 1")


@given(st.binary(min_size=1, max_size=300))
def test_bytes_that_are_no_journal_are_named(content):
    with pytest.raises(InvalidInput, match=r"journal\.jsonl"):
        open_lines(content, "journal.jsonl")
