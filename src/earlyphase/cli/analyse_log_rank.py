"""`earlyphase analyse log-rank`: did the event come at the same rate in all groups?"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer

from earlyphase.analysis.hazard_ratio import HazardRatio, hazard_ratio
from earlyphase.analysis.log_rank import LogRank, log_rank
from earlyphase.cli.estimate_text import p_text, ratio_text
from earlyphase.cli.follow_up_file import FollowUpGroup, read_follow_up

PAIR = 2


def command(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header: one row for each participant.")],
    time: Annotated[str, typer.Option(help="The column with the follow-up time.")],
    event: Annotated[str, typer.Option(help="The column with 1 for the event, 0 for censored.")],
    by: Annotated[str, typer.Option(help="The column with the group.")],
    weight: Annotated[float, typer.Option(help="0 for log-rank, 1 for Peto and Peto.", min=0)] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Compare the rate of an event between groups: observed and expected events, chi-square and p-value.

    Where there are two groups it adds their hazard ratio, the second compared with the first.

    Example: earlyphase analyse log-rank follow-up.csv --time months --event died --by dose
    """
    groups = read_follow_up(file, time, event, by)
    result, ratio = compare(groups, weight), _hazard_ratio(groups)
    if as_json:
        print(orjson.dumps(asdict(result) | {"hazard_ratio": None if ratio is None else asdict(ratio)}).decode())
        return
    for group in result.groups:
        print(f"{group.group}: {group.observed:g} events, {group.expected:.2f} expected, {group.n} participants")
    print(comparison_text(result))
    if ratio is not None:
        print(f"Hazard of {groups[1].group} relative to {groups[0].group}: {ratio_text(ratio.ratio)}")


def _hazard_ratio(groups: Sequence[FollowUpGroup]) -> HazardRatio | None:
    """Compare the second of two groups with the first."""
    if len(groups) != PAIR:
        return None
    times, ends = pooled(groups)
    return hazard_ratio(times, ends, [place == 1 for place, group in enumerate(groups) for _ in group.times])


def pooled(groups: Sequence[FollowUpGroup]) -> tuple[list[float], list[int]]:
    """Put the follow-up of all groups together."""
    times = [time for group in groups for time in group.times]
    return times, [end for group in groups for end in group.ends]


def compare(groups: Sequence[FollowUpGroup], weight: float = 0.0) -> LogRank:
    """Compare the groups of a file."""
    times, ends = pooled(groups)
    return log_rank(times, ends, [str(group.group) for group in groups for _ in group.times], weight=weight)


def comparison_text(result: LogRank) -> str:
    """Write the test in one line."""
    name = "Log-rank" if result.weight == 0 else f"Weighted log-rank (rho = {result.weight:g})"
    if result.chi_square is None or result.p_value is None:
        return f"{name}: {result.note}."
    return f"{name}: chi-square {result.chi_square:.2f} on {result.degrees_of_freedom} df, {p_text(result.p_value)}"
