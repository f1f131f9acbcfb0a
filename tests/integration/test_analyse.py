"""`earlyphase analyse`, as a statistician types it."""

import json
import subprocess
import sys

import pytest
import scipy.stats

from earlyphase.cli.main import run

FOLLOW_UP = "months,died,dose\n3,1,2\n5,1,2\n5,0,10\n8,0,10\n9,1,10\n"


@pytest.fixture
def analyse(capsys, tmp_path, monkeypatch):
    """Type a command beside a file with this content; give exit code, output and what went wrong."""
    monkeypatch.chdir(tmp_path)

    def typed(*arguments, content=FOLLOW_UP):
        (tmp_path / "f.csv").write_text(content, encoding="utf-8")
        with pytest.raises(SystemExit) as left:
            run(["analyse", *arguments])
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return typed


def columns(event="died"):
    return ("f.csv", "--time", "months", "--event", event)


def test_survival_is_answered_as_a_list_of_groups(analyse):
    code, out, _ = analyse("km", *columns(), "--by", "dose", "--at", "4", "--json")
    low, high = json.loads(out)
    assert code == 0
    assert (low["group"], low["n"], low["events"], low["interval"], low["level"]) == ("2", 2, 2, "log-log", 0.95)
    assert low["median"]["estimate"] == 4
    assert (high["group"], high["n"], high["events"]) == ("10", 3, 1)
    assert low["landmarks"][0] | {"lower": 0, "upper": 0} == {
        "time": 4,
        "estimate": 0.5,
        "lower": 0,
        "upper": 0,
        "interval": "log-log",
        "level": 0.95,
        "standard_error": pytest.approx(0.5 * 0.5**0.5),
        "note": "",
    }


def test_curve_is_a_list_of_rows_with_null_where_nothing_can_be_estimated(analyse):
    _, out, _ = analyse("km", *columns(), "--ci", "plain", "--json")
    (group,) = json.loads(out)
    assert (group["group"], group["n"], group["interval"]) == (None, 5, "plain")
    assert [row["time"] for row in group["curve"]] == [3, 5, 8, 9]
    first, last = group["curve"][0], group["curve"][-1]
    assert (first["at_risk"], first["events"], first["censored"], first["survival"]) == (5, 1, 0, 0.8)
    assert (last["survival"], last["standard_error"], last["lower"]) == (0, None, None)


def test_table_names_the_interval_type_and_compares_groups(analyse):
    _, out, _ = analyse("km", *columns(), "--by", "dose", "--ci", "arcsin", "--at", "4")
    assert "95 % limits (arcsin)" in out
    assert "Log-rank: chi-square" in out
    assert "At 4" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("months,died\n", "all: median not estimable: nobody to follow."),
        ("months,died\n0,0\n0,0\n", "all: median not reached: nobody had the event."),
        ("months,died\n7,1\n", "7 (NR–NR)"),
    ],
)
def test_empty_and_smallest_files_have_a_stated_result(analyse, content, said):
    code, out, _ = analyse("km", *columns(), content=content)
    assert code == 0
    assert said in out


def test_file_of_a_spreadsheet_with_byte_order_mark_and_semicolons_is_read(analyse):
    _, out, _ = analyse("km", *columns(), "--json", content="\ufeffmonths;died\r\n3;1\r\n\r\n5;0\r\n")
    assert json.loads(out)[0]["n"] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("months,died\n3,1\n-2,0\n", "f.csv, row 2 (line 3), column 'months': -2.0 is not a follow-up time"),
        ("months,died\n3,1\n\nlong,0\n", "f.csv, row 2 (line 4), column 'months': 'long' is not a number."),
        ("months,died\n3,2\n", "f.csv, row 1 (line 2), column 'died': '2' does not say how the follow-up ended."),
        ("months,died\n3,\n", "f.csv, row 1 (line 2), column 'died': '' is empty: a number must stand here."),
        ("months,died\ninf,1\n", "f.csv, row 1 (line 2), column 'months': 'inf' is not a finite number."),
        ("month,died\n3,1\n", "f.csv: 'months' is not a column of this file. Did you mean 'month'?"),
        ("x,y\n3,1\n", "f.csv: 'months' is not a column of this file. The columns are: x, y."),
        ("months,died\n3\n", "f.csv, row 1 (line 2): does not have as many cells as the header: 1, not 2."),
        ("months,months\n3,1\n", "f.csv, line 1: 'months' names two columns."),
        ("", "f.csv: is empty."),
    ],
)
def test_file_that_does_not_fit_is_refused_by_row_and_column(analyse, content, sentence):
    code, out, err = analyse("km", *columns(), content=content)
    assert (code, out) == (2, "")
    assert err.startswith(f"invalid: {sentence}")


