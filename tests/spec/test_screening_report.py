"""The page and the figure of a screening: every verdict with what it rests on, and how the population narrows."""

import datetime as dt
import json

import pytest

from earlyphase.cli.main import run
from earlyphase.eligibility.attrition import attrition
from earlyphase.eligibility.cases import read_cases
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.facts import Amount
from earlyphase.eligibility.screening import screen
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocol
from earlyphase.reports.drawing import draw
from earlyphase.reports.figures.funnel import attrition_funnel
from earlyphase.reports.page import page
from earlyphase.reports.screening_report import screening_report

FOLDER = study_folder("NCT06633354")
CRITERIA = criteria_set(read_protocol(FOLDER / "protocol.yaml"))
TODAY = dt.date(2026, 5, 4)


@pytest.fixture(scope="module")
def cases():
    return [case.patient for case in read_cases(FOLDER).values()]


def screened(criteria, patients):
    return [screen(criteria, one, Stage.INFUSION, TODAY) for one in patients]


def test_every_patient_has_a_table_with_each_verdict_and_its_evidence_or_cause(cases):
    found = screened(CRITERIA, cases)
    report = screening_report(CRITERIA, found)
    tables = [table for table in report.tables if table.id.startswith("patient-")]
    assert [table.title.partition(" at ")[0] for table in tables] == [one.patient for one in found]
    assert all(len(table.rows) == len(CRITERIA.rules) for table in tables)
    assert all(row.cells[3].text for table in tables for row in table.rows)


def test_the_page_is_one_file_and_escapes_what_patients_are_called(cases):
    odd = cases[0].model_copy(update={"id": "<script>alert(1)</script>"})
    written = page(screening_report(CRITERIA, screened(CRITERIA, [odd])))
    assert "<script>alert" not in written
    assert "http://" not in written.replace("http://www.w3.org/", "")


def test_a_changed_criterion_stands_beside_the_protocol_and_says_whom_it_moves(cases):
    changed = CRITERIA.changed("I5", "total_bilirubin <= 20 umol/L")
    report = screening_report(
        CRITERIA, screened(CRITERIA, cases), screened(changed, cases), "what if I5: total_bilirubin <= 20"
    )
    tables = {table.id: table for table in report.tables}
    before, after = (attrition(CRITERIA, screened(each, cases)) for each in (CRITERIA, changed))
    assert [cell.text for cell in tables["what-if"].rows[0].cells] == [
        "Eligible",
        str(before.eligible),
        str(after.eligible),
    ]
    assert len(tables["moved"].rows) > 0
    assert len(report.figures[0].spec["hconcat"]) == 2


def test_the_bars_of_the_funnel_are_those_left_open_and_taken_in_protocol_order(cases):
    found = attrition(CRITERIA, screened(CRITERIA, cases))
    figure = attrition_funnel([("", found)])
    bars = figure.spec["layer"][0]["data"]["values"]
    for count in found.criteria:
        mine = {bar["who"]: bar["to"] - bar["from"] for bar in bars if bar["criterion"] == count.id}
        taken = mine.pop("taken by this one", 0)
        assert (sum(mine.values()), taken) == (count.remaining, count.failed_here)
    order = list(dict.fromkeys(bar["criterion"] for bar in bars))
    assert order == ["screened", *(rule.id for rule in CRITERIA.rules)]
    assert draw(figure) == draw(figure)
    assert json.dumps(figure.spec)
    assert f"{found.screened} screened" in figure.alt


@pytest.fixture
def amended(tmp_path):
    """Give a folder with the example's protocol and an amendment with a looser LVEF and one criterion fewer."""
    text = (FOLDER / "protocol.yaml").read_text("utf-8")
    (tmp_path / "protocol.yaml").write_text(text, "utf-8")
    later = text.replace('version: "1.0"', 'version: "2.0"').replace("lvef >= 50 %", "lvef >= 45 %")
    (tmp_path / "protocol-2.0.yaml").write_text(later.partition("  - id: E9")[0] + "endpoints: []\n", "utf-8")
    return tmp_path


def asked(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        run([*map(str, words)])
    return ended.value.code, *capsys.readouterr()


def test_the_same_population_under_two_versions_of_the_protocol(amended, tmp_path, cases, capsys):
    file = tmp_path / "p.ndjson"
    low = [fact.model_copy(update={"value": Amount(value=47, unit="%")}) if fact.term == "lvef" else fact
           for fact in cases[4].facts]  # fmt: skip
    patient = cases[4].model_copy(update={"facts": tuple(low)})
    file.write_text(patient.model_dump_json(by_alias=True, exclude_none=True) + "\n", "utf-8")
    words = ("screen", amended, file, "--on", TODAY, "--stage", "enrolment")
    code, out, _ = asked(capsys, *words, "--against", "1.0", "--json")
    moved = json.loads(out)["what_if"]["moved"]
    assert (code, moved[0]["criteria"]) == (0, ["I6", "E9"])
    assert "under version 1.0" in asked(capsys, *words, "--against", "1.0")[1]
    assert "<!doctype html>" in asked(capsys, *words, "--against", "1.0", "--html")[1]
    code, _, err = asked(capsys, *words, "--against", "3.0")
    assert (code, "There are 1.0, 2.0" in err) == (2, True)
    assert asked(capsys, *words, "--json", "--html")[0] == 2
    assert asked(capsys, *words, "--against", "1.0", "--what-if", "I6: lvef >= 40 %")[0] == 2
