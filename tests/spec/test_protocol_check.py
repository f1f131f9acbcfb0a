"""What a protocol assumes, interprets, contradicts and leaves undecided is said before the first participant."""
# ruff: noqa: E501 - a table is read by its rows

import json

import pytest
from tests.builders import ASSUMED, a_protocol
from tests.checkout import ROOT

from earlyphase.cli.main import run
from earlyphase.protocol.check import check
from earlyphase.protocol.check_conduct import usable
from earlyphase.protocol.check_record import in_days
from earlyphase.protocol.findings import FindingKind
from earlyphase.protocol.json_schema import protocol_schema
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import parse_protocol, read_protocol
from earlyphase.protocol.statements import assumptions
from earlyphase.registry.model import Record
from earlyphase.registry.reading import read_record

FOLDER = study_folder("NCT06633354")
PRINTED = ROOT / "docs" / "schema" / "protocol.schema.json"


def the_record(**modules: dict) -> Record:
    """Give the example's record with fields of some modules replaced."""
    data = json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))
    for name, fields in modules.items():
        data["protocolSection"].setdefault(name, {}).update(fields)
    return read_record(json.dumps(data))


def the_example(old: str, new: str):
    text = (FOLDER / "protocol.yaml").read_text(encoding="utf-8")
    assert old in text
    return parse_protocol(text.replace(old, new, 1).encode())


def contradictions(protocol, record=None) -> list[str]:
    return [f"{one.place}: {one.says}" for one in check(protocol, record).contradictions]


def test_thirty_are_planned_eighteen_are_usable_and_the_rest_is_the_expansion():
    protocol = read_protocol(FOLDER / "protocol.yaml")
    found = next(one for one in check(protocol, the_record()).contradictions if one.place == "planned_enrolment")
    assert usable(protocol) == 18
    assert "30 participants are planned, and 3 levels of 3+3 use at most 18" in found.says
    assert "leaves 12 without a dose" in found.says
    assert found.resolved == "The rest are the expansion at the recommended dose, up to 30."


def test_without_an_expansion_the_rest_stays_without_a_dose():
    found = check(a_protocol(expansion=None), None).contradictions
    assert [(one.place, one.resolved) for one in found] == [("planned_enrolment", "")]


def test_too_few_planned_participants_end_the_escalation_early():
    few = a_protocol(planned_enrolment={**ASSUMED, "count": 12}, expansion=None)
    assert "the escalation can end before it has found a dose" in contradictions(few)[0]


def test_survival_is_reported_for_a_shorter_time_than_it_is_followed():
    said = contradictions(read_protocol(FOLDER / "protocol.yaml"), the_record())
    assert any(one.startswith("endpoints.OS: Deaths count for PFS to day 730, for OS to day 365 only") for one in said)
    assert len(said) == 2


def test_the_example_stands_on_its_record_word_by_word():
    found = check(read_protocol(FOLDER / "protocol.yaml"), the_record())
    assert not [one for one in found.contradictions if "quote" in one.says or "as written" in one.says]
    assert not found.undecided


def test_every_assumption_of_the_example_gives_its_reason():
    found = check(read_protocol(FOLDER / "protocol.yaml"), the_record()).assumptions
    assert {one.place for one in found} >= {"doses", "escalation.stagger", "dlt", "lymphodepletion", "schedule"}
    assert all(one.why and one.source for one in found)
    assert [one.place for one in found] == [one.place for one in assumptions(read_protocol(FOLDER / "protocol.yaml"))]


def test_a_start_at_the_lowest_level_leaves_its_excess_undecided():
    found = check(a_protocol(levels=((1, 0.5), (2, 1.0), (3, 2.0))), None).undecided
    assert "When the starting level 1 is exceeded no dose is left" in next(
        one.says for one in found if one.place == "doses.levels"
    )


def test_a_start_at_the_highest_level_has_nothing_to_escalate_to():
    assert any("there is no dose to escalate to" in one for one in contradictions(a_protocol(levels=((1, 0.5),))))


def test_an_assumption_without_a_reason_is_undecided():
    assert "It is assumed and gives no reason: write it in `why`." in {
        one.says for one in check(a_protocol(), None).undecided
    }


