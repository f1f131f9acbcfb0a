"""A response rate by each of its intervals, and by Bayes."""

from earlyphase.analysis.estimates import Estimate, ProportionInterval
from earlyphase.analysis.proportions import JEFFREYS, UNIFORM, BetaBelief, Posterior, posterior_of, proportion
from earlyphase.analysis.rates import ResponseRate
from earlyphase.analysis.results import Number, estimated
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, percent, percent_interval

REFERENCES = (0.2, 0.4, 0.6)
"""Rates that the true one is held against where the protocol names none. Units: share of 1."""


def posterior_table(rate: ResponseRate) -> Table:
    """Show a response rate with its exact, mid-p and score interval, and its posterior with what the prior was."""
    endpoint, of = rate.endpoint, len(rate.best)
    nulls = REFERENCES if endpoint.null_rate is None else (endpoint.null_rate,)
    columns = (
        Column("By"),
        Column("Rate", "number"),
        Column(f"{100 * endpoint.confidence:g} % interval", "number"),
        *(Column(f"Above {100 * null:g} %", "number", "Chance that the true rate lies") for null in nulls),
    )
    rows = [*(_frequentist(rate, way, len(nulls)) for way in ProportionInterval)]
    rows += [_bayesian(rate, prior, nulls) for prior in _priors(rate)]
    stated = endpoint.prior is not None
    general = (
        "A posterior gives the mean with its equal-tailed credible interval; a prior is worth the sum of its two "
        "parameters in participants."
    )
    notes = (
        general,
        "The prior beta(0.5, 0.5) is Jeffreys', beta(1, 1) favours no rate."
        if not stated
        else "The first prior is the protocol's; beta(1, 1) favours no rate.",
        "The protocol names no rate that is to be exceeded: the columns are for orientation."
        if endpoint.null_rate is None
        else "The rate to exceed is the protocol's.",
    )
    title = f"{endpoint.title}: {len(rate.responders)} of {of}, by interval and by prior"
    shown = tuple(rows) if of else ()
    nobody = f"Nobody is {endpoint.population.value}: there is no rate."
    return Table(f"posterior-{endpoint.id.lower()}", title, columns, shown, notes, nobody, endpoint.population.value)


def _priors(rate: ResponseRate) -> tuple[BetaBelief, ...]:
    own = rate.endpoint.prior
    return (JEFFREYS if own is None else BetaBelief(own.responders, own.others), UNIFORM)


def _frequentist(rate: ResponseRate, way: ProportionInterval, blanks: int) -> Row:
    found = proportion(len(rate.responders), len(rate.best), interval=way, level=rate.endpoint.confidence)
    return Row((Cell(way.value), *_cells(rate, found), *[Cell(NONE)] * blanks))


def _bayesian(rate: ResponseRate, prior: BetaBelief, nulls: tuple[float, ...]) -> Row:
    def against(null: float) -> Posterior:
        counts = len(rate.responders), len(rate.best)
        return posterior_of(prior, *counts, null=null, level=rate.endpoint.confidence)

    beliefs = [against(null) for null in nulls]
    name = f"Posterior, prior beta({prior.responders:g}, {prior.others:g})"
    return Row((Cell(name), *_cells(rate, beliefs[0].rate), *(_chance(rate, one) for one in beliefs)))


def _cells(rate: ResponseRate, found: Estimate) -> tuple[Cell, Cell]:
    figure, *limits = estimated("rate", found, "%", 100)
    everybody = tuple(one.participant for one in rate.best)
    return (
        Cell(percent(found.estimate), rate.responders, (figure,)),
        Cell(percent_interval(found), everybody, tuple(limits)),
    )


def _chance(rate: ResponseRate, belief: Posterior) -> Cell:
    above = None if belief.above is None else 100 * belief.above
    everybody = tuple(one.participant for one in rate.best)
    return Cell(percent(belief.above), everybody, (Number("chance that the true rate is above", above, "%"),))
