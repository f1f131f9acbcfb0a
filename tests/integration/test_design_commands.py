"""`earlyphase design list`, `table`, `oc` and `paths`, as a user types them."""

import pytest

FIVE = "0.05,0.15,0.30,0.45,0.60"
BOIN = ("boin", "--target", "0.3", "--cohorts", "10", "--cohort-size", "3")


def test_every_design_is_listed_with_its_options(answer, design):
    listed = {row["design"]: row for row in answer("list")}
    assert listed["3+3"]["options"] == ["doses", "start", "variant"]
    assert {"i3+3", "mtpi", "mtpi2", "keyboard", "boin", "table"} <= set(listed)
    assert "keyboard" in design("list")[1]


def test_a_table_is_a_list_of_rows(answer):
    rows = answer("table", "boin", "--target", "0.3", "--n-max", "30")
    assert len(rows) == 30
    assert rows[0] == {"n": 1, "escalate_if_le": 0, "deescalate_if_ge": 1, "eliminate_if_ge": None}
    assert rows[5] == {"n": 6, "escalate_if_le": 1, "deescalate_if_ge": 3, "eliminate_if_ge": 4}


def test_a_table_can_be_had_as_csv_and_read_by_eye(design):
    _, out, _ = design("table", "keyboard", "--target", "0.3", "--n-max", "3", "--csv")
    assert out.splitlines() == ["n,escalate_if_le,deescalate_if_ge,eliminate_if_ge", "1,0,1,", "2,0,1,", "3,0,2,3"]
    assert "Escalate at" in design("table", "keyboard", "--target", "0.3", "--n-max", "3")[1]


def test_extrasafe_adds_the_column_of_the_lowest_dose(answer):
    rows = answer("table", "boin", "--target", "0.3", "--n-max", "3", "--extrasafe")
    assert rows[2]["eliminate_lowest_if_ge"] == 2


def test_the_3_plus_3_has_no_such_table(design):
    code, _, err = design("table", "3+3", "--variant", "lowest_stop", "--doses", "3")
    assert code == 2
    assert "it has no such table" in err


def test_operating_characteristics_come_one_for_each_truth(answer):
    first, second = answer("oc", *BOIN, "--truth", FIVE, "--truth", "0.3,0.45,0.55,0.65,0.75")
    assert first["method"] == "exact"
    assert first["no_mtd"] + sum(first["select"]) == pytest.approx(1, abs=1e-12)
    assert first["select"][2] == pytest.approx(0.5463, abs=1e-4)
    assert sum(first["patients"]) == pytest.approx(first["total_patients"])
    assert len(first["dlts"]) == 5
    assert sum(row["chance"] for row in first["total_distribution"]) == pytest.approx(1)
    assert second["no_mtd"] > first["no_mtd"]


def test_operating_characteristics_from_here(answer, design):
    typed = ("oc", "3+3", "--variant", "six_at_mtd", "--truth", "0.05,0.15,0.35", "--outcomes", "1NNN 2NNT")
    [result] = answer(*typed, "--tolerable", "0.33")
    assert result["patients"][1] == pytest.approx(3)
    assert result["overdosed_distribution"][0]["patients"] == 0
    assert "Exact" in design(*typed)[1]


def test_a_simulation_says_so_with_its_error(answer, design):
    typed = ("oc", *BOIN, "--truth", FIVE, "--simulate", "1000", "--seed", "3")
    [result] = answer(*typed)
    assert result["method"] == "simulated"
    assert 0 < result["mcse"]["select"][2] < 0.02
    assert "standard error" in design(*typed)[1]


def test_paths_can_be_read_as_json_as_a_tree_and_as_a_figure(answer, design, tmp_path):
    typed = ("paths", "3+3", "--variant", "six_at_mtd", "--doses", "3", "--cohorts", "2")
    tree = answer(*typed, "--truth", "0.1,0.2,0.3")
    assert tree["now"]["decision"] == "start"
    assert tree["results"][0]["results"][0]["outcome"] == "2NNN"
    assert tree["results"][0]["chance"] == pytest.approx(0.9**3)
    figure = tmp_path / "paths.svg"
    assert "2NNT: stay" in design(*typed, "--figure", str(figure))[1]
    assert figure.read_text().startswith("<svg")


def test_the_cohorts_of_paths_are_those_ahead_for_any_design(answer):
    tree = answer("paths", "boin", "--target", "0.3", "--doses", "3", "--outcomes", "1NNN", "--cohorts", "1")
    assert [result["outcome"] for result in tree["results"]] == ["2NNN", "2NNT", "2NTT", "2TTT"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("oc", *BOIN, "--truth", "0.1,0.2,1.3"), "1.3 is not between 0 and 1"),
        (("oc", *BOIN, "--truth", FIVE, "--truth", "0.1,0.2"), "has 2 values, but there are 5 doses"),
        (("oc", *BOIN, "--truth", "0.1,x"), "'x' is not a number (number 2 of '0.1,x')"),
        (("oc", "boin", "--target", "0.3", "--truth", FIVE), "--cohorts: is missing"),
        (("oc", "boin", "--target", "1", "--cohorts", "3", "--truth", FIVE), "--target: 1.0 is not between 0 and 1"),
        (("oc", *BOIN, "--truth", FIVE, "--outcomes", "2NNN"), "could not have been produced"),
        (("oc", *BOIN, "--truth", FIVE, "--outcomes", "1NNNX"), "character 5"),
        (("oc", *BOIN, "--truth", FIVE, "--simulate", "1"), "--simulate: 1 is not"),
        (("oc", *BOIN, "--truth", FIVE, "--tolerable", "2"), "--tolerable: 2.0 is not between 0 and 1"),
        (("oc", "boin", "--target", "0", "--cohorts", "3", "--truth", FIVE), "--target: 0.0 is not between 0 and 1"),
        (("next", "crm", "--target", "0.25", "--skeleton", "0.1,0.1", "--outcomes", ""), "The values must increase"),
        (("table", "crm", "--target", "0.25", "--skeleton", "0.1,0.2"), "it has no such table"),
        (("paths", "3+3", "--variant", "lowest_stop", "--doses", "3", "--cohorts", "0"), "--cohorts: 0"),
        (("paths", "3+3", "--variant", "lowest_stop", "--doses", "3", "--figure", "a.doc"), "--figure"),
        (("table", "boin", "--target", "0.3", "--n-max", "0"), "--n-max: 0"),
        (("table", "bion", "--target", "0.3"), "Did you mean boin?"),
    ],
)
def test_bad_input_is_a_sentence(design, typed, said):
    code, _, err = design(*typed)
    assert code == 2
    assert said in err