CHANGED = {
    "a quote that is not there": ("quote: A total of 3 dose levels", "quote: A total of 4 dose levels", "It quotes “A total of 4 dose levels are set for subjects.”, which does not stand"),
    "a place that is not there": ("armGroups[0].description\n      quote: Dose", "armGroups[1].description\n      quote: Dose", "The place that it cites is not in the record"),
    "an as-written item without a quote": ('    quote: "30"\n', "", "as written, but quotes no words"),
    "a criterion in other words": ("as_written: ECOG 0-2;", "as_written: ECOG 0-1;", "criteria.I9: Its text as written is not the record's: “ECOG 0-2;”"),
    "a part in other words": ("as_written: Multiple recurrences.", "as_written: Many recurrences.", "The text of its part d as written is not the record's"),
    "a part too few": ("      - id: d\n        as_written: Multiple recurrences.\n        as_interpreted: Two or more relapses.\n", "", "criteria.I2: The protocol gives it 3 parts, the record 4"),
    "another count": ("  count: 30\n", "  count: 31\n", "The protocol plans 31 participants, the record 30"),
    "another product": ("product: CD5 CAR-T cells", "product: CD7 CAR-T cells", "The protocol's product is CD7 CAR-T cells"),
    "another study": ("study: NCT06633354", "study: NCT00000000", "The protocol is of study NCT00000000, the record of NCT06633354"),
    "a level too few": ("    - { level: 3, dose: { value: 2.0, unit: 10*6/kg } }\n", "", "The protocol has 2 dose levels from the starting one upwards, the record 3"),
    "another horizon": ("horizon_days: 84", "horizon_days: 28", "ORR is counted to day 28; the record says “Up to 12 weeks after CAR-T infusion”, 84 days"),
    "a cohort that is none": ("cohort_size: 3", "cohort_size: 4", "The rule 3+3 treats 3 at a time, but a cohort has 4"),
    "a tolerance that does not count": ("minimum_dose_percent: 80", "minimum_dose_percent: 90", "A dose of 80 % is within the tolerance, but is evaluable only from 90 %"),
    "a window that nobody sees end": ("{ name: Day 28, day: 28, first: 28, last: 31", "{ name: Day 28, day: 30, first: 29, last: 31", "no visit can fall on that day"),
    "a last visit too early": ("{ name: Month 24, day: 730, first: 709, last: 751", "{ name: Month 24, day: 710, first: 700, last: 720", "PFS is followed to day 730, but the last visit ends on day 720"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGED.values(), ids=list(CHANGED))
def test_what_contradicts_the_record_is_said(old, new, expected):
    assert any(expected in one for one in contradictions(the_example(old, new), the_record()))


OTHER_RECORDS = {
    "two arms": ({"armsInterventionsModule": {"armGroups": [{"label": "A"}, {"label": "B"}]}}, "The protocol has one arm, the record 2"),
    "a later phase": ({"designModule": {"phases": ["PHASE3"]}}, "the record's phase is PHASE3"),
    "another design": ({"armsInterventionsModule": {"armGroups": [{"description": "A BOIN design."}]}}, "The protocol's rule is 3+3, the record's BOIN"),
    "four levels in words": ({"armsInterventionsModule": {"armGroups": [{"description": "Four dose levels."}]}}, "from the starting one upwards, the record 4"),
    "a criterion fewer": ({"eligibilityModule": {"eligibilityCriteria": "Inclusion Criteria:\n\n* one"}}, "The protocol has 11 inclusion criteria, the record 1"),
}  # fmt: skip


@pytest.mark.parametrize(("modules", "expected"), OTHER_RECORDS.values(), ids=list(OTHER_RECORDS))
def test_a_record_that_says_something_else_is_noticed(modules, expected):
    said = contradictions(read_protocol(FOLDER / "protocol.yaml"), the_record(**modules))
    assert any(expected in one for one in said)


@pytest.mark.parametrize(
    ("time_frame", "days"),
    [("Up to 28 days after Treatment", 28), ("Up to 12 weeks", 84), ("2 years", 730.5), ("baseline", None), ("day 1 to 2 weeks or 3 weeks", None)],
)  # fmt: skip
def test_a_time_frame_is_read_as_days(time_frame, days):
    assert in_days(time_frame) == days


def test_the_printed_schema_is_the_one_of_the_models():
    assert json.loads(PRINTED.read_text(encoding="utf-8")) == protocol_schema(), (
        "write it again: earlyphase study schema > docs/schema/protocol.schema.json"
    )


def test_the_example_is_valid_by_the_printed_schema():
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import
    from ruamel.yaml import YAML  # noqa: PLC0415 - as above

    data = YAML(typ="safe", pure=True).load((FOLDER / "protocol.yaml").read_text(encoding="utf-8"))
    validator = Draft202012Validator(protocol_schema())
    assert list(validator.iter_errors(data)) == []
    data["doses"]["levels"][0]["dose"] = 0.25
    assert list(validator.iter_errors(data)) != []


def test_the_command_lists_what_it_found_and_leaves_with_zero(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        run(["study", "check", "NCT06633354", "--json"])
    answer = json.loads(capsys.readouterr().out)["versions"][0]
    assert left.value.code == 0
    assert answer["counts"]["contradiction"] == len(answer["findings"]["contradiction"]) == 2
    assert {kind.value for kind in FindingKind} == set(answer["findings"])


def test_the_command_leaves_with_two_when_the_protocol_is_wrong(tmp_path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "protocol.yaml").write_text("schema: 1\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        run(["study", "check", str(tmp_path)])
    assert left.value.code == 2
    assert "protocol.yaml:1: the protocol has no `study`" in capsys.readouterr().err
