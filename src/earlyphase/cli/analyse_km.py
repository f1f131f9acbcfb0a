"""`earlyphase analyse km`: the Kaplan–Meier curve of a file of follow-up times."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from earlyphase.analysis.estimates import CurveInterval, Estimate
from earlyphase.analysis.kaplan_meier import KaplanMeier, kaplan_meier, reverse_kaplan_meier, survival_at
from earlyphase.analysis.survival_quantiles import median
from earlyphase.cli.analyse_log_rank import compare, comparison_text
from earlyphase.cli.estimate_text import ABBREVIATIONS, limits_text, percent_text, time_text
from earlyphase.cli.figure_file import checked_ending, save
from earlyphase.cli.follow_up_file import FollowUpGroup, read_follow_up
from earlyphase.reports.values import Figure

CURVE = ("times", "at_risk", "events", "censored", "survival", "standard_error", "lower", "upper")
AT = "A landmark: give the survival at this time. May be repeated."


@dataclass(frozen=True, slots=True)
class GroupSurvival:
    """What is estimated of one group."""

    group: str | None
    curve: KaplanMeier
    median: Estimate
    follow_up: Estimate
    landmarks: tuple[tuple[float, Estimate], ...]


def command(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header: one row for each participant.")],
    time: Annotated[str, typer.Option(help="The column with the follow-up time.")],
    event: Annotated[str, typer.Option(help="The column with 1 for the event, 0 for censored.")],
    by: Annotated[str | None, typer.Option(help="The column with the group; without it there is one.")] = None,
    ci: Annotated[CurveInterval, typer.Option(help="The scale of the confidence limits.")] = CurveInterval.LOG_LOG,
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    at: Annotated[list[float] | None, typer.Option(help=AT)] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw the curves into this file: .svg, .png or .pdf.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON: a list of groups.")] = False,
) -> None:
    """Estimate survival by Kaplan–Meier: curve, median, landmarks, follow-up; groups are compared by log-rank.

    Medians and limits are those of R's survival package. Times keep the unit in which they stand in the file.

    Example: earlyphase analyse km follow-up.csv --time months --event died --by dose --at 12 --figure km.svg
    """
    if figure is not None:
        checked_ending(figure, "--figure")
    groups = read_follow_up(file, time, event, by)
    survivals = [_estimate(group, ci, level, tuple(at or ())) for group in groups]
    if figure is not None:
        save(_figure(survivals, event, time), figure, "--figure")
    if as_json:
        print(orjson.dumps([_as_json(survival) for survival in survivals]).decode())
        return
    console = Console(highlight=False)
    console.print(_table(survivals, ci, level))
    if at:
        console.print(_landmark_table(survivals, at))
    console.print(f"Follow-up: median by reverse Kaplan–Meier. {ABBREVIATIONS}")
    for note in _notes(survivals):
        console.print(note)
    if len(groups) > 1:
        console.print(comparison_text(compare(groups)))


def _estimate(group: FollowUpGroup, ci: CurveInterval, level: float, at: tuple[float, ...]) -> GroupSurvival:
    """Estimate everything of one group."""
    curve = kaplan_meier(group.times, group.ends, interval=ci, level=level)
    follow_up = median(reverse_kaplan_meier(group.times, group.ends, interval=ci, level=level))
    return GroupSurvival(
        group.group, curve, median(curve), follow_up, tuple((when, survival_at(curve, when)) for when in at)
    )


def _as_json(survival: GroupSurvival) -> dict[str, object]:
    """Write one group as JSON; what cannot be estimated is null."""
    curve = survival.curve
    columns = [getattr(curve, name).tolist() for name in CURVE]
    return {
        "group": survival.group,
        "n": curve.n,
        "events": int(curve.events.sum()),
        "interval": curve.interval.value,
        "level": curve.level,
        "median": asdict(survival.median),
        "follow_up": asdict(survival.follow_up),
        "landmarks": [{"time": when} | asdict(estimate) for when, estimate in survival.landmarks],
        "curve": [dict(zip(("time", *CURVE[1:]), row, strict=True)) for row in zip(*columns, strict=True)],
    }


def _figure(survivals: list[GroupSurvival], event: str, time: str) -> Figure:
    """Draw the curve of each group."""
    from earlyphase.reports.figures.survival import TimeAxis  # noqa: PLC0415 - only who draws waits for it
    from earlyphase.reports.figures.survival import kaplan_meier as drawn  # noqa: PLC0415 - as above

    curves = [(row.group or "", row.curve) for row in survivals]
    return drawn(curves, title=f"Without the event ({event})", axis=TimeAxis(title=time))


def _table(survivals: list[GroupSurvival], ci: CurveInterval, level: float) -> Table:
    """Lay out counts and medians: a row for each group."""
    table = _empty_table(f"Kaplan–Meier, {limits_text(ci.value, level)}", ("N", "Events", "Median", "Follow-up"))
    for row in survivals:
        counts = (row.group or "all", str(row.curve.n), str(int(row.curve.events.sum())))
        table.add_row(*counts, time_text(row.median), time_text(row.follow_up))
    return table


def _landmark_table(survivals: list[GroupSurvival], at: list[float]) -> Table:
    """Lay out the survival at each landmark: a row for each group."""
    table = _empty_table("Survival", tuple(f"At {when:g}" for when in at))
    for row in survivals:
        table.add_row(row.group or "all", *(percent_text(estimate) for _, estimate in row.landmarks))
    return table


def _empty_table(title: str, headings: tuple[str, ...]) -> Table:
    """Make a table whose first column names the group."""
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column("Group", overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right", overflow="fold")
    return table


def _notes(survivals: list[GroupSurvival]) -> list[str]:
    """Say what could not be estimated, and why."""
    if not survivals:
        return ["The file has no rows: there is nobody to follow."]
    named = [(row.group or "all", row) for row in survivals]
    medians = [f"{name}: median {row.median.note}." for name, row in named if row.median.note]
    landmarks = [(name, when, value.note) for name, row in named for when, value in row.landmarks if value.note]
    return medians + [f"{name}, at {when:g}: {note}." for name, when, note in landmarks]
