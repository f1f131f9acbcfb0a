"""What holds for every count-driven design, whatever is seen."""

from functools import cache
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlyphase.escalation.batch import BatchDesign, States, states_of
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.course import Course
from earlyphase.escalation.design import DoseTally, Tally
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.isotonic import isotonic
from earlyphase.escalation.options import Options
from earlyphase.escalation.simulate import simulate
from earlyphase.escalation.three_plus_three import Variant

INTERVAL_DESIGNS = ("i3+3", "mtpi", "mtpi2", "keyboard", "boin")

BEHAVIOURS = {
    "plain": {"max_n": 15},
    "stops early": {"max_n": 15, "stop_at": 6},
    "titrates": {"max_n": 15, "titration": True},
    "never skips": {"max_n": 15, "never_skip": True, "start": 2},
    "changes its cohorts": {"max_n": 14, "cohort_size": (1, 2, 3)},
    "cuts its last cohort": {"max_n": 13, "cohort_size": (4,)},
}


@cache
def a_design(name, behaviour="plain", doses=3):
    if name.startswith("3+3"):
        return build("3+3", Options(doses=doses, variant=name.removeprefix("3+3 ")))
    return build(name, Options(doses=doses, target=0.3, **BEHAVIOURS[behaviour]))


EVERY = [*(f"3+3 {variant}" for variant in Variant), *INTERVAL_DESIGNS]
COUNT_DRIVEN = [
    *((f"3+3 {variant}", "plain") for variant in Variant),
    *((name, behaviour) for name in INTERVAL_DESIGNS for behaviour in BEHAVIOURS),
]


@st.composite
def tallies(draw, doses=3, most=6):
    evaluable = [draw(st.integers(0, most)) for _ in range(doses)]
    dlts = [draw(st.integers(0, n)) for n in evaluable]
    seen = [dose for dose, n in enumerate(evaluable, start=1) if n]
    current = draw(st.sampled_from(seen)) if seen else None
    return Tally(tuple(map(DoseTally, evaluable, dlts)), current)


@pytest.mark.parametrize(("name", "behaviour"), COUNT_DRIVEN)
@given(seen=tallies(most=7))
def test_many_tallies_at_once_are_answered_as_one_by_one(name, behaviour, seen):
    design = a_design(name, behaviour)
    assert isinstance(design, BatchDesign)
    one, many = design.recommend(seen), design.recommend_many(states_of(seen))
    answer = (one.next_dose or 0, one.cohort_size, one.mtd or 0)
    assert tuple(int(part[0]) for part in many) == answer


@pytest.mark.parametrize("name", EVERY)
@given(seen=tallies(most=5), data=st.data())
def test_one_dlt_more_never_raises_the_next_dose(name, seen, data):
    if seen.current is None:
        return
    at = data.draw(st.sampled_from([dose for dose, (n, y) in enumerate(seen.doses) if n > y] or [None]))
    if at is None:
        return
    n, y = seen.doses[at]
    worse = Tally((*seen.doses[:at], DoseTally(n, y + 1), *seen.doses[at + 1 :]), seen.current)
    design = a_design(name)
    before, after = design.recommend(seen), design.recommend(worse)
    assert (after.next_dose or after.mtd or 0) <= (before.next_dose or before.mtd or 0)


def brute_force(design, truth, seen=None):
    """Follow every order of cohort results without merging anything: the plain definition."""
    chances, expected = {}, np.zeros(design.doses)
    open_ways = [(seen or Tally((DoseTally(0, 0),) * design.doses), 1.0)]
    while open_ways:
        tally, chance = open_ways.pop()
        advice = design.recommend(tally)
        if advice.next_dose is None:
            chances[advice.mtd] = chances.get(advice.mtd, 0) + chance
            continue
        at, size = advice.next_dose - 1, advice.cohort_size
        expected[at] += chance * size
        for hits in range(size + 1):
            n, y = tally.doses[at]
            after = (*tally.doses[:at], DoseTally(n + size, y + hits), *tally.doses[at + 1 :])
            mass = comb(size, hits) * truth[at] ** hits * (1 - truth[at]) ** (size - hits)
            open_ways.append((Tally(after, advice.next_dose), chance * mass))
    return chances, expected


