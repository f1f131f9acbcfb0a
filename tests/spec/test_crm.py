"""What the CRM does and refuses, in the words of a study."""

from itertools import pairwise

import numpy as np
import pytest

from earlyphase.escalation.batch import States, tallies
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.course import advise
from earlyphase.escalation.design import Act, DoseTally, Tally
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.options import Options
from earlyphase.escalation.skeletons import Model, Scale, indifference_skeleton
from earlyphase.faults import InvalidInput

SKELETON = (0.05, 0.12, 0.25, 0.40, 0.55)


def a_crm(**options):
    return build("crm", Options(target=0.25, **{"skeleton": SKELETON, **options}))


def advised(outcomes, **options):
    return advise(a_crm(**options), parse_outcomes(outcomes))


def test_the_first_cohort_is_treated_at_the_start_dose():
    assert (advised("").next_dose, advised("", start=2).next_dose) == (1, 2)


def test_no_dose_is_skipped_unless_that_is_asked_for():
    assert advised("1NNN").next_dose == 2
    assert "no dose is skipped" in advised("1NNN").reason
    assert advised("1NNN", may_skip=True).next_dose == 4


def test_the_reason_names_the_counts_the_estimates_and_the_target():
    said = advised("1NNN 2NNT")
    assert (said.decision, said.next_dose) == (Act.STAY, 2)
    assert said.reason.startswith("1 of 3 at dose 2 had a DLT; the DLT probabilities are estimated at 0.102, 0.199,")
    assert "nearest to the target 0.25" in said.reason


def test_a_lowest_dose_that_is_likely_too_toxic_ends_the_study_without_an_mtd():
    said = advised("1TTT")
    assert (said.decision, said.mtd) == (Act.STOP, None)
    assert "the chance that dose 1 exceeds the target 0.25 is 0.977" in said.reason.lower()
    assert advised("1TTT", cutoff=1).next_dose == 1


def test_by_maximum_likelihood_the_dose_goes_up_until_the_first_dlt():
    assert [advised(seen, method="mle").next_dose for seen in ("1NNN", "1NNN 2NNN", "1NNN 2NNN 3NNN")] == [2, 3, 4]
    assert "until the first DLT" in advised("1NNN", method="mle").reason
    assert advised("1NNN 2TTT", method="mle").next_dose == 1


def test_the_end_at_the_maximum_names_an_mtd_that_was_treated():
    said = advised("1NNN 2NNN 3NNN", cohorts=3)
    assert (said.decision, said.mtd) == (Act.STOP, 3)


def test_the_study_can_end_early_at_a_dose_where_enough_were_treated():
    assert advised("1NNN 2NNT 2NNT", stop_at=6).mtd == 2


def test_a_skeleton_can_be_made_from_the_expected_mtd():
    made = build("crm", Options(target=0.25, prior_mtd=3, doses=5))
    assert made.model.skeleton == pytest.approx(indifference_skeleton(0.25, 0.05, 3, 5))
    assert made.model.skeleton[2] == pytest.approx(0.25)


@pytest.mark.parametrize("kind", [*Model])
def test_neighbours_at_the_edge_of_the_interval_are_told_apart(kind):
    """Where the dose's DLT probability is target − half-width, the next one's is target + half-width."""
    scale = Scale(kind)
    skeleton = indifference_skeleton(0.3, 0.05, 2, 4, scale)
    labels = [scale.label(value) for value in skeleton]
    for below, above in pairwise(labels):
        stretch = scale.label(0.25) / below
        assert scale.probability(above * stretch) == pytest.approx(0.35)


@pytest.mark.parametrize(("model", "method"), [("empiric", "bayes"), ("logistic", "bayes"), ("empiric", "mle")])
def test_chances_are_exact_and_sum_to_one(model, method):
    design = a_crm(model=model, method=method, cohorts=5)
    [found] = characteristics(every_end(design), [[0.05, 0.1, 0.25, 0.4, 0.6]])
    assert found.no_mtd + sum(found.select) == pytest.approx(1, abs=1e-12)
    assert found.total_patients <= 15


@pytest.mark.parametrize("method", ["bayes", "mle"])
def test_many_tallies_are_answered_as_one_by_one(method):
    design, random = a_crm(method=method, max_n=30), np.random.default_rng(4)
    evaluable = random.integers(0, 7, (200, 5))
    evaluable[:, 0] += 1
    states = States(evaluable, random.integers(0, evaluable + 1), np.ones(200, int))
    steps = design.recommend_many(states)
    for at, tally in enumerate(tallies(states)):
        one = design.recommend(tally)
        assert (one.next_dose or 0, one.cohort_size, one.mtd or 0) == tuple(int(part[at]) for part in steps)


def test_one_dlt_more_never_raises_the_dose():
    design = a_crm()
    for hits in range(3):
        doses = [
            design.recommend(Tally((DoseTally(3, 0), DoseTally(3, y), *[DoseTally(0, 0)] * 3), 2)).next_dose or 0
            for y in (hits, hits + 1)
        ]
        assert doses[1] <= doses[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"skeleton": (0.1, 0.1, 0.3)}, "--skeleton: 0.1 of dose 2 is not above 0.1"),
        ({"skeleton": (0.1, 0.3, 0.2)}, "of dose 3 is not above 0.3"),
        ({"skeleton": (0.0, 0.3)}, "is not between 0 and 1"),
        ({"skeleton": None}, "--skeleton: is missing"),
        ({"skeleton": None, "prior_mtd": 6, "doses": 5}, "--prior-mtd: 6"),
        ({"skeleton": None, "prior_mtd": 2, "doses": 5, "halfwidth": 0.3}, "--halfwidth"),
        ({"doses": 4}, "is not the length of the skeleton"),
        ({"target": 0.0}, "--target: 0.0 is not between 0 and 1"),
        ({"target": 1.0}, "--target: 1.0 is not between 0 and 1"),
        ({"model": "probit"}, "--model: 'probit' is not known. There are: empiric, logistic."),
        ({"method": "guess"}, "--method"),
        ({"prior_sd": 0.0}, "--prior-sd"),
        ({"cutoff": 0.4}, "--cutoff"),
        ({"model": "logistic", "skeleton": (0.5, 0.96)}, "keeps for its intercept"),
        ({"margin": (0.1,)}, "is not an option of crm"),
    ],
)
def test_bad_input_is_a_sentence(options, said):
    with pytest.raises(InvalidInput) as fault:
        build("crm", Options(**{"target": 0.25, "skeleton": SKELETON} | options))
    assert said in str(fault.value)
