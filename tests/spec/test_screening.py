"""Screening: who is eligible, what is still needed to know, how a population narrows, what nobody can decide."""

import datetime as dt
import json

import pytest
from tests.builders import ASSUMED, a_protocol
from tests.checkout import ROOT

from earlyphase.cli.main import run
from earlyphase.eligibility.attrition import attrition
from earlyphase.eligibility.cases import read_cases, run_cases
from earlyphase.eligibility.changes import Effect, changes
from earlyphase.eligibility.comparing import moved
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.decidability import Defect, decidability
from earlyphase.eligibility.facts import parse_patient, parse_patients
from earlyphase.eligibility.screening import Eligibility, Standing, screen
from earlyphase.eligibility.verdict import Verdict
from earlyphase.faults import InvalidInput
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import parse_protocol, read_protocol

FOLDER = study_folder("NCT06633354")
PROTOCOL = read_protocol(FOLDER / "protocol.yaml")
TODAY = dt.date(2026, 4, 2)


def protocol_of(*expressions: str):
    """Give a protocol of inclusion criteria I1, I2, … due at screening."""
    return (
        a_protocol(
            criteria=[
                {**ASSUMED, "id": f"I{number}", "kind": "inclusion", "stage": "screening", "expression": expression,
                 "as_written": expression, "as_interpreted": expression}
                for number, expression in enumerate(expressions, 1)
            ]
        )
    )  # fmt: skip


def criteria_of(*expressions: str):
    return criteria_set(protocol_of(*expressions))


def a_patient(*facts: dict, name: str = "P", **more):
    return parse_patient(json.dumps({"id": name, "facts": facts, **more}))


def status(term: str, value: bool) -> dict:  # noqa: FBT001 - the value of a fact
    return {"term": term, "value": value, "on": "2026-04-01"}


def needed(criteria, *facts: dict) -> list[tuple[str, str]]:
    found = screen(criteria, a_patient(*facts), Stage.SCREENING, TODAY)
    return [(need.test, need.about) for need in found.next_tests]


def test_every_worked_patient_comes_out_as_expected():
    report = run_cases(PROTOCOL, FOLDER)
    assert report.cases >= 13
    assert report.mismatches == ()


@pytest.mark.parametrize("case", read_cases(FOLDER).values(), ids=list(read_cases(FOLDER)))
def test_a_worked_patient_has_an_expectation_for_every_criterion(case):
    assert set(case.verdicts) == {criterion.id for criterion in PROTOCOL.criteria}


def test_a_changed_criterion_is_noticed_by_the_worked_patients():
    changed = [
        one.model_copy(update={"expression": "ecog <= 0"}) if one.id == "I9" else one for one in PROTOCOL.criteria
    ]
    report = run_cases(PROTOCOL.model_copy(update={"criteria": tuple(changed)}), FOLDER)
    assert {one.about for one in report.mismatches} >= {"I9", "eligibility"}


def test_a_criterion_of_a_later_stage_is_not_due():
    criteria = criteria_set(PROTOCOL)
    found = screen(criteria, a_patient(), Stage.SCREENING, TODAY)
    not_due = [one.id for one in found.results if one.standing is Standing.NOT_DUE]
    assert not_due == ["I10", "E6", "E7", "E8", "E9"]


def test_one_failed_criterion_decides_and_no_further_test_is_asked_for():
    found = screen(
        criteria_of("pregnant", "fertile"), a_patient(status("pregnant", value=False)), Stage.SCREENING, TODAY
    )
    assert found.eligibility is Eligibility.NOT_ELIGIBLE
    assert found.next_tests == ()


def test_of_alternatives_the_one_with_the_fewest_tests_is_asked_for():
    criteria = criteria_of("(lactating and hiv) or pregnant")
    assert needed(criteria) == [("pregnancy test", "pregnant")]
    assert needed(criteria, status("pregnant", value=False)) == [
        ("history", "lactating"),
        ("virology", "HIV infection"),
    ]
    assert needed(criteria, status("pregnant", value=False), status("lactating", value=True)) == [
        ("virology", "HIV infection")
    ]