def test_file_that_is_not_there_and_bytes_that_are_no_text_are_refused(analyse, tmp_path):
    code, _, err = analyse("km", "none.csv", "--time", "t", "--event", "e")
    assert (code, err) == (2, "invalid: FILE: 'none.csv' is not there. Check the path.\n")
    (tmp_path / "g.csv").write_bytes(b"t,e\n\xff\xfe")
    code, _, err = analyse("km", "g.csv", "--time", "t", "--event", "e")
    assert (code, err) == (2, "invalid: g.csv: is not text in UTF-8 (byte 4). Save it as CSV UTF-8.\n")


def test_group_without_a_name_is_refused(analyse):
    _, _, err = analyse("km", *columns(), "--by", "dose", content="months,died,dose\n3,1,\n")
    assert "row 1 (line 2), column 'dose': '' is empty." in err


def test_incidence_of_each_cause_is_answered(analyse):
    content = "months,cause\n2,1\n3,2\n5,0\n7,1\n"
    _, out, _ = analyse("cif", *columns("cause"), "--at", "5", "--json", content=content)
    (group,) = json.loads(out)
    assert (group["n"], group["events"], group["variance"]) == (4, 3, "infinitesimal jackknife")
    relapse, death = group["causes"]
    assert (relapse["cause"], relapse["events"], relapse["landmarks"][0]["estimate"]) == (1, 2, 0.25)
    assert [row["incidence"] for row in death["curve"]] == [0, 0.25, 0.25, 0.25]
    _, out, _ = analyse("cif", *columns("cause"), "--aalen", content=content)
    assert "Standard errors: Aalen." in out


def test_incidence_of_a_cause_that_one_group_has_not_stands_for_every_group(analyse):
    content = "months,cause,arm\n2,1,a\n3,2,b\n"
    _, out, _ = analyse("cif", *columns("cause"), "--by", "arm", "--json", content=content)
    assert [len(group["causes"]) for group in json.loads(out)] == [2, 2]


def test_incidences_of_groups_are_compared_by_grays_test(analyse):
    content = "months,cause,arm\n2,1,a\n3,2,b\n4,1,a\n5,1,b\n7,0,b\n8,1,a\n"
    _, out, _ = analyse("cif", *columns("cause"), "--by", "arm", content=content)
    assert out.count("Gray's test, cause") == 2
    _, out, _ = analyse("cif", *columns("cause"), "--by", "arm", "--json", content=content)
    first, second = ([cause["gray"] for cause in group["causes"]] for group in json.loads(out))
    assert first == second
    assert first[0]["degrees_of_freedom"] == 1
    _, out, _ = analyse("cif", *columns("cause"), "--json", content=content)
    assert json.loads(out)[0]["causes"][0]["gray"] is None


def test_curves_are_drawn_into_a_file_beside_the_answer(analyse, tmp_path):
    code, out, _ = analyse("km", *columns(), "--by", "dose", "--figure", "km.svg", "--json")
    drawing = (tmp_path / "km.svg").read_text(encoding="utf-8")
    assert (code, len(json.loads(out))) == (0, 2)
    assert drawing.startswith("<svg")
    assert "10: 3 participants, 1 events" in drawing


def test_figure_of_an_unknown_format_or_in_no_folder_is_refused(analyse):
    code, out, err = analyse("km", *columns(), "--figure", "km.jpg")
    assert (code, out) == (2, "")
    assert err.startswith("invalid: --figure: 'km.jpg' has an ending that names no format. End it in one of .svg")
    code, _, err = analyse("km", *columns(), "--figure", "none/km.svg")
    assert (code, err) == (2, "invalid: --figure: 'none/km.svg' cannot be written: No such file or directory.\n")


