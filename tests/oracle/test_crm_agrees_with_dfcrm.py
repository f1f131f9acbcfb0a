"""CRM and skeletons against dfcrm 0.2-2.1: each estimate, and its simulation of 5,000 trials."""

import math
from collections import defaultdict
from math import comb

import numpy as np
import pytest
from tests.oracle.designs import floats, ints, rows

from earlyphase.escalation.batch import States
from earlyphase.escalation.crm import Crm, Method
from earlyphase.escalation.one_parameter import OneParameter
from earlyphase.escalation.skeletons import Model, Scale, indifference_skeleton

CLOSE = {Method.BAYES: 1e-6, Method.MLE: 1e-3}


def tallied(row, doses):
    evaluable, dlts = np.zeros((1, doses), int), np.zeros((1, doses), int)
    for dose, hit in zip(ints(row["level"]), ints(row["tox"]), strict=True):
        evaluable[0, dose - 1] += 1
        dlts[0, dose - 1] += hit
    return States(evaluable, dlts, np.array([ints(row["level"])[-1]]))


@pytest.mark.parametrize("row", rows("dfcrm_crm.csv"), ids=lambda row: f"{row['skeleton']}-{row['data']}")
def test_the_estimates_are_those_of_dfcrm(row):
    skeleton, method = tuple(floats(row["prior"])), Method(row["method"])
    model = OneParameter(skeleton, Model(row["model"]), float(row["scale"]), float(row["intcpt"]))
    design = Crm(model, float(row["target"]), method, skips=True, cutoff=1)
    states = tallied(row, len(skeleton))
    fit = design.fit(states)
    assert fit.parameter[0] == pytest.approx(float(row["estimate"]), abs=CLOSE[method])
    assert fit.chances[0] == pytest.approx(floats(row["ptox"]), abs=CLOSE[method])
    assert design.recommend_many(states).dose[0] == int(row["mtd"])


@pytest.mark.parametrize("row", rows("dfcrm_getprior.csv"))
def test_skeletons_are_those_of_getprior(row):
    scale = Scale(Model(row["model"]), float(row["intcpt"]))
    made = indifference_skeleton(
        float(row["target"]), float(row["halfwidth"]), int(row["nu"]), int(row["nlevel"]), scale
    )
    assert made == pytest.approx(floats(row["prior"]), abs=1e-12)


@pytest.mark.parametrize(("name", "target", "halfwidth", "guess"), [("A", 0.3, 0.07, 3), ("E", 0.25, 0.05, 4)])
def test_the_named_skeletons_are_made_again(name, target, halfwidth, guess):
    [row] = [row for row in rows("skeletons.csv") if row["name"].startswith(name)]
    known = floats(row["skeleton"])
    assert indifference_skeleton(target, halfwidth, guess, len(known)) == pytest.approx(known, abs=1e-12)


def coherent_paths(design, truth, cohorts):
    """Follow every path where a cohort whose DLT rate reached the target is not followed by a higher dose.

    dfcrm's `crmsim` does so. The last cohort is not part of a tally, so that our designs cannot.
    """
    doses, size = len(truth), design.cohort_size
    ways, treated = {((0,) * doses, (0,) * doses, 1): 1.0}, np.zeros(doses)
    for number in range(1, cohorts + 1):
        results = []
        for (evaluable, dlts, dose), mass in ways.items():
            treated[dose - 1] += size * mass
            p, at = truth[dose - 1], dose - 1
            for hits in range(size + 1):
                after = (*evaluable[:at], evaluable[at] + size, *evaluable[at + 1 :])
                seen = (*dlts[:at], dlts[at] + hits, *dlts[at + 1 :])
                results.append((after, seen, dose, hits, mass * comb(size, hits) * p**hits * (1 - p) ** (size - hits)))
        states = States(*(np.array(column) for column in zip(*(result[:3] for result in results), strict=True)))
        ways = defaultdict(float)
        for (after, seen, dose, hits, mass), wanted in zip(results, design._nearest(design.fit(states)), strict=True):
            bound = doses if number == cohorts else dose if hits / size >= design.target else dose + 1
            ways[after, seen, min(int(wanted), bound)] += mass
    chosen = np.zeros(doses)
    for (_, _, dose), mass in ways.items():
        chosen[dose - 1] += mass
    return chosen, treated


@pytest.mark.parametrize("row", rows("dfcrm_crmsim_5000.csv"))
def test_the_course_lies_within_four_standard_errors_of_crmsim(row):
    trials, most = int(row["nsim"]), int(row["n"])
    model = OneParameter(tuple(floats(row["prior"])), Model(row["model"]))
    design = Crm(model, float(row["target"]), cohort_size=int(row["mcohort"]))
    chosen, treated = coherent_paths(design, floats(row["p_true"]), most // design.cohort_size)
    for exact, seen in zip(chosen, floats(row["mtd"]), strict=True):
        assert abs(exact - seen) <= 4 * math.sqrt(exact * (1 - exact) / trials)
    for exact, seen in zip(treated, floats(row["level"]), strict=True):
        assert abs(exact - seen) <= 4 * math.sqrt(exact * (most - exact) / trials)