def test_one_test_may_serve_several_criteria():
    criteria = criteria_of("fertile or hiv", "lactating or pregnant")
    assert needed(criteria) == [("history", "fertile"), ("history", "lactating")]


def test_a_condition_that_does_not_apply_asks_for_nothing():
    criteria = criteria_of("if sex = female then not pregnant")
    assert needed(criteria) == [("history", "sex")]
    assert needed(criteria, {"term": "sex", "value": "female"}) == [("pregnancy test", "pregnant")]
    assert needed(criteria, {"term": "sex", "value": "male"}) == []


def test_what_is_not_due_is_waited_for_and_not_tested():
    found = screen(criteria_of("not radiotherapy within 4 weeks before infusion"), a_patient(), Stage.SCREENING, TODAY)
    assert found.eligibility is Eligibility.UNSETTLED
    assert found.next_tests == ()
    assert [wait.says for wait in found.waits] == ["radiotherapy: the date of infusion is not known yet."]


SETTLED = {"criterion": "I1", "met": True, "by": "A", "on": "2026-04-02", "because": "normal"}


def test_a_statement_settles_what_nobody_can_evaluate():
    found = screen(criteria_of('undefined "heart"'), a_patient(settlements=[SETTLED]), Stage.SCREENING, TODAY)
    assert found.eligibility is Eligibility.ELIGIBLE
    assert found.result("I1").settled_by == "A"
    assert found.result("I1").evidence[0].value == "stated by A: normal"


def test_a_statement_never_waives_a_criterion_that_is_not_met():
    patient = a_patient(status("pregnant", value=False), settlements=[SETTLED])
    found = screen(criteria_of("pregnant"), patient, Stage.SCREENING, TODAY)
    assert (found.eligibility, found.result("I1").settled_by) == (Eligibility.NOT_ELIGIBLE, None)


def test_a_statement_of_tomorrow_settles_nothing_today():
    patient = a_patient(settlements=[SETTLED | {"on": "2026-04-03"}])
    assert screen(criteria_of('undefined "x"'), patient, Stage.SCREENING, TODAY).eligibility is Eligibility.UNSETTLED


def test_a_criterion_without_an_expression_stays_unknown():
    found = screen(criteria_set(a_protocol()), a_patient(), Stage.SCREENING, TODAY)
    assert found.result("I1").verdict is Verdict.UNKNOWN
    assert found.result("I1").unknowns[0].cause == "underspecified criterion"


def test_a_slip_of_spelling_in_the_facts_is_shown():
    assert screen(
        criteria_of("pregnant"), a_patient(status("pregnent", value=True)), Stage.SCREENING, TODAY
    ).ignored == ("pregnent",)


def a_population():
    states = [(True, True, True), (True, False, True), (False, False, True), (False, True, True)]
    return [
        a_patient(status("pregnant", value=a), status("fertile", value=b), status("hiv", value=c), name=f"P{number}")
        for number, (a, b, c) in enumerate(states)
    ]


def test_attrition_counts_in_protocol_order_and_each_alone():
    criteria = criteria_of("pregnant", "fertile", "hiv", "lactating")
    found = attrition(criteria, [screen(criteria, one, Stage.SCREENING, TODAY) for one in a_population()])
    rows = [(c.id, c.remaining, c.failed_here, c.failed, c.only_obstacle, c.unsettled) for c in found.criteria]
    assert rows == [("I1", 2, 2, 2, 1, 0), ("I2", 1, 1, 2, 1, 0), ("I3", 1, 0, 0, 0, 0), ("I4", 1, 0, 0, 0, 4)]
    assert (found.screened, found.eligible, found.unsettled, found.not_eligible) == (4, 0, 1, 3)


def test_a_changed_criterion_moves_people_by_name():
    criteria = criteria_of("pregnant", "fertile")
    before = [screen(criteria, one, Stage.SCREENING, TODAY) for one in a_population()]
    after = [screen(criteria.changed("I2", "hiv"), one, Stage.SCREENING, TODAY) for one in a_population()]
    assert [(one.patient, one.before, one.after, one.criteria) for one in moved(before, after)] == [
        ("P1", "not eligible", "eligible", ("I2",)),
        ("P2", "not eligible", "not eligible", ("I2",)),
    ]


