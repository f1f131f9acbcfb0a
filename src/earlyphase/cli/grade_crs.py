"""`earlyphase grade crs`: the ASTCT grade of cytokine release syndrome."""

from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.grade_findings import Given, given_by, over_time, rows, show, show_episodes, yes_or_no
from earlyphase.toxicity.crs import CrsFindings, Oxygen, grade_crs
from earlyphase.toxicity.episodes import Episode, crs_episodes

COLUMNS = (
    "temperature",
    "hypotension",
    "vasopressors",
    "vasopressin",
    "oxygen",
    "flow",
    "other_cause",
    "died",
    "treated",
)


def command(
    temperature: Annotated[str | None, typer.Option(help="In °C, or with its unit: '101.3 °F'.")] = None,
    hypotension: Annotated[bool | None, typer.Option(help="Whether the pressure is low, or held by treatment.")] = None,
    vasopressors: Annotated[int | None, typer.Option(help="How many run, vasopressin not counted.")] = None,
    vasopressin: Annotated[bool, typer.Option(help="Whether vasopressin runs.")] = False,
    oxygen: Annotated[
        str | None, typer.Option(help="room-air, blow-by, cannula, face-mask, positive-pressure …")
    ] = None,
    flow: Annotated[str | None, typer.Option(help="Flow of a cannula, in L/min.")] = None,
    other_cause: Annotated[bool, typer.Option(help="The fever has another cause.")] = False,
    treated: Annotated[bool, typer.Option(help="CRS had begun and was treated: fever is no longer required.")] = False,
    died: Annotated[bool, typer.Option(help="The participant died of it.")] = False,
    file: Annotated[Path | None, typer.Option(help="A CSV of findings over time instead; gives episodes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Grade cytokine release syndrome by the ASTCT consensus, at one moment or, with --file, over time.

    What is not given is not assessed, and leaves a range. A file has the column `at` and any of: temperature,
    hypotension, vasopressors, vasopressin, oxygen, flow, other_cause, died, treated (an antipyretic, tocilizumab or a
    steroid was given).

    Example: earlyphase grade crs --temperature 38.6 --hypotension --vasopressors 1 --oxygen cannula --flow 4
    """
    if file is not None:
        show_episodes(_episodes(file), "CRS", as_json=as_json)
        return
    given = given_by(
        temperature=temperature,
        hypotension=None if hypotension is None else ("yes" if hypotension else "no"),
        vasopressors=vasopressors,
        vasopressin=vasopressin,
        oxygen=oxygen,
        flow=flow,
        other_cause=other_cause,
        died=died,
    )
    show(grade_crs(_findings(given), fever_required=not treated), as_json=as_json)


def _findings(given: Given) -> CrsFindings:
    """Read findings; a pressure that is said to be low or normal without a count of vasopressors has none."""
    count, vasopressin = given.whole_number("vasopressors"), given.yes("vasopressin")
    low = given.yes_or_no("hypotension")
    low = True if low is None and (count or vasopressin) else low
    return CrsFindings(
        temperature=given.quantity("temperature", "Cel"),
        hypotension=low,
        vasopressors=0 if low is not None and count is None else count,
        vasopressin=vasopressin,
        oxygen=given.choice(Oxygen, "oxygen"),
        flow=given.quantity("flow", "L/min"),
        other_cause=given.yes("other_cause"),
        died=given.yes("died"),
    )


def _episodes(file: Path) -> tuple[Episode, ...]:
    treated = [at for place, at, row in rows(file, COLUMNS) if yes_or_no(row.get("treated"), f"{place}, treated")]
    return crs_episodes(over_time(file, COLUMNS, _findings, grade_crs), treated)
