"""`earlyphase analyse orr`: a response rate with its interval."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from earlyphase.analysis.estimates import Estimate, Side
from earlyphase.analysis.proportions import JEFFREYS, BetaBelief, posterior_of, proportion
from earlyphase.cli.estimate_text import limits_text, p_text, percent_text
from earlyphase.faults import InvalidInput

PRIOR = "Also update this prior belief, written 'alpha,beta', as in '0.5,0.5'."
NULL = "Also give the chance that the true rate lies above this one; by the prior 0.5,0.5 where none is named."


def command(
    responders: Annotated[int, typer.Option(help="How many responded.")],
    n: Annotated[int, typer.Option(help="How many were counted, responders or not.")],
    interval: Annotated[str, typer.Option(help="clopper-pearson, mid-p or wilson.")] = "clopper-pearson",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    side: Annotated[Side, typer.Option(help="Which limits to give.")] = Side.TWO_SIDED,
    prior: Annotated[str | None, typer.Option(help=PRIOR)] = None,
    null: Annotated[float | None, typer.Option(help=NULL)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Give a response rate, or any proportion of participants, with its confidence interval.

    With a prior: its posterior mean and credible interval. With a rate to exceed: the chance that the true rate does,
    and the one-sided exact p-value.

    Example: earlyphase analyse orr --responders 9 --n 12
    """
    rate = proportion(responders, n, interval=interval, level=level, side=side)
    start = _prior(prior) if prior is not None else JEFFREYS if null is not None else None
    belief = None if start is None else posterior_of(start, responders, n, null=null, level=level)
    if as_json:
        counts = {"responders": responders, "n": n}
        more = {} if belief is None else {"posterior": belief.as_data()}
        print(orjson.dumps(counts | asdict(rate) | more).decode())
        return
    print(f"{responders} of {n}: {_line(rate)}")
    if belief is not None:
        print(
            f"Prior: beta({belief.prior.responders:g}, {belief.prior.others:g}). Posterior mean: {_line(belief.rate)}"
        )
    if belief is not None and belief.null is not None:
        print(f"Chance that the true rate is above {100 * belief.null:g} %: {100 * (belief.above or 0):.1f} %")
        print(f"One-sided exact test against {100 * belief.null:g} %: {p_text(belief.p_value or 0)}")


def _line(rate: Estimate) -> str:
    """Write an estimate with the name of its interval."""
    if rate.estimate is None:
        return f"not estimable, {rate.note}"
    return f"{percent_text(rate)}, {limits_text(rate.interval, rate.level)}"


def _prior(text: str) -> BetaBelief:
    """Read the two parameters of a prior."""
    try:
        alpha, beta = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput("--prior", text, "is not two numbers.", "Write alpha and beta, as in 0.5,0.5.") from None
    return BetaBelief(alpha, beta)