def test_what_the_published_text_leaves_undecided_is_said_with_the_question():
    found = {(one.criterion, one.reading, one.defect): one for one in decidability(PROTOCOL)}
    assert ("E2", "both", Defect.UNDECIDABLE) in found
    assert "QT prolonged" in found["E2", "both", Defect.UNDECIDABLE].question
    assert ("I5", "as written", Defect.MET_BY_ALL) in found
    assert ("I10", "both", Defect.READS_OTHERWISE) in found
    assert ("I5", "as interpreted", Defect.MET_BY_ALL) not in found


@pytest.mark.parametrize(
    ("expression", "defects"),
    [
        ("lvef >= 0 %", [Defect.MET_BY_ALL]),
        ("lvef > 100 %", [Defect.MET_BY_NONE]),
        ("lvef >= 120 %", [Defect.MET_BY_NONE]),
        ("pregnant and not pregnant", [Defect.MET_BY_NONE]),
        ("ecog <= 1 or ecog >= 2", []),
        ("ecog <= 2 or ecog >= 2", [Defect.MET_BY_ALL]),
        ("count(relapse) >= 1 or count(relapse) <= 2", [Defect.MET_BY_ALL]),
        ('pregnant or undefined "x"', [Defect.PARTLY_UNDECIDABLE]),
        ('pregnant and not pregnant and undefined "x"', [Defect.MET_BY_NONE]),
        ("lvef >= 50 %", []),
    ],
)
def test_a_criterion_that_decides_nothing_is_found(expression, defects):
    assert [one.defect for one in decidability(protocol_of(expression))] == defects


def test_two_criteria_that_nobody_satisfies_together_are_found():
    found = decidability(protocol_of("lvef >= 50 %", "lvef < 40 %", "ecog <= 2"))
    assert [(one.criterion, one.defect, one.says) for one in found] == [
        ("I1", Defect.COLLIDES, "No person satisfies both I1 and I2.")
    ]


BAD_FILES = {
    "nothing": (b"\n", "holds no patient"),
    "no JSON": (b"{", "is not JSON"),
    "no UTF-8": (b'{"id": "\xff"}', "is not JSON"),
    "no object": (b"[1]", "is not a mapping"),
    "no id": (b"{}", "the patient has no `id`"),
    "unknown key": (b'{"id": "P", "fact": []}', "'fact' is not a key of the patient. Did you mean `facts`?"),
    "no such day": (b'{"id": "P", "facts": [{"term": "alt", "on": "2026-02-30"}]}', "does not exist"),
    "a number that is none": (b'{"id": "P", "facts": [{"term": "alt", "value": NaN}]}', "fact 1: nan is not a value"),
    "a value that is a list": (
        b'{"id": "P", "facts": [{"term": "alt", "value": [1]}]}',
        "is not a value. Write a number",
    ),
    "one patient twice": (b'{"id": "P"}\n{"id": "P"}', "is a patient that stands in line 1 already"),
    "an unknown stage": (b'{"id": "P", "anchors": {"infuson": "2026-05-04"}}', "Did you mean 'infusion'?"),
}


@pytest.mark.parametrize(("content", "expected"), BAD_FILES.values(), ids=list(BAD_FILES))
def test_a_wrong_file_of_patients_is_told_where_and_why(content, expected):
    with pytest.raises(InvalidInput) as caught:
        list(parse_patients(content, "patients.ndjson"))
    assert expected in str(caught.value)
    assert str(caught.value).startswith("patients.ndjson")


@pytest.mark.parametrize("text", ['{"id": "A"}\n\n{"id": "B"}\n', '[{"id": "A"},\n {"id": "B"}]'])
def test_patients_come_one_a_line_or_as_a_list(text):
    assert [one.id for one in parse_patients(text.encode())] == ["A", "B"]


def answer_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run(list(arguments))
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out, printed.err


