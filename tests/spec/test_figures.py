"""Figures: the same bytes every time, words as outlines, a text for who cannot see them."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from earlyphase.analysis.kaplan_meier import kaplan_meier as estimate
from earlyphase.reports import palette
from earlyphase.reports.drawing import SVG, draw
from earlyphase.reports.figures import (
    Cohort,
    Lane,
    Loss,
    Mark,
    Rung,
    Stage,
    Step,
    TimeAxis,
    Turn,
    cohort_flow,
    escalation_ladder,
    kaplan_meier,
    participant_flow,
    swimmer,
)
from earlyphase.reports.figures.ladder import _LOOK
from earlyphase.reports.figures.theme import ticks
from earlyphase.reports.outlines import glyph, shorten, width, without_font, wrap
from earlyphase.reports.values import Figure
from earlyphase.study.standing import DltState

LEVELS = [(-1, "Level −1"), (1, "Level 1"), (2, "Level 2")]


def a_curve(name: str = "km", title: str = "Overall survival") -> Figure:
    curve = estimate([30, 60, 90, 400], [1, 0, 1, 0])
    return kaplan_meier([("", curve)], title=title, id=name, axis=TimeAxis("Months from infusion", 30.4375, 12))


def a_ladder() -> Figure:
    rungs = [Rung("001", 1, DltState.NO_DLT), Rung("002", 2, DltState.DLT), Rung("003", 2, DltState.PENDING)]
    return escalation_ladder(rungs, LEVELS, [Turn(1, "escalate")])


def a_swimmer() -> Figure:
    return swimmer([Lane("001", "Level 1", 300, ((28, Mark.RESPONSE), (300, Mark.DEATH)), ((28, 200),))])


def a_flow() -> Figure:
    return participant_flow([Step("Consented", 3, (Loss("screen failure (I1)", 1),)), Step("Enrolled", 2)])


def a_flow_of_cohorts() -> Figure:
    stages = (
        Stage("Assigned", 4),
        Stage("Infused", 3, (Loss("withdrew", 1),)),
        Stage("DLT-evaluable", 3, (), "with a DLT: 1"),
    )
    return cohort_flow([Cohort("Level 1", "0.5 × 10⁶/kg", stages, "Decision of 2026-05-03: escalate")])


FIGURES = [a_curve(), a_ladder(), a_swimmer(), a_flow(), a_flow_of_cohorts()]
ANY_FIGURE = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.id)


def parsed(figure: Figure) -> ET.Element:
    return ET.fromstring(draw(figure))  # noqa: S314 - our own drawing


@ANY_FIGURE
def test_a_figure_is_drawn_the_same_twice(figure: Figure):
    assert draw(figure) == draw(figure)


def test_a_figure_is_drawn_the_same_in_another_process():
    program = "from tests.spec.test_figures import a_curve, draw; print(draw(a_curve()))"
    other = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert other.rstrip("\n") == draw(a_curve())


@ANY_FIGURE
def test_words_are_outlines_so_that_no_font_is_needed(figure: Figure):
    found = parsed(figure)
    assert not list(found.iter(f"{{{SVG}}}text"))
    assert list(found.iter(f"{{{SVG}}}use"))


@ANY_FIGURE
def test_who_cannot_see_a_figure_is_told_what_it_shows(figure: Figure):
    found = parsed(figure)
    assert found.get("role") == "img"
    named = (found.get("aria-labelledby") or "").split()
    texts = {element.get("id"): element.text for element in found.iter() if element.get("id") in named}
    assert [texts[name] for name in named] == [figure.title, figure.alt]
    assert len(figure.alt) > 20


@ANY_FIGURE
def test_every_reference_within_a_figure_has_its_own_name(figure: Figure):
    found = parsed(figure)
    names = [element.get("id") for element in found.iter() if element.get("id")]
    assert len(names) == len(set(names))
    assert all(name.startswith(f"{figure.id}-") for name in names if name)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', draw(figure)))
    assert used <= set(names)


def test_two_figures_on_a_page_share_no_name():
    names = [{e.get("id") for e in parsed(a_curve(name)).iter() if e.get("id")} for name in ("km-a", "km-b")]
    assert not names[0] & names[1]


@ANY_FIGURE
def test_every_colour_of_a_figure_has_a_counterpart_on_a_dark_screen(figure: Figure):
    colours = set(re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]+)"', draw(figure)))
    assert colours <= {shade.light for shade in palette.SHADES}


def test_text_from_the_study_cannot_end_its_element():
    figure = a_curve(title='</title><script>alert("x")</script>')
    assert "<script>" not in draw(figure)


def test_each_state_on_the_ladder_differs_in_shape_or_filling():
    looks = [(shape, fill == palette.PAPER.light) for shape, fill, _ in _LOOK.values()]
    assert len(set(looks)) == len(DltState)


def test_curves_of_groups_differ_in_dash_as_well_as_in_colour():
    curve = estimate([1, 2], [1, 1])
    drawn = draw(kaplan_meier([("one", curve), ("two", curve)], title="Two"))
    assert "stroke-dasharray" in drawn


def test_numbers_at_risk_stand_at_every_tick_and_at_the_end_of_observation():
    curve = estimate([100, 365, 365], [1, 0, 0])
    figure = kaplan_meier([("", curve)], title="t", axis=TimeAxis("Months", 30.4375, 365 / 30.4375))
    rows = figure.spec["vconcat"][1]["data"]["values"]
    assert [(row["time"], row["n"]) for row in rows] == [(0, 3), (3, 3), (6, 2), (9, 2), (12, 2)]


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ([], "nobody to follow"),
        ([("", estimate([], []))], "0 participants, 0 events"),
        ([("", estimate([0, 0], [0, 0]))], "2 participants, 0 events; median not reached"),
        ([("", estimate([5], [1]))], "1 participants, 1 events; median 5.0"),
        ([("", estimate([1, 2], [1, 1]))], "2 participants, 2 events"),
    ],
    ids=["no group", "nobody", "all censored on day 0", "one participant", "everybody an event"],
)
def test_a_curve_of_few_or_none_is_still_drawn(groups: list, says: str):
    figure = kaplan_meier(groups, title="Overall survival")
    assert says in figure.alt
    assert draw(figure)


def test_a_ladder_and_a_swimmer_plot_of_nobody_are_drawn():
    for figure in (escalation_ladder([], LEVELS, []), swimmer([])):
        assert figure.alt.startswith("Nobody")
        assert draw(figure)


@pytest.mark.parametrize(
    ("end", "months", "places"),
    [
        (11.99, True, [0, 3, 6, 9, 12]),
        (24, True, [0, 3, 6, 9, 12, 15, 18, 21, 24]),
        (60, True, [0, 12, 24, 36, 48, 60]),
        (7, False, [0, 1, 2, 3, 4, 5, 6, 7]),
        (0.35, False, [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35]),
        (0, False, [0]),
    ],
)
def test_axes_are_ticked_at_round_numbers(end: float, *, months: bool, places: list[float]):
    assert ticks(end, months=months) == pytest.approx(places)


def test_chinese_characters_have_shapes():
    box = glyph("\N{TAMIL LETTER KA}", bold=False)
    assert all(glyph(character, bold=False).path != box.path for character in "细胞因子")
    assert not without_font("T 细胞 ≥ 3 × 10⁶")
    assert without_font("க") == {"க"}


def test_text_is_broken_and_cut_to_the_room_that_there_is():
    text = "progression or relapse before the end of the window"
    assert all(width(line, 11) <= 120 for line in wrap(text, 11, 120))
    assert " ".join(wrap(text, 11, 120)) == text
    assert width(shorten(text, 11, 80), 11) <= 80
