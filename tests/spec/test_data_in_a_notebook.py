"""Curves, incidences and rates are asked for in a line, and show themselves in a notebook."""

import pytest

from earlyphase.faults import InvalidInput
from earlyphase.reports.ask import cif, km, orr

DAYS, EVENTS, ARM = [30, 62, 91, 150], [1, 0, 1, 1], ["a", "b", "a", "b"]


def test_a_curve_is_a_figure_and_a_table_with_its_median():
    shown = km(DAYS, EVENTS, at=[90], unit="days")._repr_html_()
    assert shown.startswith("<svg")
    assert '<th scope="col">Median, days</th>' in shown
    assert "75.0\u00a0%" in shown or "75.0 %" in shown


def test_groups_are_compared():
    found = km(DAYS, EVENTS, ARM)
    assert [group.name for group in found.groups] == ["a", "b"]
    assert "Log-rank: chi-square" in found._repr_html_()
    with pytest.raises(InvalidInput, match="there is not one group"):
        _ = found.median


def test_nobody_to_follow_is_a_stated_result():
    assert "not estimable: nobody to follow" in km([], [])._repr_html_()
    assert "<svg" not in km([], [])._repr_html_()
    assert cif([], []).groups[0][1].n == 0


def test_all_censored_on_day_0_and_everybody_an_event_are_answered():
    assert km([0, 0], [0, 0]).median.estimate is None
    assert km([0, 0], [0, 0])._repr_html_()
    assert km([1, 2], [1, 1]).median.estimate == pytest.approx(1.5)


def test_incidences_of_groups_show_grays_test():
    shown = cif([1, 2, 3, 4, 5, 6], [1, 2, 0, 1, 1, 0], list("aabbab"), at=[4])._repr_html_()
    assert shown.count("Gray&#x27;s test, cause") == 2
    assert "At 4" in shown


def test_a_rate_shows_its_intervals_and_its_posterior():
    shown = orr(9, 12, null=0.4)._repr_html_()
    assert "Clopper–Pearson" in shown
    assert "mid-p" in shown
    assert "posterior, prior beta(0.5, 0.5)" in shown
    assert "one-sided exact p = 0.0153" in shown
    assert orr(0, 0).exact.note == "nobody is counted"


def test_what_is_shown_is_never_taken_for_markup():
    assert "<b>" not in km(DAYS, EVENTS, ["<b>", "x", "<b>", "x"])._repr_html_()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: km([1, -1], [1, 0]), r"times\[1\]"),
        (lambda: km([1, 2], [1, 0], ["a"]), "each follow-up needs one of each"),
        (lambda: cif([1, 2], [1, 0.5]), "does not say how it ended"),
        (lambda: orr(3, 2), "is more than the 2 who are counted"),
        (lambda: orr(1, 2, prior=(0, 1)), "is no beta distribution"),
    ],
)
def test_what_cannot_be_answered_says_why(asked, said):
    with pytest.raises(InvalidInput, match=said):
        asked()