@pytest.fixture
def patients(tmp_path):
    path = tmp_path / "patients.ndjson"
    cases = read_cases(FOLDER).values()
    path.write_text("\n".join(case.patient.model_dump_json(by_alias=True, exclude_none=True) for case in cases))
    return str(path)


def test_the_command_answers_for_every_patient(capsys, patients):
    code, out, _ = answer_of(capsys, "screen", "NCT06633354", patients, "--on", "2026-04-02", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["attrition"]["screened"] == len(answer["patients"]) == len(read_cases(FOLDER))
    assert answer["rounding"] == "decimals of the limit"
    assert {one["verdict"] for patient in answer["patients"] for one in patient["results"]} == {
        "met", "not met", "unknown",
    }  # fmt: skip


def test_the_command_compares_with_a_changed_criterion(capsys, patients):
    arguments = ("--on", "2026-04-02", "--what-if", "I5: total_bilirubin <= 54 umol/L")
    code, out, _ = answer_of(capsys, "screen", "NCT06633354", patients, *arguments)
    assert code == 0
    assert "case-4: not eligible → eligible (by I5)" in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--on", "2026-04"), "is not a whole date"),
        (("--what-if", "lvef"), "names no criterion"),
        (("--what-if", "I99: lvef >= 45 %"), "is not a criterion of the protocol"),
        (("--what-if", "I6: lvff >= 45 %"), "Did you mean lvef"),
    ],
)
def test_the_command_refuses_what_it_cannot_use(capsys, patients, arguments, expected):
    code, _, err = answer_of(capsys, "screen", "NCT06633354", patients, *arguments)
    assert code == 2
    assert expected in err


