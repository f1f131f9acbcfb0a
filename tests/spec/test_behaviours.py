"""Behaviours around a design: what was seen, and what comes next because of them."""

import pytest

from earlyphase.escalation.behaving import Behaving, behave, core
from earlyphase.escalation.behaviours import AtMost
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.course import advise
from earlyphase.escalation.design import Act
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.options import Options
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant
from earlyphase.faults import InvalidInput

STEPS = [
    # what was asked for, outcomes, decision, next dose, how many, MTD
    ({}, "", Act.START, 1, 3, None),
    ({}, "1NNN", Act.ESCALATE, 2, 3, None),
    ({}, "1NNT 1NNN", Act.ESCALATE, 2, 3, None),
    ({}, "1TTT", Act.STOP, None, 0, None),
    ({}, "1NNN 2TTT", Act.DE_ESCALATE, 1, 3, None),
    ({}, "1NNN 2TTT 1NNN", Act.STAY, 1, 3, None),
    ({"max_n": 9}, "1NNN 2NNN 3NNT", Act.STOP, None, 0, 3),
    ({"max_n": 8}, "1NNN 2NNN", Act.ESCALATE, 3, 2, None),
    ({"cohorts": 3}, "1NNN 2NNN 3NNN", Act.STOP, None, 0, 3),
    ({"stop_at": 6}, "1NNN 2NNT 2NNT", Act.STOP, None, 0, 2),
    ({"stop_at": 6}, "1NNN 2NNT 2NNN", Act.ESCALATE, 3, 3, None),
    ({"stop_at": 6}, "1NNN 2TTT 1NNN", Act.STOP, None, 0, 1),
    ({"start": 2}, "", Act.START, 2, 3, None),
    ({"start": 2}, "2NTT", Act.DE_ESCALATE, 1, 3, None),
    ({"titration": True}, "", Act.START, 1, 1, None),
    ({"titration": True}, "1N", Act.ESCALATE, 2, 1, None),
    ({"titration": True}, "1N 2T", Act.STAY, 2, 2, None),
    ({"titration": True}, "1N 2TNN", Act.STAY, 2, 3, None),
    ({"titration": True}, "1N 2TNT", Act.DE_ESCALATE, 1, 3, None),
    ({"titration": True}, "1N 2N 3N", Act.STAY, 3, 2, None),
    ({"cohort_size": (1, 2, 3)}, "1N", Act.ESCALATE, 2, 2, None),
    ({"cohort_size": (1, 2, 3)}, "1N 2NN", Act.ESCALATE, 3, 3, None),
    ({"extrasafe": True}, "1NTT", Act.STOP, None, 0, None),
    ({}, "1NTT", Act.STAY, 1, 3, None),
    ({"bound_mtd": True, "max_n": 3}, "1NTT", Act.STOP, None, 0, None),
    ({"max_n": 3}, "1NTT", Act.STOP, None, 0, 1),
]


@pytest.mark.parametrize(("asked", "outcomes", "decision", "dose", "size", "mtd"), STEPS)
def test_boin_with_what_was_asked_for(asked, outcomes, decision, dose, size, mtd):
    design = build("boin", Options(doses=3, target=0.3, **asked))
    # "1N 2TNN" writes the titration's first participant and the rest of the cohort in one word
    advice = advise(design, parse_outcomes(outcomes))
    assert (advice.decision, advice.next_dose, advice.cohort_size, advice.mtd) == (decision, dose, size, mtd)


def test_the_last_cohort_is_held_against_elimination_too():
    design = build("boin", Options(doses=3, target=0.3, max_n=3))
    advice = advise(design, parse_outcomes("1TTT"))
    assert advice.mtd is None
    assert "eliminated" in advice.reason


def test_behaviours_wrap_any_design():
    three = ThreePlusThree(3, Variant.SIX_AT_MTD)
    short = Behaving(three, AtMost(6))
    assert advise(short, parse_outcomes("1NNN 2NNN")).decision is Act.STOP
    assert core(short) is three
    assert behave(three, Options()) is three


def test_each_behaviour_says_why():
    design = build("boin", Options(doses=3, target=0.3, max_n=9, stop_at=6, titration=True))
    assert "titration" in advise(design, parse_outcomes("1N")).reason
    ended = advise(design, parse_outcomes("1T 1NN 1NNT"), observed=True).reason
    assert "6 end the escalation" in ended
    assert "The MTD is dose 1" in ended


def test_an_open_cohort_is_completed_first():
    design = build("boin", Options(doses=3, target=0.3))
    advice = advise(design, parse_outcomes("1NNN 2NN"))
    assert (advice.decision, advice.next_dose, advice.cohort_size) == (Act.STAY, 2, 1)


def test_a_dose_that_can_only_be_left_downwards_is_left_at_once():
    design = build("boin", Options(doses=3, target=0.3))
    advice = advise(design, parse_outcomes("1NNN 2TT"))
    assert (advice.decision, advice.next_dose) == (Act.DE_ESCALATE, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"target": 0.0}, "--target: 0.0 is not between 0 and 1"),
        ({"target": 1.0}, "is not between 0 and 1"),
        ({"target": None}, "--target: is missing"),
        ({"doses": None}, "--doses: is missing"),
        ({"doses": 0}, "--doses: 0"),
        ({"cohort_size": (0,)}, "--cohort-size: 0"),
        ({"max_n": 0}, "--max-n: 0"),
        ({"stop_at": -1}, "--stop-at: -1"),
        ({"start": 4}, "--start: 4 is not one of the 3 doses"),
        ({"cutoff": 0.3}, "--cutoff: 0.3"),
        ({"titration": True, "cohort_size": (1, 3)}, "cohort sizes that change"),
        ({"under": 0.35}, "do not enclose the target"),
        ({"margin": (0.05, 0.05)}, "is not an option of boin"),
        ({"variant": "lowest_stop"}, "is not an option of boin"),
    ],
)
def test_options_that_cannot_be_are_refused(asked, said):
    with pytest.raises(InvalidInput) as fault:
        build("boin", Options(**({"doses": 3, "target": 0.3} | asked)))
    assert said in str(fault.value)


@pytest.mark.parametrize("margin", [(0.3, 0.05), (0.05, 0.8), (-0.1, 0.1), (0.1, 0.1, 0.1)])
def test_margins_that_leave_the_unit_interval_are_refused(margin):
    with pytest.raises(InvalidInput, match="--margin"):
        build("keyboard", Options(doses=3, target=0.25, margin=margin))
