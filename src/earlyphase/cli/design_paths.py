"""`earlyphase design paths`: what each result of the next cohorts leads to."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from earlyphase.cli.design_options import numbers, with_design_options
from earlyphase.cli.figure_file import checked_ending
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import checked_truths
from earlyphase.escalation.course import course_of
from earlyphase.escalation.design import Recommendation
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.options import Options
from earlyphase.escalation.paths import Path as Course
from earlyphase.escalation.paths import paths


@with_design_options
def command(
    options: Options,
    design: Annotated[str, typer.Argument(help="A design; see `earlyphase design list`.")],
    outcomes: Annotated[str, typer.Option(help="What was seen so far, as in '1NNN 2NNT'.")] = "",
    observed: Annotated[bool, typer.Option(help="Accept outcomes that the design could not have produced.")] = False,
    truth: Annotated[str, typer.Option(help="True DLT probabilities, for the chance of each result.")] = "",
    figure: Annotated[Path | None, typer.Option(help="Draw the paths into this file: .svg, .png or .pdf.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Show what each possible result of the next cohorts leads to; --cohorts says how many cohorts ahead.

    Example: earlyphase design paths 3+3 --variant six_at_mtd --doses 3 --cohorts 2
    """
    if figure is not None:
        checked_ending(figure, "--figure")
    planned = build(design, replace(options, cohorts=None))
    cohorts = parse_outcomes(outcomes, planned.doses, "--outcomes")
    chances = numbers(truth, "--truth") if truth else None
    if chances is not None:
        checked_truths([chances], planned.doses)
    course = course_of(planned, cohorts, observed=observed)
    ahead = 1 if options.cohorts is None else options.cohorts
    now, results = paths(planned, course, ahead, chances)
    if figure is not None:
        from earlyphase.cli.design_paths_figure import save_paths  # noqa: PLC0415 - drawing is slow to load

        save_paths(now, results, figure)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps({"now": _advice(now), "results": [_as_json(each) for each in results]}).decode())
    else:
        _show(now, results)


def _advice(advice: Recommendation) -> dict[str, Any]:
    """Write a recommendation as JSON."""
    return {
        "decision": advice.decision,
        "next_dose": advice.next_dose,
        "cohort_size": advice.cohort_size,
        "mtd": advice.mtd,
        "reason": advice.reason,
    }


def _as_json(path: Course) -> dict[str, Any]:
    """Write one result and what follows as JSON."""
    answer: dict[str, Any] = {"outcome": path.word, "dose": path.dose, "size": path.size, "dlts": path.dlts}
    if path.chance is not None:
        answer["chance"] = path.chance
    return answer | _advice(path.advice) | {"results": [_as_json(each) for each in path.next]}


def _show(now: Recommendation, results: tuple[Course, ...]) -> None:
    """Print the paths as a tree."""
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up
    from rich.tree import Tree  # noqa: PLC0415 - as above

    tree = Tree(now.reason)
    below = [(tree, path) for path in results]
    while below:
        parent, path = below.pop(0)
        chance = "" if path.chance is None else f" ({path.chance:.1%})"
        node = parent.add(f"{path.word}{chance}: {path.advice.in_short()}")
        below += [(node, each) for each in path.next]
    Console(highlight=False).print(tree)