def test_a_worked_patient_that_comes_out_otherwise_fails_the_check(capsys, tmp_path):
    (tmp_path / "cases").mkdir()
    for name in ("protocol.yaml", "record.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    case = (FOLDER / "cases" / "eligible-man.yaml").read_text(encoding="utf-8")
    (tmp_path / "cases" / "wrong.yaml").write_text(case.replace("I9: met", "I9: not met"), encoding="utf-8")
    code, out, _ = answer_of(capsys, "study", "check", str(tmp_path), "--json")
    assert code == 2
    assert json.loads(out)["versions"][0]["cases"]["mismatches"] == [
        {"case": "wrong", "about": "I9", "expected": "not met", "found": "met"}
    ]


@pytest.mark.parametrize("name", ["protocol", "patient", "case"])
def test_the_printed_schemas_are_those_of_the_models(capsys, name):
    _, out, _ = answer_of(capsys, "study", "schema", name)
    assert (ROOT / "docs" / "schema" / f"{name}.schema.json").read_text(encoding="utf-8") == out


CHANGED = [
    ("lvef >= 50 %", "lvef >= 45 %", Effect.LOOSER),
    ("lvef >= 50 %", "lvef > 50 %", Effect.TIGHTER),
    ("pregnant or fertile", "pregnant or lactating", Effect.BOTH),
    ("pregnant or fertile", "fertile or pregnant", Effect.SAME),
    ("not (pregnant and fertile)", "not pregnant or not fertile", Effect.SAME),
    ("if fertile then pregnant", "pregnant", Effect.TIGHTER),
    ("total_bilirubin <= 3 mg/dL", "total_bilirubin <= 30 mg/L", Effect.SAME),
    ("alt <= 3 ULN", "alt <= 5 ULN", Effect.LOOSER),
    (
        "not radiotherapy within 4 weeks before infusion",
        "not radiotherapy within 2 weeks before infusion",
        Effect.LOOSER,
    ),
    ("not radiotherapy within 14 days before infusion", "not radiotherapy within 2 weeks before infusion", Effect.SAME),
    ("lvef >= 50 % within 28 days before infusion", "lvef >= 50 % within 14 days before infusion", Effect.TIGHTER),
    ("lvef >= 50 % within 14 days before infusion", "lvef >= 55 % within 28 days before infusion", Effect.BOTH),
    ("duration(first_cr) <= 12 months", "duration(first_cr) <= 6 months", Effect.TIGHTER),
    ("age >= 18 years", "age >= 12 years", Effect.LOOSER),
    ("count(relapse) >= 1", "relapse", Effect.SAME),
    ("count(relapse) >= 2", "relapse", Effect.LOOSER),
]


@pytest.mark.parametrize(("before", "after", "effect"), CHANGED)
def test_two_versions_of_a_criterion_are_compared_by_meaning(before, after, effect):
    found = changes(criteria_of(before), criteria_of(after))
    assert [one.effect for one in found] == [effect]
    assert bool(found[0].example) == (effect is not Effect.SAME)
    assert bool(found[0].other_example) == (effect is Effect.BOTH)


def test_a_change_within_a_criterion_that_tells_very_many_persons_apart_is_still_compared():
    lists = ["platelets", "neutrophils", "hemoglobin", "lymphocytes", "creatinine", "total_bilirubin", "weight"]
    units = {"platelets": "10*9/L", "neutrophils": "10*9/L", "hemoglobin": "g/L", "lymphocytes": "10*9/L",
             "creatinine": "umol/L", "total_bilirubin": "umol/L", "weight": "kg"}  # fmt: skip
    long = " and ".join(f"{term} >= 1 {units[term]}" for term in lists)
    found = changes(criteria_of(f"{long} and lvef >= 50 %"), criteria_of(f"{long} and lvef >= 45 %"))
    assert [one.effect for one in found] == [Effect.LOOSER]


def test_a_criterion_is_found_again_under_another_number_and_in_other_words():
    before = criteria_of("ecog <= 2", "lvef >= 50 %", "pregnant")
    after = criteria_of("fertile", "ecog <= 2", "lvef >= 45 % and spo2 >= 92 %")
    assert [(one.criterion, one.was, one.effect) for one in changes(before, after)] == [
        ("I1", "", Effect.ADDED),
        ("I2", "I1", Effect.RENUMBERED),
        ("I3", "I2", Effect.BOTH),
        ("I3", "I3", Effect.REMOVED),
    ]


def test_a_criterion_that_is_asked_later_is_named():
    text = (FOLDER / "protocol.yaml").read_text(encoding="utf-8")
    later = text.replace(
        "id: I9\n    kind: inclusion\n    stage: screening", "id: I9\n    kind: inclusion\n    stage: infusion"
    )
    (change,) = changes(criteria_set(PROTOCOL), criteria_set(parse_protocol(later.encode())))
    assert (change.criterion, change.effect) == ("I9", Effect.STAGE)


def test_a_looser_exclusion_criterion_lets_more_people_in():
    text = (FOLDER / "protocol.yaml").read_text(encoding="utf-8")
    amended = parse_protocol(text.replace("t_cell_expansion < 5", "t_cell_expansion < 3").encode())
    assert [(one.criterion, one.effect) for one in changes(criteria_set(PROTOCOL), criteria_set(amended))] == [
        ("E7", Effect.LOOSER)
    ]


def test_criteria_that_are_added_or_gone_are_named():
    one, two = criteria_of("pregnant"), criteria_of("pregnant", "fertile")
    assert [(c.criterion, c.effect) for c in changes(one, two)] == [("I2", Effect.ADDED)]
    assert [(c.criterion, c.effect) for c in changes(two, one)] == [("I2", Effect.REMOVED)]
    assert changes(one, one) == ()


def test_the_check_names_the_criteria_that_an_amendment_changes(capsys, tmp_path):
    text = (FOLDER / "protocol.yaml").read_text(encoding="utf-8")
    (tmp_path / "protocol.yaml").write_text(text, encoding="utf-8")
    amended = text.replace('version: "1.0"', 'version: "2.0"').replace("lvef >= 50 %", "lvef >= 45 %")
    (tmp_path / "protocol-2.0.yaml").write_text(amended, encoding="utf-8")
    (tmp_path / "record.json").write_bytes((FOLDER / "record.json").read_bytes())
    code, out, _ = answer_of(capsys, "study", "check", str(tmp_path))
    assert code == 0
    assert "I6 against the version before: looser" in out
