"""What a statistician asks from Python in a line, and how the answer shows itself in a notebook."""

from xml.etree import ElementTree as ET

import pytest

from earlyphase.escalation.ask import compare, decision_table, next_dose, oc, oc_in_time, paths
from earlyphase.escalation.showing import html_table, svg_bars
from earlyphase.faults import InvalidInput

TRUTH = (0.05, 0.15, 0.35)


def shown(answer):
    """Read what a notebook is given: well-formed, as a notebook would draw it."""
    return ET.fromstring(f"<div>{answer._repr_html_()}</div>")  # noqa: S314 - made here, a line before


def cells(answer):
    return [[cell.text or "" for cell in row] for row in shown(answer).iter("tr")]


def test_operating_characteristics_are_a_table_and_a_figure():
    [answer] = oc("3+3", TRUTH, variant="six_at_mtd")
    assert answer.select == pytest.approx((0.204676, 0.514682, 0.252769), abs=1e-6)
    assert cells(answer)[2] == ["2", "15.0%", "51.47%", "5.09", "0.76"]
    assert "Exact." in answer._repr_html_()
    drawn = shown(answer).find("{http://www.w3.org/2000/svg}svg")
    widths = [float(one.get("width")) for one in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert max(widths[1:]) == pytest.approx(340 * 0.514682, abs=0.1)


def test_several_truths_stand_one_below_the_other():
    answers = oc("boin", TRUTH, (0.3, 0.4, 0.5), target=0.25, cohorts=4)
    assert len(answers) == 2
    assert answers._repr_html_().count("<table>") == 2


def test_characteristics_from_here_count_who_is_still_to_be_treated():
    [answer] = oc("3+3", TRUTH, outcomes="1NNN 2NTT", variant="lowest_stop")
    assert answer.select == (1.0, 0.0, 0.0)
    assert answer.total_patients == 0


def test_a_decision_table_shows_its_rows():
    assert cells(decision_table("boin", n_max=3, target=0.3))[3] == ["3", "0", "2", "3"]


def test_the_next_dose_shows_its_reason():
    answer = next_dose("crm", "1NNN 2NNT", target=0.25, skeleton=(0.05, 0.12, 0.25, 0.40, 0.55))
    assert answer.next_dose == 2
    assert answer.reason.split(".")[0] in "".join(shown(answer).itertext())
    assert "stay, 3 at dose 2" in answer._repr_html_()


def test_paths_are_lists_within_lists():
    answer = paths("3+3", ahead=2, doses=3, variant="six_at_mtd")
    assert len(list(shown(answer).iter("ul"))) == 3
    assert len(list(shown(answer).iter("li"))) == 12
    assert "over, no MTD" in answer._repr_html_()


def test_a_comparison_is_a_table_and_a_figure():
    answer = compare("3+3", "boin", target=0.25, doses=3, variant="six_at_mtd", cohorts=10)
    assert [row[0] for row in cells(answer)[1:]] == ["3+3", "boin"]
    assert cells(answer)[1][-1] == "exact"
    assert "<svg" in answer._repr_html_()


def test_what_depends_on_time_shows_its_duration_and_its_error():
    [answer] = oc_in_time("tite-boin", TRUTH, trials=50, target=0.25, cohorts=3)
    assert "Monte Carlo standard error" in answer._repr_html_()
    assert "Over after days" in answer._repr_html_()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: oc("boin", TRUTH, target=0.25), "--cohorts: is missing"),
        (lambda: oc("boin", TRUTH, target=0.25, cohort=3), "cohort: 3 is not an option of a design"),
        (lambda: oc("boin", (0.1, 1.2), target=0.25, cohorts=3), "1.2 is not between 0 and 1"),
        (lambda: oc("tite-boin", TRUTH, target=0.25, cohorts=3), "depends on calendar time"),
        (lambda: decision_table("crm", target=0.25, skeleton=(0.1, 0.2)), "it has no such table"),
        (lambda: compare("3+3", "boin", target=0.25), "doses: is missing"),
    ],
)
def test_what_cannot_be_answered_says_why(asked, said):
    with pytest.raises(InvalidInput, match=said):
        asked()


def test_what_is_shown_is_never_taken_for_markup():
    assert "<b>" not in html_table(("<b>",), [("<b>",)], "<b>") + svg_bars("<b>", [("<b>", (0.5,))], ("<b>",))
