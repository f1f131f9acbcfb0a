"""A protocol file that is wrong is told so by line, with what stands there and what was expected."""
# ruff: noqa: E501 - a table is read by its rows

import hashlib
import re
from pathlib import Path

import pytest

from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import parse_protocol, read_protocol, read_protocols, read_version

EXAMPLE = study_folder("NCT06633354") / "protocol.yaml"


def the_example(old: str = "", new: str = "") -> bytes:
    """Give the example protocol with one place changed."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    return text.replace(old, new, 1).encode()


def complaint(content: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse_protocol(content, "protocol.yaml")
    return str(caught.value)


def line_of(words: str, content: bytes) -> int:
    return next(n for n, line in enumerate(content.decode().splitlines(), 1) if words in line)


def test_the_example_protocol_says_all_that_a_study_needs():
    protocol = read_protocol(EXAMPLE)
    assert [str(protocol.doses.dose(level)) for level in protocol.doses.numbers] == [
        "0.25 × 10⁶/kg", "0.5 × 10⁶/kg", "1.0 × 10⁶/kg", "2.0 × 10⁶/kg",
    ]  # fmt: skip
    assert protocol.escalation.rule.variant == "six_at_mtd"
    assert [len([c for c in protocol.criteria if c.kind == kind]) for kind in ("inclusion", "exclusion")] == [11, 9]
    assert {c.id: len(c.items) for c in protocol.criteria if c.items} == {"I2": 4, "E6": 4}
    assert [endpoint.id for endpoint in protocol.endpoints] == ["DLT", "TEAE", "ORR", "DOR", "PFS", "OS"]
    assert protocol.expansion is not None
    assert protocol.expansion.total == 30


def test_a_version_carries_the_digest_of_its_file():
    assert read_version(EXAMPLE).sha256 == hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()


WRONG = {
    "a unit-less dose": (
        "dose: { value: 0.5, unit: 10*6/kg }", "dose: { value: 0.5 }",
        "`doses.levels[2].dose` has no `unit`",
    ),
    "a dose that is only a number": (
        "dose: { value: 0.5, unit: 10*6/kg }", "dose: 0.5",
        "0.5 at `doses.levels[2].dose` is not a mapping of keys and values. Its keys: value, unit.",
    ),
    "a negative dose": (
        "dose: { value: 0.5, unit: 10*6/kg }", "dose: { value: -0.5, unit: 10*6/kg }",
        "a dose is more than nothing",
    ),
    "a unit that nobody knows": (
        "dose: { value: 0.5, unit: 10*6/kg }", "dose: { value: 0.5, unit: 10*6/kgg }",
        "Did you mean 10*6/kg",
    ),
    "a level 0": ("level: 1, dose", "level: 0, dose", "there is no dose level 0"),
    "a starting level that is not there": ("start: 1", "start: 4", "the starting level 4 is not among the levels"),
    "doses out of order": ("value: 2.0, unit", "value: 0.9, unit", "dose levels ascend"),
    "an unknown key": ("cohort_size: 3", "cohort_sise: 3", "'cohort_sise' is not a key of `escalation`. Did you mean `cohort_size`?"),
    "a key that stands twice": ("cohort_size: 3", "cohort_size: 3\n  cohort_size: 6", "'cohort_size' stands twice: first in line"),
    "a missing key": ("    variant: six_at_mtd\n", "", "`escalation.rule` has no `variant`"),
    "an unknown choice": ("variant: six_at_mtd", "variant: six_at_mdt", "Did you mean 'six_at_mtd'? Choices: lowest_stop"),
    "a word for a number": ("cohort_size: 3", "cohort_size: three", "'three' at `escalation.cohort_size` is not a whole number"),
    "a quoted number": ("cohort_size: 3", 'cohort_size: "3"', "'3' at `escalation.cohort_size` is not a whole number"),
    "a truth value for a number": ("cohort_size: 3", "cohort_size: true", "True at `escalation.cohort_size` is not a whole number"),
    "a fraction of a participant": ("cohort_size: 3", "cohort_size: 3.5", "3.5 at `escalation.cohort_size` is not a whole number"),
    "a number for text": ('version: "1.0"', "version: 1.0", "1.0 at `version` is not text: put it in quotes"),
    "a list for a mapping": ("  levels:\n    - { level: -1, dose: {", "  levels:\n    - [ { level: -1, dose: {", None),
    "not a number": ("tolerance_percent: 20", "tolerance_percent: .nan", "is not a number that can be used"),
    "a tab": ("  count: 30", "\tcount: 30", "Indent with spaces, not tabs."),
    "an open bracket": ("replaced:", "replaced: [", "is not YAML"),
    "an alias": ("stage: screening", "stage: &s screening\n    question: *s", "is used again by an alias"),
    "two criteria of one name": ("id: I2", "id: I1", "there are two criterion items named I1"),
    "a kind that the id denies": ("id: I2\n    kind: inclusion", "id: I2\n    kind: exclusion", "I2 is named as an inclusion criterion"),
    "a visit outside its window": ("day: 4, first: 3", "day: 2, first: 3", "is planned on day 2, outside its window 3 to 5"),
    "an assessment that is not explained": ("disease, vital_signs, performance, blood_count, chemistry, coagulation,\n", "diseases,\n", "asks for 'diseases'"),
    "an endpoint that counts nothing": ("    events: [adjudicated DLT]\n", "", "names neither events nor responses"),
    "an expansion beyond the plan": ("  total: 30", "  total: 31", "the expansion goes to 31 participants, but 30 are planned"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_protocol_is_told_where_and_why(old, new, expected):
    said = complaint(the_example(old, new))
    assert re.match(r"protocol\.yaml:\d+", said)
    assert expected is None or expected in said


def test_the_line_is_the_one_where_the_mistake_stands():
    content = the_example("cohort_size: 3", "cohort_sise: 3")
    assert complaint(content).startswith("protocol.yaml:")
    assert f"protocol.yaml:{line_of('cohort_sise', content)}:" in complaint(content)


def test_further_mistakes_are_named_by_line():
    content = the_example("cohort_size: 3", "cohort_size: three").replace(
        b"horizon_days: 28\n", b"horizon_days: month\n"
    )
    assert f"There is more to correct: line {line_of('horizon_days: month', content)}." in complaint(content)


def test_what_is_no_protocol_at_all_is_told_so():
    assert "is empty" in complaint(b"")
    assert "is empty" in complaint(b"# only a remark\n")
    assert "is not text in UTF-8" in complaint(b"\xff\xfe\x00\x01")
    assert "is not YAML" in complaint(b"\x00\x01\x02")
    assert "is not a mapping" in complaint(b"- a list")
    assert "is not a mapping" in complaint(b"only words")
    assert "deep" in complaint(b"[" * 3000)
    assert "deep" in complaint(b"a: " + b"[" * 60 + b"]" * 60)
    assert "is larger than" in complaint(b"a" * (4 * 1024 * 1024 + 1))


def test_a_folder_without_a_protocol_is_told_so(tmp_path: Path):
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        read_protocols(tmp_path)


def test_amendments_follow_the_original_protocol(tmp_path: Path):
    (tmp_path / "protocol.yaml").write_bytes(the_example())
    (tmp_path / "protocol-2.yaml").write_bytes(the_example('version: "1.0"', 'version: "2.0"'))
    assert list(read_protocols(tmp_path)) == ["1.0", "2.0"]


def test_two_files_with_one_version_are_refused(tmp_path: Path):
    (tmp_path / "protocol.yaml").write_bytes(the_example())
    (tmp_path / "protocol-2.yaml").write_bytes(the_example("count: 30", "count: 31"))
    with pytest.raises(InvalidInput, match="is a version that another file of this study has"):
        read_protocols(tmp_path)


def test_an_amendment_of_another_study_is_refused(tmp_path: Path):
    other = the_example('version: "1.0"', 'version: "2.0"').replace(b"study: NCT06633354", b"study: NCT00000000")
    (tmp_path / "protocol.yaml").write_bytes(the_example())
    (tmp_path / "protocol-2.yaml").write_bytes(other)
    with pytest.raises(InvalidInput, match="is not the study of protocol"):
        read_protocols(tmp_path)
