"""`earlyphase analyse cif`: the cumulative incidence of events that exclude one another."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from earlyphase.analysis.aalen_johansen import CumulativeIncidence, aalen_johansen, incidence_at
from earlyphase.analysis.estimates import CurveInterval, IncidenceVariance
from earlyphase.analysis.gray_test import GrayTest, gray_test
from earlyphase.cli.estimate_text import ABBREVIATIONS, limits_text, p_text, percent_text
from earlyphase.cli.follow_up_file import FollowUpGroup, read_follow_up

AT = "A landmark: give the incidences at this time. May be repeated. By default the last time."
ROW = ("times", "at_risk", "events", "incidence", "standard_error", "lower", "upper")


def command(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header: one row for each participant.")],
    time: Annotated[str, typer.Option(help="The column with the follow-up time.")],
    event: Annotated[str, typer.Option(help="The column with 0 for censored, else the cause: 1, 2 …")],
    by: Annotated[str | None, typer.Option(help="The column with the group; without it there is one.")] = None,
    ci: Annotated[CurveInterval, typer.Option(help="The scale of the confidence limits.")] = CurveInterval.LOG_LOG,
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    aalen: Annotated[bool, typer.Option(help="Standard errors by Aalen, not by infinitesimal jackknife.")] = False,
    at: Annotated[list[float] | None, typer.Option(help=AT)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON: a list of groups.")] = False,
) -> None:
    """Estimate the cumulative incidence of each cause by Aalen and Johansen, the other causes competing.

    Groups are compared by Gray's test, cause by cause.

    Example: earlyphase analyse cif follow-up.csv --time months --event cause --at 12
    """
    groups = read_follow_up(file, time, event, by, competing=True)
    causes = max((end for group in groups for end in group.ends), default=0) or 1
    variance = IncidenceVariance.AALEN if aalen else IncidenceVariance.JACKKNIFE
    curves = [
        (
            group.group,
            aalen_johansen(group.times, group.ends, causes=causes, interval=ci, level=level, variance=variance),
        )
        for group in groups
    ]
    tests = _compared(groups, causes)
    if as_json:
        print(orjson.dumps([_as_json(group, curve, at or [], tests) for group, curve in curves]).decode())
        return
    last = max((time for group in groups for time in group.times), default=0.0)
    console = Console(highlight=False)
    console.print(_table(curves, at or [last], limits_text(ci.value, level)))
    console.print(f"Standard errors: {variance.value}. {ABBREVIATIONS}")
    for test in tests:
        console.print(_comparison(test))


def _compared(groups: tuple[FollowUpGroup, ...], causes: int) -> tuple[GrayTest, ...]:
    """Compare the groups, where there are any, by each cause."""
    if len(groups) < 2:  # noqa: PLR2004 - a comparison needs two
        return ()
    times = [time for group in groups for time in group.times]
    ends = [end for group in groups for end in group.ends]
    labels = [str(group.group) for group in groups for _ in group.times]
    return tuple(gray_test(times, ends, labels, cause=cause) for cause in range(1, causes + 1))


def _comparison(test: GrayTest) -> str:
    """Write a test in one line."""
    if test.chi_square is None or test.p_value is None:
        return f"Gray's test, cause {test.cause}: {test.note}."
    told = f"chi-square {test.chi_square:.2f} on {test.degrees_of_freedom} df, {p_text(test.p_value)}"
    return f"Gray's test, cause {test.cause}: {told}"


def _as_json(
    group: str | None, curve: CumulativeIncidence, at: list[float], tests: tuple[GrayTest, ...]
) -> dict[str, object]:
    """Write one group as JSON; what cannot be estimated is null."""
    return {
        "group": group,
        "n": curve.n,
        "events": int(curve.events.sum()),
        "interval": curve.interval.value,
        "level": curve.level,
        "variance": curve.variance.value,
        "causes": [
            _cause_as_json(curve, cause, at)
            | {"gray": next((asdict(one) for one in tests if one.cause == cause), None)}
            for cause in range(1, curve.causes + 1)
        ],
    }


def _cause_as_json(curve: CumulativeIncidence, cause: int, at: list[float]) -> dict[str, object]:
    """Write the curve of one cause."""
    columns = [getattr(curve, name) for name in ROW]
    figures = [(column if column.ndim == 1 else column[cause - 1]).tolist() for column in columns]
    return {
        "cause": cause,
        "events": int(curve.events[cause - 1].sum()),
        "landmarks": [{"time": when} | asdict(incidence_at(curve, cause, when)) for when in at],
        "curve": [dict(zip(("time", *ROW[1:]), row, strict=True)) for row in zip(*figures, strict=True)],
    }


def _table(curves: list[tuple[str | None, CumulativeIncidence]], at: list[float], limits: str) -> Table:
    """Lay out a row for each group and cause."""
    table = Table(title=f"Cumulative incidence, {limits}", title_justify="left", box=SIMPLE)
    for heading in ("Group", "Cause", "N", "Events", *(f"At {when:g}" for when in at)):
        table.add_column(heading, justify="left" if heading == "Group" else "right", overflow="fold")
    for group, curve in curves:
        for cause in range(1, curve.causes + 1):
            counts = (group or "all", str(cause), str(curve.n), str(int(curve.events[cause - 1].sum())))
            table.add_row(*counts, *(percent_text(incidence_at(curve, cause, when)) for when in at))
    return table
