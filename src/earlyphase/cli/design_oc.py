"""`earlyphase design oc`: operating characteristics, exact wherever counts alone decide."""

from typing import Annotated, Any

import typer

from earlyphase.cli.conduct_options import with_conduct_options
from earlyphase.cli.design_options import numbers, with_design_options
from earlyphase.escalation.catalogue import Kind, build, find
from earlyphase.escalation.characteristics import Characteristics, characteristics, checked_truths
from earlyphase.escalation.completing import completed
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.course import course_of
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput


@with_design_options
@with_conduct_options
def command(
    options: Options,
    conduct: Conduct | None,
    design: Annotated[str, typer.Argument(help="A design; see `earlyphase design list`.")],
    truth: Annotated[list[str], typer.Option(help="True DLT probabilities, as in 0.05,0.15,0.30. May be repeated.")],
    outcomes: Annotated[str, typer.Option(help="From here: what was seen, as in '1NNN 2NNT'.")] = "",
    observed: Annotated[bool, typer.Option(help="Accept outcomes that the design could not have produced.")] = False,
    tolerable: Annotated[float | None, typer.Option(help="Count those treated above this DLT probability.")] = None,
    simulate: Annotated[int, typer.Option(help="Simulate this many trials instead; 0 is exact.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of a simulation.")] = 1,
    response: Annotated[list[str] | None, typer.Option(help="True response probabilities, one list a truth.")] = None,
    workers: Annotated[int | None, typer.Option(help="In calendar time: processes on this machine.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="In calendar time: a dask scheduler, tcp://….")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON: a list, one for each truth.")] = False,
) -> None:
    """Give the chance of each MTD, participants and DLTs, and the distribution of the total, under each truth.

    With --outcomes it is from here: the counts are of those still to be treated. A design that depends on time is
    simulated in calendar time, and so is any other where one of the options of conduct is given.

    Example: earlyphase design oc boin --target 0.3 --cohorts 10 --cohort-size 3 --truth 0.05,0.15,0.30,0.45,0.60
    """
    truths = [numbers(text, "--truth") for text in truth]
    if tolerable is not None and not 0 <= tolerable <= 1:
        raise InvalidInput("--tolerable", tolerable, "is not between 0 and 1.", "Give a DLT probability.")
    drawn = (simulate, seed, tolerable)
    if _in_calendar_time(design, conduct, (workers, scheduler), outcomes):
        from earlyphase.cli.design_oc_calendar import Asked, answer_in_calendar_time  # noqa: PLC0415 - not at the start

        asked = Asked(design, completed(design, options, truths), conduct or Conduct(), *drawn, workers, scheduler)
        answer_in_calendar_time(asked, truths, response or [], as_json=as_json)
        return
    results = _results(design, completed(design, options, truths), truths, (outcomes, observed), drawn)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps([_as_json(result, tolerable) for result in results]).decode())
        return
    _show(results, tolerable)


def _in_calendar_time(
    design: str, conduct: Conduct | None, computes: tuple[int | None, str | None], outcomes: str
) -> bool:
    """Say whether calendar time is asked for; refuse what cannot go with it, or without it."""
    timed = conduct is not None or find(design).kind is Kind.TIME
    if timed and outcomes:
        rule = "from here is exact, and so for designs that counts alone decide."
        raise InvalidInput("--outcomes", outcomes, rule, "Leave it out.")
    for place, value in zip(("--workers", "--scheduler"), computes, strict=True):
        if value is not None and not timed:
            raise InvalidInput(place, value, "is for simulation in calendar time.", "Give an option of conduct too.")
    return timed


def _results(
    design: str,
    options: Options,
    truths: list[tuple[float, ...]],
    seen: tuple[str, bool],
    drawn: tuple[int, int, float | None],
) -> tuple[Characteristics, ...]:
    """Compute, or simulate where that was asked for."""
    planned, (outcomes, observed), (trials, seed, tolerable) = build(design, options), seen, drawn
    checked_truths(truths, planned.doses)
    cohorts = parse_outcomes(outcomes, planned.doses, "--outcomes")
    course = course_of(planned, cohorts, observed=observed) if cohorts else None
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    from earlyphase.escalation.simulate import simulate  # noqa: PLC0415 - as above

    with Console(stderr=True).status(f"simulating {trials:,} trials …" if trials else "following every path …"):
        if trials:
            return tuple(simulate(planned, one, trials, seed, course, tolerable) for one in truths)
        return characteristics(every_end(planned, course), truths, tolerable)


def _as_json(result: Characteristics, tolerable: float | None) -> dict[str, Any]:
    """Write one result as JSON."""
    answer: dict[str, Any] = {
        "truth": result.truth,
        "no_mtd": result.no_mtd,
        "select": result.select,
        "patients": result.patients,
        "dlts": result.dlts,
        "total_patients": result.total_patients,
        "total_distribution": [{"patients": total, "chance": chance} for total, chance in result.total_distribution],
        "method": result.method,
    }
    if tolerable is not None:
        rows = [{"patients": number, "chance": chance} for number, chance in result.overdosed_distribution]
        answer["overdosed_distribution"] = rows
    if result.mcse is not None:
        error = result.mcse
        answer["mcse"] = {"no_mtd": error.no_mtd, "select": error.select, "total_patients": error.total_patients}
    return answer


def _show(results: tuple[Characteristics, ...], tolerable: float | None) -> None:
    """Print a table for each truth."""
    from rich.box import SIMPLE  # noqa: PLC0415 - kept out of the start-up
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    for result in results:
        table = Table(box=SIMPLE)
        for heading in ("Dose", "True DLT rate", "Chosen as MTD", "Participants", "DLTs"):
            table.add_column(heading, justify="right")
        columns = zip(result.truth, result.select, result.patients, result.dlts, strict=True)
        for dose, (p, chosen, treated, hit) in enumerate(columns, start=1):
            table.add_row(str(dose), f"{p:.1%}", f"{chosen:.2%}", f"{treated:.2f}", f"{hit:.2f}")
        table.add_row("none", "", f"{result.no_mtd:.2%}", f"{result.total_patients:.2f}", f"{sum(result.dlts):.2f}")
        console.print(table)
        for sentence in _sentences(result, tolerable):
            console.print(sentence)


def _sentences(result: Characteristics, tolerable: float | None) -> list[str]:
    """Say what the table does not."""
    totals = result.total_distribution
    fewest, most = totals[0][0], totals[-1][0]
    said = [
        f"Participants in all: {fewest} to {most}; the chance of fewer than {most} is {result.stops_before(most):.1%}."
    ]
    if tolerable is not None:
        mean = sum(number * chance for number, chance in result.overdosed_distribution)
        said.append(f"Treated above {tolerable:g}: {mean:.2f} on average.")
    if result.mcse is None:
        said.append("Exact: every path was followed.")
    else:
        most = max(result.mcse.no_mtd, *result.mcse.select)
        said.append(f"Simulated; Monte Carlo standard error of a chance at most {most:.2%}.")
    return said
