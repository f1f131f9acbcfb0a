"""Every form with values that make no sense or mean harm: it is said beside the field, and nothing is saved."""

import json

import pytest
from tests.builders import day
from tests.web.answers import words
from tests.web.conftest import PASSWORD
from tests.web.test_conduct_checks import page_of

from earlyphase.journal.payloads import TYPES
from earlyphase.journal.payloads.conduct import Signature
from earlyphase.journal.payloads.delegation import RoleEnded
from earlyphase.study.roles import ACTS

SCRIPT = "<script>alert(1)</script>"

HOSTILE = {
    "script": SCRIPT,
    "SQL": "'; drop table journal_entry; --",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "path": "../../etc/passwd",
    "control character": "a\x00b\x07",
    "lost bytes": b"\xff\xfe\xe4".decode("utf-8", "replace"),
    "huge number": "1e999",
    "many digits": "9" * 400,
    "negative": "-1",
    "backwards": "\u202e2026-01-07",
    "far future": "2999-12-31",
    "no such day": "2026-02-31",
    "other digits": "２０２６-01-07",
    "white space": "  \t ",
    "JSON": '{"value": 1}',
}

UNREADABLE = ("control character", "lost bytes")


@pytest.fixture(scope="module")
def kept():
    """Keep one study for all forms: nothing is ever recorded in it."""
    return {}


@pytest.fixture
def begun(kept, a_study, monkeypatch, django):
    from earlyphase.web import studies

    if not kept:
        study = a_study()
        study.before.consents("001", day(1))
        kept["study"], kept["folders"], kept["before"] = study.opens(), django.EARLYPHASE_STUDIES, study.journal()
    monkeypatch.setattr(django, "EARLYPHASE_STUDIES", kept["folders"])
    studies.site_protocols.cache_clear()
    yield kept["study"]
    assert kept["study"].journal() == kept["before"]


def filled(parts, value, prefix=""):
    """Type a value into every field of a form, rows and units included."""
    from earlyphase.web.forms.shapes import Shape

    for part in parts:
        path = f"{prefix}{part.name}"
        if part.shape is Shape.ROWS:
            yield from filled(part.parts, value, f"{path}.0.")
        elif part.shape is Shape.QUANTITY:
            yield from ((f"{path}.value", value), (f"{path}.unit", value))
        else:
            yield path, value


def typed(kind, value):
    from earlyphase.web.forms.shapes import parts_of

    extra = {"participant": value} if kind.record == "consent" else {}
    if kind is Signature:
        return {"meaning": value, "head": value, "password": PASSWORD}
    return dict(filled(parts_of(kind.record), value)) | extra | {"password": PASSWORD, "head": value}


def harmless(answer):
    page = answer.content
    return SCRIPT.encode() not in page and b"Traceback" not in page and b"only-for-tests" not in page


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.record)
def test_a_form_full_of_what_makes_no_sense_records_nothing_and_says_what_is_wrong(begun, kind):
    browser = begun.browser(min(ACTS[kind]))
    for name, value in HOSTILE.items():
        answer = browser.post(begun.path(page_of(kind)), typed(kind, value))
        assert answer.status_code in (409, 422), (name, words(answer)[:500])
        assert harmless(answer), name
        assert "othing was" in words(answer), name
        if name in UNREADABLE and kind is not Signature:
            assert "holds a character that is no text" in words(answer)
            assert 'aria-invalid="true"' in words(answer)


@pytest.mark.parametrize("record", ["consent", "laboratory", "dose_decision", "role_granted"])
def test_ten_megabytes_in_one_field_are_refused_whole(begun, record):
    kind = next(kind for kind in TYPES if kind.record == record)
    answer = begun.types(min(ACTS[kind]), page_of(kind), on="x" * 10_000_000)
    assert answer.status_code in (400, 413)
    assert harmless(answer)


def test_more_fields_than_any_form_has_are_refused(begun):
    fields = {f"results.{number}.analyte": "x" for number in range(3000)}
    answer = begun.types("investigator", "participants/001/record/laboratory/", **fields)
    assert answer.status_code == 400
    assert harmless(answer)


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"name=%ff%fe&on=%C3%28", b"=&=&&&", b"%"])
def test_a_body_in_another_encoding_is_no_fault_of_ours(begun, body):
    answer = begun.browser("investigator").post(
        begun.path("participants/001/record/visit/"), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, 409, 422)
    assert harmless(answer)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in TYPES if kind.about == "participant" and kind.record != "consent"],
    ids=lambda kind: kind.record,
)
def test_a_participant_who_is_not_of_this_study_is_not_found(begun, kind):
    browser = begun.browser(min(ACTS[kind]))
    for number in ("777", "001%00", "..%2f001", "' or 1=1"):
        address = begun.path(page_of(kind, number))
        for answer in (browser.get(address), browser.post(address, {"on": "2026-01-07"})):
            assert answer.status_code == 404, number
            assert harmless(answer)


