"""A proportion of participants, such as a response rate, with its interval; and what was believed of it, updated."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, assert_never

from scipy.special import bdtr, betainc, betaincc, betaincinv, ndtri

from earlyphase.analysis.estimates import Estimate, ProportionInterval, Side
from earlyphase.analysis.survival_limits import checked_level
from earlyphase.faults import InvalidInput

Limits = tuple[float, float]


def proportion(
    responders: int,
    n: int,
    *,
    interval: str = ProportionInterval.CLOPPER_PEARSON,
    level: float = 0.95,
    side: str = Side.TWO_SIDED,
) -> Estimate:
    """Give the proportion of responders with its confidence interval.

    Args:
        responders: how many responded.
        n: how many were counted, responders or not.
        interval: Clopper–Pearson (exact), mid-p or Wilson (score).
        level: the confidence level.
        side: both limits, or only the lower or upper, which then takes the whole error.

    Returns:
        None, with a note, where nobody is counted. A one-sided interval ends at 0 or 1.

    Raises:
        InvalidInput: a count is negative or not whole, there are more responders than participants, or an option is
            not known.

    Source:
        Clopper CJ, Pearson ES. Biometrika 1934;26:404; Wilson EB. J Am Stat Assoc 1927;22:209; Lancaster HO. J Am Stat
        Assoc 1961;56:223 (mid-p). Exact limits agree with binom.test() of R.
    """
    checked_counts(responders, n)
    way, wanted = _checked_interval(interval), _checked_side(side)
    name = way.value if wanted is Side.TWO_SIDED else f"{way.value}, {wanted.value} limit only"
    if n == 0:
        return Estimate(None, None, None, name, checked_level(level), None, "nobody is counted")
    tail = (1 - checked_level(level)) / (2 if wanted is Side.TWO_SIDED else 1)
    lower, upper = _limits(way, responders, n, tail)
    lower, upper = (0.0 if wanted is Side.UPPER else lower), (1.0 if wanted is Side.LOWER else upper)
    return Estimate(responders / n, lower, upper, name, level)


def _limits(interval: ProportionInterval, responders: int, n: int, tail: float) -> Limits:
    """Give both limits, each with this error beyond it."""
    match interval:
        case ProportionInterval.CLOPPER_PEARSON:
            return _clopper_pearson(responders, n, tail)
        case ProportionInterval.MID_P:
            return _mid_p(responders, n, tail)
        case ProportionInterval.WILSON:
            return _wilson(responders, n, tail)
    assert_never(interval)


def _clopper_pearson(responders: int, n: int, tail: float) -> Limits:
    """Give the rates at which this many responders or more, or this many or fewer, are just as rare as the tail."""
    lower = 0.0 if responders == 0 else float(betaincinv(responders, n - responders + 1, tail))
    upper = 1.0 if responders == n else float(betaincinv(responders + 1, n - responders, 1 - tail))
    return lower, upper


def _mid_p(responders: int, n: int, tail: float) -> Limits:
    """Give the rates at which the tail holds, with the observed number of responders counted half."""

    def fewer(rate: float) -> float:
        """Give the chance of fewer responders, and half the chance of as many."""
        below = float(bdtr(responders - 1, n, rate)) if responders else 0.0
        return (below + float(bdtr(responders, n, rate))) / 2

    return _root(lambda rate: 1 - tail - fewer(rate)), _root(lambda rate: tail - fewer(rate))


def _root(rises: Callable[[float], float]) -> float:
    """Find the rate at which a rising function crosses 0, by halving; the end of the scale where it does not."""
    low, high = 0.0, 1.0
    if rises(low) >= 0:
        return low
    if rises(high) <= 0:
        return high
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if rises(middle) > 0 else (middle, high)
    return low


def _wilson(responders: int, n: int, tail: float) -> Limits:
    """Give the rates from which the observed one is as far as the normal distribution allows."""
    z, observed = -float(ndtri(tail)), responders / n
    middle = (observed + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (observed * (1 - observed) / n + z**2 / (4 * n**2)) ** 0.5
    return (0.0 if responders == 0 else middle - half), (1.0 if responders == n else middle + half)


def chance_of_at_least(responders: int, n: int, rate: float) -> float:
    """Give the chance of at least this many responders were the true rate so: the one-sided exact p-value.

    Source:
        The binomial distribution; agrees with binom.test(alternative = "greater") of R.
    """
    checked_counts(responders, n)
    checked_rate("rate", rate)
    return 1.0 if responders == 0 else float(betainc(responders, n - responders + 1, rate))


@dataclass(frozen=True, slots=True)
class BetaBelief:
    """What is believed of a rate: a beta distribution, worth `responders + others` participants."""

    responders: float
    """The first parameter, alpha."""
    others: float
    """The second parameter, beta."""

    def __post_init__(self) -> None:
        """Refuse parameters that make no distribution."""
        if not (self.responders > 0 and self.others > 0):
            rule = "is no beta distribution: both parameters must be above 0."
            raise InvalidInput(
                "prior", (self.responders, self.others), rule, "Write 1 and 1 for one that favours nothing."
            )

    @property
    def mean(self) -> float:
        """Give the expected rate."""
        return self.responders / (self.responders + self.others)

    def chance_above(self, rate: float) -> float:
        """Give the chance that the true rate lies above this one."""
        return float(betaincc(self.responders, self.others, checked_rate("rate", rate)))

    def quantile(self, chance: float) -> float:
        """Give the rate below which the true one lies with this chance."""
        return float(betaincinv(self.responders, self.others, checked_rate("chance", chance)))


JEFFREYS = BetaBelief(0.5, 0.5)
UNIFORM = BetaBelief(1.0, 1.0)


def posterior(prior: BetaBelief, responders: int, n: int) -> BetaBelief:
    """Update a belief of a rate with what was observed.

    Raises:
        InvalidInput: a count is negative or not whole, or there are more responders than participants.

    Source:
        Gelman A et al. Bayesian Data Analysis, 3rd ed. 2013, section 2.4: the beta distribution is conjugate.
    """
    checked_counts(responders, n)
    return BetaBelief(prior.responders + responders, prior.others + n - responders)


def believed_rate(belief: BetaBelief, *, level: float = 0.95) -> Estimate:
    """Give the mean of a belief with its equal-tailed credible interval.

    Source:
        Gelman A et al. Bayesian Data Analysis, 3rd ed. 2013, section 2.4.
    """
    tail = (1 - checked_level(level)) / 2
    name = f"equal-tailed credible, beta({belief.responders:g}, {belief.others:g})"
    total = belief.responders + belief.others
    spread = (belief.mean * (1 - belief.mean) / (total + 1)) ** 0.5
    return Estimate(belief.mean, belief.quantile(tail), belief.quantile(1 - tail), name, level, spread)


@dataclass(frozen=True, slots=True)
class Posterior:
    """A rate by Bayes: what was believed, what is, and how likely the true rate exceeds one that is to be beaten."""

    prior: BetaBelief
    belief: BetaBelief
    rate: Estimate
    """The mean with its equal-tailed credible interval."""
    null: float | None
    above: float | None
    """The chance that the true rate lies above the null."""
    p_value: float | None
    """The one-sided exact p-value against the null, beside it."""

    def as_data(self) -> dict[str, Any]:
        """Give it as names and numbers."""
        priors = {"prior": [self.prior.responders, self.prior.others]}
        belief = {"parameters": [self.belief.responders, self.belief.others]}
        return asdict(self.rate) | priors | belief | {"null": self.null, "above": self.above, "p_value": self.p_value}


def posterior_of(
    prior: BetaBelief, responders: int, n: int, *, null: float | None = None, level: float = 0.95
) -> Posterior:
    """Update a prior, and hold the posterior against a rate that is to be exceeded.

    Raises:
        InvalidInput: a count, the null or the level is none.

    Source:
        Gelman A et al. Bayesian Data Analysis, 3rd ed. 2013, section 2.4; Thall PF, Simon R. Biometrics 1994;50:337.
    """
    belief = posterior(prior, responders, n)
    above = None if null is None else belief.chance_above(null)
    p_value = None if null is None else chance_of_at_least(responders, n, null)
    return Posterior(prior, belief, believed_rate(belief, level=level), null, above, p_value)


def checked_counts(responders: int, n: int) -> None:
    """Refuse counts that no study can give.

    Raises:
        InvalidInput: a count is negative, or there are more responders than participants.

    Source:
        Input rule of this package.
    """
    for place, count in (("n", n), ("responders", responders)):
        if count != int(count) or count < 0:
            raise InvalidInput(place, count, "must be a whole number of participants, 0 or more.")
    if responders > n:
        raise InvalidInput("responders", responders, f"is more than the {n} who are counted.", "Give responders ≤ n.")


def checked_rate(place: str, rate: float) -> float:
    """Take a probability.

    Raises:
        InvalidInput: it does not lie between 0 and 1.

    Source:
        Input rule of this package.
    """
    if not 0 <= rate <= 1:
        raise InvalidInput(place, rate, "must lie between 0 and 1.", "Write 0.2 for 20 %.")
    return rate


def _checked_interval(interval: str) -> ProportionInterval:
    """Take the name of an interval, in any case and with any dash."""
    for way in ProportionInterval:
        if interval.replace("-", "–").casefold() == way.value.replace("-", "–").casefold():
            return way
    names = ", ".join(way.value for way in ProportionInterval)
    raise InvalidInput("interval type", interval, f"is not one of {names}.")


def _checked_side(side: str) -> Side:
    """Take the name of a side."""
    try:
        return Side(side)
    except ValueError:
        raise InvalidInput("side", side, f"is not one of {', '.join(Side)}.") from None
