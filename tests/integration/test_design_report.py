"""`earlyphase design report`, as a user types it: what a study's rule means and what its size buys."""

import json
import re
import shutil

import pytest
from tests.checkout import ROOT

from earlyphase.cli.main import run

STUDY = "NCT06633354"


@pytest.fixture
def report(capsys, tmp_path):
    def typed(study=STUDY, *arguments):
        with pytest.raises(SystemExit) as left:
            run(["design", "report", str(study), "--out", str(tmp_path / "out"), *arguments])
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return typed


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(ROOT / "studies" / STUDY, tmp_path / "study")
    return tmp_path / "study"


def table(answer, name):
    [found] = [each for each in answer["tables"] if each["id"] == name]
    return found["rows"]


def test_the_three_rules_called_3_plus_3_differ_by_the_exact_figures(report):
    code, out, err = report(STUDY, "--json")
    assert code == 0, err
    rows = table(json.loads(out), "variants")
    assert rows[1:4] == [
        ["lowest_stop", "2.66", "18.13", "47.81", "31.41", "10.71"],
        ["expand_below", "2.79", "20.19", "45.62", "31.41", "12.33"],
        ["six_at_mtd (protocol)", "2.79", "20.47", "51.47", "25.28", "13.12"],
    ]


def test_thirty_participants_are_eighteen_and_an_expansion(report, tmp_path):
    code, out, err = report(STUDY, "--json")
    assert code == 0, err
    answer = json.loads(out)
    assert table(answer, "planned")[0] == ["Expected", "97.21%", "13.12", "16.66", "22.66", "18"]
    names = [row[0] for row in table(answer, "designs")[1:6]]
    assert names == ["3+3 six_at_mtd", "BOIN, 18", "CRM, 18", "BOIN, 30", "CRM, 30"]
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "up to 6.1 under" in page
    assert "the rest is an expansion" in page
    assert "assumed" in page
    assert not re.search(r'(src|href)="https?:', page)
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_truths_can_be_given_instead_of_those_that_the_study_assumes(report):
    code, out, err = report(STUDY, "--truth", "0.1,0.2,0.3", "--target", "0.3", "--json")
    assert code == 0, err
    rows = table(json.loads(out), "curves")
    assert [row[:6] for row in rows] == [["Curve 1", "5%", "10%", "20%", "30%", "level 3"]]


def test_a_study_that_assumes_nothing_is_judged_by_the_fixed_curves(report, folder):
    (folder / "design.yaml").unlink()
    code, out, err = report(folder, "--json")
    assert code == 0, err
    assert [row[-2] for row in table(json.loads(out), "curves")] == ["level 1", "level 2", "level 3", "none"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--truth", "0.1,0.2"), "has 2 values, but there are 3 doses"),
        (("--truth", "0.1,0.2,1.3"), "1.3 is not between 0 and 1"),
        (("--target", "1"), "--target: 1.0 is not between 0 and 1"),
    ],
)
def test_what_cannot_be_judged_is_refused_before_any_work(report, tmp_path, typed, said):
    code, _, err = report(STUDY, *typed)
    assert code == 2
    assert said in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("3: 0.35", "3: 1.35", "less than or equal to 1"),
        ("3: 0.35", "4: 0.35", "has no DLT probability"),
        ("target: 0.2\n", "target: 0\n", "greater than 0"),
    ],
)
def test_a_planning_that_cannot_be_is_refused_with_its_file(report, folder, old, new, said):
    path = folder / "design.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    code, _, err = report(folder)
    assert code == 2
    assert "design.yaml" in err
    assert said in err


def test_an_escalation_that_needs_more_than_are_planned_is_refused(report, folder):
    path = folder / "protocol.yaml"
    text = path.read_text("utf-8").replace("  count: 30\n", "  count: 12\n")
    path.write_text(re.sub(r"\n  total: 30\n", "\n  total: 12\n", text), "utf-8")
    code, _, err = report(folder)
    assert code == 2
    assert "the escalation alone may need 18" in err
