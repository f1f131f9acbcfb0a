"""`earlyphase grade icans`: the ASTCT grade of neurotoxicity of immune effector cells."""

from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.grade_findings import (
    Findings,
    as_text,
    choose,
    on_line,
    rows,
    show,
    show_episodes,
    whole_number,
    yes_or_no,
)
from earlyphase.toxicity.episodes import icans_episodes
from earlyphase.toxicity.icans import IcansFindings, Motor, Pressure, Seizure, Wakes, grade_icans

COLUMNS = ("ice", "capd", "capd_impossible", "wakes", "seizure", "motor", "pressure", "died")


def command(
    ice: Annotated[int | None, typer.Option(help="ICE score, 0 to 10.")] = None,
    capd: Annotated[int | None, typer.Option(help="CAPD score instead, in a young child.")] = None,
    capd_impossible: Annotated[bool, typer.Option(help="The child was too unwell for CAPD.")] = False,
    wakes: Annotated[str | None, typer.Option(help="spontaneously, to-voice, to-touch-only …")] = None,
    seizure: Annotated[str | None, typer.Option(help="none, resolves-rapidly, on-EEG-only …")] = None,
    motor: Annotated[str | None, typer.Option(help="none, deep-focal-weakness.")] = None,
    pressure: Annotated[str | None, typer.Option(help="none, focal-oedema-on-imaging, papilloedema …")] = None,
    died: Annotated[bool, typer.Option(help="The participant died of it.")] = False,
    file: Annotated[Path | None, typer.Option(help="A CSV of findings over time instead; gives episodes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Grade ICANS by the ASTCT consensus, at one moment or, with --file, over time.

    What is not given is not assessed, and leaves a range. A file has the column `at` and any of: ice, capd,
    capd_impossible, wakes, seizure, motor, pressure, died.

    Example: earlyphase grade icans --ice 6 --wakes to-voice --seizure none --motor none --pressure none
    """
    if file is not None:
        found = [
            (at, on_line(place, grade_icans, _findings(row, f"{place}, "))) for place, at, row in rows(file, COLUMNS)
        ]
        show_episodes(icans_episodes(found), "ICANS", as_json=as_json)
        return
    given = as_text(
        ice=ice,
        capd=capd,
        capd_impossible=capd_impossible,
        wakes=wakes,
        seizure=seizure,
        motor=motor,
        pressure=pressure,
        died=died,
    )
    show(grade_icans(_findings(given, "--")), as_json=as_json)


def _findings(given: Findings, place: str) -> IcansFindings:
    return IcansFindings(
        ice=whole_number(given.get("ice"), f"{place}ice"),
        capd=whole_number(given.get("capd"), f"{place}capd"),
        capd_impossible=bool(yes_or_no(given.get("capd_impossible"), f"{place}capd_impossible")),
        wakes=choose(Wakes, given.get("wakes"), f"{place}wakes"),
        seizure=choose(Seizure, given.get("seizure"), f"{place}seizure"),
        motor=choose(Motor, given.get("motor"), f"{place}motor"),
        pressure=choose(Pressure, given.get("pressure"), f"{place}pressure"),
        died=bool(yes_or_no(given.get("died"), f"{place}died")),
    )
