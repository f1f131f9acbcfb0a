"""BLRM posteriors against trialr 0.1.5 (Stan) and crmPack 2.2.1 (JAGS), 40,000 draws each.

The file names neither doses nor prior. Round values reproduce all of its eighty figures within their Monte Carlo error:
doses that double, the fourth being the reference; log alpha normal with mean −0.85 and standard deviation 1.5, log beta
standard normal, independent of one another.
"""

import numpy as np
import pytest
from scipy.special import expit
from tests.oracle.designs import floats, rows

from earlyphase.escalation.notation import parse_outcomes, tally
from earlyphase.escalation.two_parameter import Prior, TwoParameter

MODEL = TwoParameter((1.0, 2.0, 4.0, 8.0, 16.0), 8.0, Prior(-0.85, 1.5, 0.0, 1.0))
MONTE_CARLO = 0.005
"""The standard error of their probabilities, by the README of the reference data."""


@pytest.mark.parametrize("row", rows("blrm_posteriors_mcmc.csv"), ids=lambda row: f"{row['data']}-{row['engine']}")
def test_the_posterior_lies_within_the_error_of_mcmc(row):
    seen = tally(parse_outcomes(row["outcomes"]), 5)
    evaluable, dlts = (np.array([column], float) for column in zip(*seen.doses, strict=True))
    found = MODEL.fit(evaluable, dlts, (0.2, 0.35))
    for ours, column in zip(found, ("mean", "sd", "p_under20", "p_target", "p_over35"), strict=True):
        assert ours[0] == pytest.approx(floats(row[column]), abs=1.5 * MONTE_CARLO), column


def by_brute_force(evaluable, dlts, limit):
    """Integrate on a grid so fine that no interpolation between its lines is needed."""
    alpha = np.linspace(-0.85 - 7 * 1.5, -0.85 + 7 * 1.5, 20_001)[:, None]
    beta = np.linspace(-7, 7, 141)[None, :]
    weight = np.exp(-((alpha + 0.85) ** 2 / 1.5**2 + beta**2) / 2)
    chances = [expit(alpha + np.exp(beta) * np.log(amount / 8)) for amount in MODEL.amounts]
    for chance, n, y in zip(chances, evaluable, dlts, strict=True):
        weight = weight * chance**y * (1 - chance) ** (n - y)
    return [((weight * chance).sum() / weight.sum(), weight[chance > limit].sum() / weight.sum()) for chance in chances]


@pytest.mark.parametrize(
    ("evaluable", "dlts"),
    [((3, 0, 0, 0, 0), (0,) * 5), ((3, 6, 9, 12, 0), (0, 1, 2, 5, 0)), ((3, 3, 0, 0, 0), (1, 3, 0, 0, 0))],
)
def test_the_grid_is_as_good_as_one_a_hundred_times_finer(evaluable, dlts):
    found = MODEL.fit(np.array([evaluable], float), np.array([dlts], float), (0.2, 0.35))
    slow = np.array(by_brute_force(evaluable, dlts, 0.35))
    assert found.mean[0] == pytest.approx(slow[:, 0], abs=2e-6)
    assert found.over[0] == pytest.approx(slow[:, 1], abs=5e-4)  # the fine grid's own cells decide here
