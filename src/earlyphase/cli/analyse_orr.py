"""`earlyphase analyse orr`: a response rate with its interval."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from earlyphase.analysis.estimates import Estimate, Side
from earlyphase.analysis.proportions import BetaBelief, believed_rate, posterior, proportion
from earlyphase.cli.estimate_text import limits_text, percent_text
from earlyphase.faults import InvalidInput

PRIOR = "Also update this prior belief, written 'alpha,beta', as in '0.5,0.5'."


def command(
    responders: Annotated[int, typer.Option(help="How many responded.")],
    n: Annotated[int, typer.Option(help="How many were counted, responders or not.")],
    interval: Annotated[str, typer.Option(help="clopper-pearson, mid-p or wilson.")] = "clopper-pearson",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    side: Annotated[Side, typer.Option(help="Which limits to give.")] = Side.TWO_SIDED,
    prior: Annotated[str | None, typer.Option(help=PRIOR)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Give a response rate, or any proportion of participants, with its confidence interval.

    Example: earlyphase analyse orr --responders 9 --n 12
    """
    rate = proportion(responders, n, interval=interval, level=level, side=side)
    belief = None if prior is None else posterior(_prior(prior), responders, n)
    believed = None if belief is None else believed_rate(belief, level=level)
    if as_json:
        counts = {"responders": responders, "n": n}
        print(
            orjson.dumps(counts | asdict(rate) | ({} if believed is None else {"posterior": asdict(believed)})).decode()
        )
        return
    print(f"{responders} of {n}: {_line(rate)}")
    if believed is not None:
        print(f"Posterior mean: {_line(believed)}")


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
