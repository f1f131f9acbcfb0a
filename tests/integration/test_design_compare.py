"""`earlyphase design compare`, as a user types it."""

import json

import pytest

TYPED = ("compare", "3+3", "boin", "--variant", "six_at_mtd", "--target", "0.25", "--doses", "3", "--cohorts", "4")


def test_designs_stand_side_by_side_over_fixed_and_random_curves(design):
    code, out, err = design(*TYPED, "--random", "20", "--json")
    assert code == 0, err
    answer = json.loads(out)
    assert [one["design"] for one in answer["fixed"]] == ["3+3", "boin"]
    assert [len(one["curves"]) for one in answer["random"]] == [20, 20]
    assert answer["fixed"][1]["average"]["correct"] > 0.4
    assert "On average over 4 fixed curves" in design(*TYPED)[1]


def test_the_report_has_tables_figures_and_the_text_of_a_protocol(design, tmp_path):
    path = tmp_path / "comparison.html"
    typed = ("--random", "20", "--truth", "0.1,0.25,0.4", "--accrual", "10", "--simulate", "20")
    code, _, err = design(*TYPED, *typed, "--report", str(path))
    assert code == 0, err
    page = path.read_text("utf-8")
    for words in (
        "MTD found",
        "<svg",
        "Text for a protocol: boin",
        "Liu S, Yuan Y.",
        "Clertant",
        "vein to vein",
        "exact",
    ):
        assert words in page
    assert "journal" not in page.lower()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("compare", "boin", *TYPED[3:]), "are not two different designs"),
        ((*TYPED, "--skeleton", "0.1,0.2,0.3"), "--skeleton: (0.1, 0.2, 0.3) is an option of none of them"),
        ((*TYPED, "--report", "a.pdf"), "--report"),
        ((*TYPED, "--truth", "0.1,0.2", "--truth", "0.1"), "has 1 values"),
        (("compare", "3+3", "boin", "--target", "0.25"), "--doses: is missing"),
        (("compare", "boin", "boin12", "--target", "0.25", "--doses", "3", "--cohorts", "3"), "--response: is missing"),
        (("compare", "boin", "bion", "--target", "0.25", "--doses", "3"), "Did you mean boin?"),
        (("compare", "boin", "3+3", "--doses", "3"), "--target: is missing"),
    ],
)
def test_bad_input_is_a_sentence(design, typed, said):
    code, _, err = design(*typed)
    assert code == 2
    assert said in err


def test_what_is_too_large_to_be_exact_is_simulated_where_conduct_is_given(design):
    typed = ("compare", "boin", "keyboard", "--target", "0.3", "--max-n", "60", "--cohort-size", "1", "--doses", "8")
    code, out, err = design(*typed)
    assert (code, out) == (2, "")
    assert "states foreseen for 60 participants" in err
    assert "--accrual" in err
    code, out, err = design(*typed, "--accrual", "10", "--simulate", "20", "--json")
    assert code == 0, err
    assert {one["method"] for one in json.loads(out)["fixed"]} == {"simulated"}
