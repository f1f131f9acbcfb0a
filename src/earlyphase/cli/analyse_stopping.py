"""`earlyphase analyse stopping`: the boundary of a rule that stops a study early, and how the rule behaves."""

import itertools
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    from earlyphase.analysis.stopping_rules import Boundary, Characteristics

RATES = "0.05,0.1,0.2,0.3,0.4,0.5"


class Watched(StrEnum):
    """What a rule watches for."""

    TOXICITY = "toxicity"
    FUTILITY = "futility"


class Method(StrEnum):
    """How a rule is worked out."""

    BAYESIAN = "bayesian"
    EXACT = "exact"


def command(
    rate: Annotated[float, typer.Option(help="The highest tolerable rate of toxicity, or the rate worth pursuing.")],
    last: Annotated[int, typer.Option(help="The last participant after whom one looks.")],
    concern: Annotated[Watched, typer.Option(help="What is watched for.")] = Watched.TOXICITY,
    method: Annotated[Method, typer.Option(help="How the boundary is worked out.")] = Method.BAYESIAN,
    certainty: Annotated[float, typer.Option(help="bayesian: how sure one must be to stop.")] = 0.9,
    prior: Annotated[str, typer.Option(help="bayesian: the prior belief, written 'alpha,beta'.")] = "0.5,0.5",
    error: Annotated[float, typer.Option(help="exact: the one-sided error over all looks.")] = 0.05,
    first: Annotated[int, typer.Option(help="The first participant after whom one looks.")] = 3,
    every: Annotated[int, typer.Option(help="Look after every so many participants; 1 is continuously.")] = 1,
    true_rates: Annotated[str, typer.Option(help="The true rates at which to show how the rule behaves.")] = RATES,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Work out when a rule stops a study for toxicity or futility, and exactly how often it does.

    The boundary is the least count (for futility, the most) at which one stops, at each look. How it behaves is
    computed exactly for each true rate: the chance of a stop, and how many participants it takes.

    Example: earlyphase analyse stopping --rate 0.3 --last 18 --certainty 0.9
    """
    from earlyphase.analysis.stopping_rules import operating_characteristics  # noqa: PLC0415 - loads scipy

    boundary = _boundary(concern, method, rate, (certainty, prior, error), _looks(first, last, every))
    found = [operating_characteristics(boundary, one) for one in _numbers(true_rates, "--true-rates")]
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps(asdict(boundary) | {"characteristics": [asdict(one) for one in found]}).decode())
        return
    _show(boundary, found)


def _boundary(
    concern: Watched, method: Method, rate: float, how: tuple[float, str, float], looks: tuple[int, ...]
) -> "Boundary":
    from earlyphase.analysis import stopping_rules as rules  # noqa: PLC0415 - loads scipy
    from earlyphase.analysis.proportions import BetaBelief  # noqa: PLC0415 - as above

    certainty, prior, error = how
    toxicity = concern is Watched.TOXICITY
    if method is Method.EXACT:
        return (rules.exact_toxicity if toxicity else rules.exact_futility)(rate, error, looks)
    belief = _numbers(prior, "--prior")
    if len(belief) != 2:  # noqa: PLR2004 - the parameters of a beta distribution
        raise InvalidInput("--prior", prior, "is not two numbers.", "Write alpha and beta, as in 0.5,0.5.")
    worked_out = rules.bayesian_toxicity if toxicity else rules.bayesian_futility
    return worked_out(rate, certainty, BetaBelief(*belief), looks)


def _looks(first: int, last: int, every: int) -> tuple[int, ...]:
    if not 1 <= first <= last:
        raise InvalidInput("--first", first, f"is not from 1 to {last}.", "Look first at or before the last look.")
    if every < 1:
        raise InvalidInput("--every", every, "is less than one participant.", "1 looks after every participant.")
    looks = range(first, last + 1, every)
    return (*looks, last) if looks[-1] != last else tuple(looks)


def _numbers(text: str, option: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput(option, text, "is not numbers with commas.", "Write them as 0.1,0.3.") from None


def _from_to(looks: list[int]) -> str:
    return f"{looks[0]}" if len(looks) == 1 else f"{looks[0]}–{looks[-1]}"


def _show(boundary: "Boundary", found: list["Characteristics"]) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    console.print(Text(f"{boundary.rule[0].upper()}{boundary.rule[1:]}."))
    sign = "≥" if boundary.concern == Watched.TOXICITY else "≤"
    steps = [
        f"{sign} {stop_at} of {_from_to([look.n for look in group])}"
        for stop_at, group in itertools.groupby(boundary.looks, key=lambda look: look.stop_at)
        if stop_at is not None
    ]
    console.print(Text(f"Stop at: {', '.join(steps) or 'no count'}."))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("true rate", "chance of a stop", "participants", "events"):
        table.add_column(heading, justify="right")
    for one in found:
        cells = (f"{one.rate:g}", f"{100 * one.stops:.1f} %", f"{one.expected_n:.1f}", f"{one.expected_events:.1f}")
        table.add_row(*cells)
    console.print(table)
    console.print(Text("Exact. Participants and events: expected when the rule, or the last look, ends the study."))