def test_log_rank_is_answered_alone(analyse):
    _, out, _ = analyse("log-rank", *columns(), "--by", "dose", "--json")
    answer = json.loads(out)
    assert answer["degrees_of_freedom"] == 1
    assert 0 < answer["p_value"] < 1
    assert answer["hazard_ratio"]["ratio"]["note"].startswith("not estimable")
    _, out, _ = analyse("log-rank", *columns(), "--by", "dose", "--weight", "1")
    assert "Weighted log-rank (rho = 1)" in out


def test_hazard_ratio_of_two_groups_is_answered_with_the_comparison(analyse):
    content = "months,died,arm\n1,1,b\n2,1,a\n3,1,a\n4,1,b\n"
    _, out, _ = analyse("log-rank", *columns(), "--by", "arm", content=content)
    assert "Hazard of b relative to a: 0.618 (0.0546–7), 95 % limits (Wald, log scale)" in out
    _, out, _ = analyse("log-rank", *columns(), "--by", "arm", "--json", content=content + "5,1,c\n")
    assert json.loads(out)["hazard_ratio"] is None


def test_response_rate_is_answered_with_its_exact_interval(analyse):
    _, out, _ = analyse("orr", "--responders", "9", "--n", "12", "--json")
    answer = json.loads(out)
    assert (answer["responders"], answer["n"], answer["estimate"], answer["interval"]) == (
        9,
        12,
        0.75,
        "Clopper–Pearson",
    )
    assert (answer["lower"], answer["upper"]) == pytest.approx((0.4281415381, 0.9451393554))
    _, out, _ = analyse("orr", "--responders", "9", "--n", "12")
    assert out == "9 of 12: 75.0 % (42.8–94.5), 95 % limits (Clopper–Pearson)\n"


def test_response_rate_of_nobody_says_so(analyse):
    _, out, _ = analyse("orr", "--responders", "0", "--n", "0")
    assert out == "0 of 0: not estimable, nobody is counted\n"


def test_prior_belief_is_updated_or_refused(analyse):
    _, out, _ = analyse("orr", "--responders", "1", "--n", "2", "--prior", "1,1", "--json")
    assert json.loads(out)["posterior"]["estimate"] == pytest.approx(0.5)
    code, _, err = analyse("orr", "--responders", "1", "--n", "2", "--prior", "flat")
    assert (code, err) == (2, "invalid: --prior: 'flat' is not two numbers. Write alpha and beta, as in 0.5,0.5.\n")


def test_rate_to_exceed_is_answered_by_bayes_and_by_the_exact_test(analyse):
    _, out, _ = analyse("orr", "--responders", "9", "--n", "12", "--null", "0.4", "--json")
    found = json.loads(out)["posterior"]
    assert (found["prior"], found["parameters"], found["null"]) == ([0.5, 0.5], [9.5, 3.5], 0.4)
    assert found["above"] == pytest.approx(scipy.stats.beta(9.5, 3.5).sf(0.4))
    assert found["p_value"] == pytest.approx(scipy.stats.binom(12, 0.4).sf(8))
    _, out, _ = analyse("orr", "--responders", "9", "--n", "12", "--null", "0.4", "--prior", "1,1")
    assert "Prior: beta(1, 1)." in out
    assert "Chance that the true rate is above 40 %:" in out
    code, _, err = analyse("orr", "--responders", "9", "--n", "12", "--null", "40")
    assert (code, err) == (2, "invalid: rate: 40.0 must lie between 0 and 1. Write 0.2 for 20 %.\n")


def test_more_responders_than_participants_are_refused(analyse):
    code, _, err = analyse("orr", "--responders", "13", "--n", "12")
    assert (code, err) == (2, "invalid: responders: 13 is more than the 12 who are counted. Give responders ≤ n.\n")


def test_help_ends_in_an_example():
    done = subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", "analyse", "km", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Example: earlyphase analyse km" in done.stdout