@pytest.mark.parametrize(
    ("record", "role", "fields", "beside"),
    [
        ("adverse_event", "investigator", {"onset": "2026-01-09", "resolved": "2026-01-07"}, "is resolved on"),
        ("adverse_event", "investigator", {"grade": "7"}, "less than or equal to 5"),
        ("role_granted", "sponsor", {"on": "2026-01-09", "until": "2026-01-07"}, "is before the first"),
    ],
)
def test_values_that_contradict_each_other_are_said(begun, record, role, fields, beside):
    kind = next(kind for kind in TYPES if kind.record == record)
    whole = {
        "adverse_event": {
            "term": "Seizure",
            "system_class": "Nervous system disorders",
            "dictionary": "CTCAE v5.0",
            "scale": "CTCAE v5.0",
            "grade": "3",
            "onset": "2026-01-07",
            "relatedness": "related",
        },
        "role_granted": {"person": "monitor", "role": "monitor", "password": PASSWORD},
    }[record]
    answer = begun.types(role, page_of(kind), **(whole | fields))
    assert answer.status_code == 422, words(answer)
    assert beside in words(answer)


@pytest.mark.parametrize("address", ["entries/0/", "entries/99999999999999999999/", "entries/-1/", "entries/1e9/"])
def test_an_entry_that_is_not_there_is_not_found(begun, address):
    assert begun.sees("monitor", address).status_code == 404


@pytest.mark.parametrize(
    "query", ["participant=%00", "from=-1", "from=99999999999999999999", "record=<script>", "by=%ff"]
)
def test_an_absurd_filter_finds_nothing_and_breaks_nothing(begun, query):
    answer = begun.sees("monitor", f"journal/?{query}")
    assert answer.status_code in (200, 400)
    assert harmless(answer)


@pytest.mark.parametrize("text", [HOSTILE[name] for name in UNREADABLE])
def test_the_command_line_refuses_what_is_no_text_as_the_browser_does(text):
    from tests.builders import Site

    from earlyphase.faults import InvalidInput
    from earlyphase.study.commands import read_command
    from earlyphase.study.desk import Author

    site = Site()
    site.consents("001", day(1))
    before = site.journal.read()
    line = json.dumps({"command": "visit", "participant": "001", "payload": {"on": "2026-01-07", "name": text}})
    with pytest.raises(InvalidInput, match=r"name.* holds a character that is no text"):
        site.desk.do(read_command(line, "line 1"), Author("Li Wei", "investigator"), site.now)
    assert site.journal.read() == before


def test_ending_a_role_that_nobody_has_is_not_found(begun):
    assert begun.sees("sponsor", page_of(RoleEnded).replace("monitor", "nobody-at-all")).status_code == 404


BY_HAND = [
    ("investigator", "participants/001/chart/", ("on", "at", "temperature.value", "note", "ice")),
    ("investigator", "safety/001/", ("on", "verdict", "because")),
    ("committee", "decision/", ("on", "decision", "members", "cohort_size", "head")),
    ("sponsor", "team/grant/", ("person", "role", "on", "until", "tasks")),
    ("sponsor", "team/monitor/end/", ("on", "because")),
    ("sponsor", "team/monitor/deactivate/", ("because",)),
    ("sponsor", "team/monitor/password/", ("because",)),
    ("sponsor", "team/monitor/unlock/", ("because",)),
    ("sponsor", "team/monitor/factor/", ("because",)),
    ("sponsor", "team/accounts/add/", ("username", "full_name")),
    ("monitor", "data/participants/001/", ("asks", "entry", "entries", "source")),
    ("monitor", "data/", ("participant", "query", "because")),
    ("coordinator", "data/", ("participant", "query", "answer")),
    ("investigator", "sign/", ("meaning", "head")),
    ("investigator", "participants/001/laboratory-paste/", ("on", "text")),
]
"""Pages whose forms are written by hand or stand among other things, and what is typed there."""


@pytest.mark.parametrize("check", ["", "1"], ids=["sent", "asked"])
@pytest.mark.parametrize(("role", "page", "names"), BY_HAND, ids=lambda one: str(one)[:40])
def test_no_page_breaks_over_what_makes_no_sense_sent_or_asked_while_one_types(begun, role, page, names, check):
    browser = begun.browser(role)
    for name, value in HOSTILE.items():
        for act in ("ask", "answer", "close", "verify") if page.startswith("data") else ("",):
            fields = dict.fromkeys(names, value) | {"act": act, "form": value[:50], "check": check}
            answer = browser.post(begun.path(page), fields)
            assert answer.status_code < 500, (name, act)
            assert harmless(answer), (name, act)
