"""What the BLRM with overdose control does and refuses, in the words of a study."""

import numpy as np
import pytest

from earlyphase.escalation.batch import States, tallies
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.course import advise
from earlyphase.escalation.design import Act
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput

LADDER = {"amounts": (1.0, 2.0, 4.0, 8.0), "reference": 4.0}


def a_blrm(**options):
    return build("blrm", Options(**{**LADDER, **options}))


def advised(outcomes, **options):
    return advise(a_blrm(**options), parse_outcomes(outcomes))


def test_the_dose_goes_up_by_one_after_a_cohort_without_a_dlt():
    said = advised("1NNN")
    assert (said.decision, said.next_dose) == (Act.ESCALATE, 2)
    assert "0 of 3 at dose 1 had a DLT; dose 2 lies within 0.16 to 0.33" in said.reason


def test_overdose_control_holds_or_lowers_the_dose():
    assert advised("1NNN 2NTT").next_dose == 1
    seen = parse_outcomes("1NNN 2NNN 3NNT")
    doses = [advise(a_blrm(overdose=limit), seen, observed=True).next_dose for limit in (0.05, 0.25, 0.6)]
    assert doses == [2, 2, 3]


def test_the_study_ends_where_no_dose_is_admitted():
    said = advised("1TTT")
    assert (said.decision, said.mtd) == (Act.STOP, None)
    assert "not below 0.25: stop without an MTD" in said.reason


def test_the_mtd_at_the_maximum_was_treated_and_is_admitted():
    assert advised("1NNN 2NNN", max_n=6).mtd == 2
    assert advised("1TTT", max_n=3).mtd is None


def test_chances_are_exact_and_sum_to_one():
    [found] = characteristics(every_end(a_blrm(cohorts=4)), [[0.1, 0.2, 0.3, 0.5]])
    assert found.no_mtd + sum(found.select) == pytest.approx(1, abs=1e-12)


def test_many_tallies_are_answered_as_one_by_one():
    design, random = a_blrm(max_n=20), np.random.default_rng(4)
    evaluable = random.integers(0, 5, (60, 4))
    evaluable[:, 0] += 1
    states = States(evaluable, random.integers(0, evaluable + 1), np.ones(60, int))
    steps = design.recommend_many(states)
    for at, tally in enumerate(tallies(states)):
        one = design.recommend(tally)
        assert (one.next_dose or 0, one.cohort_size, one.mtd or 0) == tuple(int(part[at]) for part in steps)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"amounts": None}, "--amounts: is missing"),
        ({"amounts": (1.0, 1.0)}, "--amounts: 1.0 of dose 2 is not above 1"),
        ({"amounts": (0.0, 1.0)}, "is not above 0"),
        ({"reference": None}, "--reference: is missing"),
        ({"reference": -1.0}, "--reference: -1.0"),
        ({"interval": (0.3, 0.2)}, "--interval"),
        ({"interval": (0.3,)}, "--interval"),
        ({"overdose": 1.0}, "--overdose: 1.0"),
        ({"prior": (0.0, 1.0, 0.0)}, "--prior: '0,1,0'"),
        ({"prior": (0.0, 1.0, 0.0, -1.0)}, "--prior"),
        ({"prior": (0.0, 1.0, 0.0, 1.0, 1.0)}, "--prior"),
        ({"doses": 3}, "is not the number of amounts"),
        ({"skeleton": (0.1, 0.2)}, "is not an option of blrm"),
    ],
)
def test_bad_input_is_a_sentence(options, said):
    with pytest.raises(InvalidInput) as fault:
        a_blrm(**options)
    assert said in str(fault.value)
