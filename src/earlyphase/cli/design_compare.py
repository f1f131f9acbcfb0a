"""`earlyphase design compare`: designs side by side, over the same true curves."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.conduct_options import with_conduct_options
from earlyphase.cli.design_options import numbers, with_design_options
from earlyphase.escalation.catalogue import Kind, find
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.interval import target_of
from earlyphase.escalation.options import Options, given
from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    from rich.status import Status

    from earlyphase.escalation.comparison import Calendar, Compared


@with_design_options
@with_conduct_options
def command(
    options: Options,
    conduct: Conduct | None,
    designs: Annotated[list[str], typer.Argument(help="Two designs or more; each takes those options that it knows.")],
    truth: Annotated[list[str] | None, typer.Option(help="True DLT probabilities; by default a fixed set.")] = None,
    random: Annotated[int, typer.Option(help="This many random curves too, by Clertant & O'Quigley 2017.")] = 0,
    response: Annotated[str, typer.Option(help="True response probabilities, for BF-BOIN and BOIN12.")] = "",
    simulate: Annotated[int, typer.Option(help="Studies simulated under each curve, in calendar time.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of random curves and simulations.")] = 1,
    workers: Annotated[int | None, typer.Option(help="In calendar time: processes on this machine.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="In calendar time: a dask scheduler, tcp://….")] = None,
    report: Annotated[Path | None, typer.Option(help="Write tables, figures and a protocol's text: .html.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Compare designs under the same true DLT probabilities; --target says what the MTD of a curve is.

    Figures are exact wherever counts alone decide. With an option of conduct all designs get their duration too.

    Example: earlyphase design compare 3+3 boin --variant six_at_mtd --target 0.25 --doses 3 --cohorts 10
    """
    from earlyphase.escalation.comparison import compare  # noqa: PLC0415 - kept out of the start-up

    target, sets = target_of(options), _curves(options, truth or [], random, seed)
    _refuse(designs, options, report)
    calendar = _calendar(designs, conduct, (simulate, seed), (workers, scheduler), response)
    shared = options if options.doses else _with_doses(designs, options, len(sets["fixed"][0]))
    with _progress():
        found = {name: compare(designs, shared, curves, calendar) for name, curves in sets.items()}
    if report is not None:
        from earlyphase.cli.design_compare_report import write_comparison  # noqa: PLC0415 - drawing is slow to load

        write_comparison(found, target, conduct, report)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({name: [_as_json(one, target) for one in each] for name, each in found.items()}).decode())
    else:
        _show(found, target)


def _progress() -> "Status":
    """Show on a terminal that the comparison goes on."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    return Console(stderr=True).status("Comparing …")


def _curves(options: Options, truth: list[str], random: int, seed: int) -> dict[str, tuple[tuple[float, ...], ...]]:
    """Give the fixed curves, and the random ones where they are asked for."""
    from earlyphase.escalation.characteristics import checked_truths  # noqa: PLC0415 - kept out of the start-up
    from earlyphase.escalation.scenarios import fixed_scenarios, random_scenarios  # noqa: PLC0415 - as above

    target, given_truths = target_of(options), tuple(numbers(text, "--truth") for text in truth)
    doses = len(given_truths[0]) if given_truths else _doses(options)
    checked_truths(given_truths, doses)
    sets = {"fixed": given_truths or fixed_scenarios(target, doses)}
    if random:
        sets["random"] = random_scenarios(random, target, doses, seed)
    return sets


def _doses(options: Options) -> int:
    """Give the number of doses, from whichever option says it."""
    said = options.doses or len(options.skeleton or options.amounts or ())
    if said < 1:
        raise InvalidInput("--doses", options.doses, "is missing.", "Give the number of doses, or --truth.")
    return said


def _with_doses(designs: list[str], options: Options, doses: int) -> Options:
    """Take the number of doses from the curves, where a design asks for it."""
    from dataclasses import replace  # noqa: PLC0415 - only here

    return replace(options, doses=doses) if any("doses" in find(name).options for name in designs) else options


def _refuse(designs: list[str], options: Options, report: Path | None) -> None:
    """Refuse a single design, an option that no design takes, and a report that is not a page."""
    if len(designs) < 2 or len(set(designs)) < len(designs):  # noqa: PLR2004 - a comparison has two sides
        raise InvalidInput("designs", " ".join(designs), "are not two different designs or more.")
    taken = {"target"}.union(*(find(name).options for name in designs))
    for option in sorted(given(options) - taken):
        raise InvalidInput(f"--{option.replace('_', '-')}", getattr(options, option), "is an option of none of them.")
    if report is not None and report.suffix.lower() != ".html":
        raise InvalidInput("--report", str(report), "is not a page.", "End it in .html.")


def _calendar(
    designs: list[str],
    conduct: Conduct | None,
    drawn: tuple[int, int],
    computes: tuple[int | None, str | None],
    response: str,
) -> "Calendar | None":
    """Give how calendar time is simulated, where a design or the user asks for it."""
    from earlyphase.cli.design_oc_calendar import RESPONSES  # noqa: PLC0415 - kept out of the start-up
    from earlyphase.escalation.comparison import Calendar  # noqa: PLC0415 - as above
    from earlyphase.escalation.executor import executor_of  # noqa: PLC0415 - as above

    if conduct is None and not any(find(name).kind is Kind.TIME for name in designs):
        return None
    if not response and any(name in RESPONSES for name in designs):
        raise InvalidInput("--response", None, "is missing.", "Give true response probabilities, one for each dose.")
    replies = numbers(response, "--response") if response else ()
    return Calendar(conduct or Conduct(), *drawn, executor_of(*computes), replies)


def _as_json(one: "Compared", target: float) -> dict[str, Any]:
    """Write one design as JSON."""
    from earlyphase.escalation.comparison import average, judge  # noqa: PLC0415 - kept out of the start-up

    verdicts = [judge(result, target) for result in one.results]
    rows = [
        {
            "truth": result.counts.truth,
            "no_mtd": result.counts.no_mtd,
            "select": result.counts.select,
            "patients": result.counts.patients,
            "duration": asdict(result.duration) if result.duration else None,
            **asdict(verdict),
        }
        for result, verdict in zip(one.results, verdicts, strict=True)
    ]
    return {"design": one.name, "method": one.method, "average": asdict(average(verdicts)), "curves": rows}


def _show(found: dict[str, tuple["Compared", ...]], target: float) -> None:
    """Print one table for each set of curves."""
    from rich.box import SIMPLE  # noqa: PLC0415 - kept out of the start-up
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    from earlyphase.escalation.comparison import average, judge  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    for name, each in found.items():
        table = Table(box=SIMPLE, title=f"On average over {len(each[0].results)} {name} curves, target {target:g}")
        for heading in ("Design", "MTD found", "Too low", "Too high", "None", "At MTD", "Above", "DLTs", "N", "Days"):
            table.add_column(heading, justify="left" if heading == "Design" else "right")
        for one in each:
            mean = average([judge(result, target) for result in one.results])
            shares = (mean.correct, mean.too_low, mean.too_high, mean.none, mean.at_mtd, mean.above, mean.dlts)
            days = "–" if mean.days is None else f"{mean.days:.0f}"
            table.add_row(one.name, *(f"{share:.1%}" for share in shares), f"{mean.participants:.1f}", days)
        console.print(table)
