"""What a response rate says, exactly, by mid-p, by score and by belief."""

import pytest

from earlyphase.analysis.proportions import (
    JEFFREYS,
    UNIFORM,
    BetaBelief,
    believed_rate,
    chance_of_at_least,
    posterior,
    proportion,
)
from earlyphase.faults import InvalidInput


@pytest.mark.parametrize(
    ("responders", "n", "interval", "lower", "upper"),
    [
        (9, 12, "Clopper–Pearson", 0.4281415, 0.9451394),
        (9, 12, "mid-p", 0.4587650, 0.9321456),
        (9, 12, "Wilson", 0.4676947, 0.9110583),
        (0, 12, "Clopper–Pearson", 0.0, 0.2646485),
        (0, 12, "mid-p", 0.0, 0.2209222),
        (0, 12, "Wilson", 0.0, 0.2424940),
        (12, 12, "Clopper–Pearson", 0.7353515, 1.0),
    ],
)
def test_limits_of(responders, n, interval, lower, upper):
    rate = proportion(responders, n, interval=interval)
    assert rate.interval == interval
    assert (rate.lower, rate.upper) == pytest.approx((lower, upper), abs=5e-8)


def test_mid_p_limits_leave_half_the_observed_and_all_rarer_counts_in_each_tail():
    rate = proportion(3, 20, interval="mid-p")
    more = chance_of_at_least(4, 20, rate.lower)
    assert (more + chance_of_at_least(3, 20, rate.lower)) / 2 == pytest.approx(0.025)
    fewer = 1 - chance_of_at_least(3, 20, rate.upper)
    assert (fewer + 1 - chance_of_at_least(4, 20, rate.upper)) / 2 == pytest.approx(0.025)


def test_one_sided_limit_takes_the_whole_error_and_is_named():
    lower = proportion(9, 12, side="lower", level=0.975)
    assert lower.lower == pytest.approx(proportion(9, 12).lower)
    assert (lower.upper, lower.interval) == (1.0, "Clopper–Pearson, lower limit only")
    upper = proportion(0, 14, side="upper")
    assert (upper.lower, upper.upper) == (0.0, pytest.approx(1 - 0.05 ** (1 / 14)))


def test_interval_is_found_by_its_name_in_any_case_and_with_any_dash():
    assert proportion(1, 3, interval="clopper-pearson").interval == "Clopper–Pearson"
    assert proportion(1, 3, interval="WILSON").interval == "Wilson"


@pytest.mark.parametrize("interval", ["Clopper–Pearson", "mid-p", "Wilson"])
def test_nobody_counted_gives_no_rate_and_says_so(interval):
    rate = proportion(0, 0, interval=interval)
    assert (rate.estimate, rate.lower, rate.upper, rate.note) == (None, None, None, "nobody is counted")


def test_belief_is_updated_by_counts():
    belief = posterior(UNIFORM, 9, 12)
    assert belief == BetaBelief(10, 4)
    assert belief.mean == pytest.approx(10 / 14)
    assert belief.chance_above(0.5) == pytest.approx(1 - 378 / 8192)
    assert belief.quantile(378 / 8192) == pytest.approx(0.5)


def test_credible_interval_names_its_belief():
    rate = believed_rate(posterior(JEFFREYS, 0, 10))
    assert rate.interval == "equal-tailed credible, beta(0.5, 10.5)"
    assert 0 < rate.lower < rate.estimate < rate.upper < 1


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (lambda: proportion(13, 12), "responders: 13 is more than the 12 who are counted. Give responders ≤ n."),
        (lambda: proportion(-1, 12), "responders: -1 must be a whole number of participants, 0 or more."),
        (lambda: proportion(0.5, 12), "responders: 0.5 must be a whole number"),
        (lambda: proportion(0, -3), "n: -3 must be a whole number"),
        (
            lambda: proportion(1, 3, interval="wald"),
            "interval type: 'wald' is not one of Clopper–Pearson, mid-p, Wilson.",
        ),
        (lambda: proportion(1, 3, side="both"), "side: 'both' is not one of two-sided, lower, upper."),
        (lambda: proportion(1, 3, level=1), "confidence level: 1 must lie between 0 and 1."),
        (lambda: chance_of_at_least(1, 3, 20), "rate: 20 must lie between 0 and 1. Write 0.2 for 20 %."),
        (lambda: BetaBelief(0, 1), "is no beta distribution: both parameters must be above 0"),
    ],
)
def test_refused(action, sentence):
    with pytest.raises(InvalidInput) as refusal:
        action()
    assert sentence in str(refusal.value)