@pytest.mark.parametrize(
    ("name", "behaviour"), [*((f"3+3 {variant}", "plain") for variant in Variant), *product(["boin"], BEHAVIOURS)]
)
def test_merging_tallies_changes_nothing(name, behaviour):
    design, truth = a_design(name, behaviour), (0.1, 0.3, 0.55)
    chances, expected = brute_force(design, truth)
    exact = characteristics(every_end(design), [truth])[0]
    assert exact.no_mtd == pytest.approx(chances.get(None, 0), abs=1e-12)
    assert exact.select == pytest.approx([chances.get(dose, 0) for dose in (1, 2, 3)], abs=1e-12)
    assert exact.patients == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("name", EVERY)
@given(truth=st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_chances_sum_to_one_under_every_truth(name, truth):
    exact = characteristics(every_end(a_design(name)), [truth])[0]
    assert exact.no_mtd + sum(exact.select) == pytest.approx(1, abs=1e-12)
    assert sum(chance for _, chance in exact.total_distribution) == pytest.approx(1, abs=1e-12)
    mean = sum(total * chance for total, chance in exact.total_distribution)
    assert exact.total_patients == pytest.approx(mean, abs=1e-10)


@pytest.mark.parametrize("name", EVERY)
def test_from_here_agrees_with_the_whole(name):
    """The chance of an MTD is that from each first cohort, weighted by the chance of that cohort."""
    design, truth = a_design(name), (0.1, 0.3, 0.55)
    whole = characteristics(every_end(design), [truth])[0]
    parts = []
    for hits in range(4):
        seen = Tally((DoseTally(3, hits), DoseTally(0, 0), DoseTally(0, 0)), 1)
        part = characteristics(every_end(design, Course(seen, 0)), [truth])[0]
        parts.append((comb(3, hits) * 0.1**hits * 0.9 ** (3 - hits), part))
    assert sum(mass * part.no_mtd for mass, part in parts) == pytest.approx(whole.no_mtd, abs=1e-12)
    assert 3 + sum(mass * part.total_patients for mass, part in parts) == pytest.approx(whole.total_patients, abs=1e-11)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 100)), min_size=1, max_size=8))
def test_an_isotonic_fit_rises_and_keeps_the_mean(pairs):
    values, weights = map(np.array, zip(*pairs, strict=True))
    fit = isotonic(values, weights)
    assert (np.diff(fit) >= -1e-12).all()
    assert fit @ weights == pytest.approx(values @ weights)


@pytest.mark.parametrize("name", EVERY)
def test_simulation_lies_around_the_exact_figures(name):
    design, truth = a_design(name), (0.1, 0.3, 0.55)
    exact, drawn = characteristics(every_end(design), [truth], 0.33)[0], simulate(design, truth, 250_000, 7, None, 0.33)
    for true, seen, error in zip(exact.select, drawn.select, drawn.mcse.select, strict=True):
        assert abs(true - seen) <= 5 * error
    assert abs(exact.total_patients - drawn.total_patients) <= 5 * drawn.mcse.total_patients
    assert drawn.overdoses_more_than(3) == pytest.approx(exact.overdoses_more_than(3), abs=0.01)
    assert simulate(design, truth, 250_000, 7, None, 0.33) == drawn


def test_each_chunk_of_trials_is_drawn_anew():
    design, truth = a_design("boin"), (0.1, 0.3, 0.55)
    assert simulate(design, truth, 200_000, 7).select != simulate(design, truth, 100_000, 7).select


def test_states_give_their_totals():
    states = States(np.array([[3, 6], [1, 0]]), np.zeros((2, 2), int), np.array([2, 1]))
    assert states.total().tolist() == [9, 1]
