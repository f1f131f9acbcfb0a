"""`earlyphase grade icans`: the ASTCT grade of neurotoxicity of immune effector cells."""

from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.grade_findings import Given, given_by, over_time, show, show_episodes
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
        found = over_time(file, COLUMNS, _findings, grade_icans)
        show_episodes(icans_episodes(found), "ICANS", as_json=as_json)
        return
    given = given_by(
        ice=ice,
        capd=capd,
        capd_impossible=capd_impossible,
        wakes=wakes,
        seizure=seizure,
        motor=motor,
        pressure=pressure,
        died=died,
    )
    show(grade_icans(_findings(given)), as_json=as_json)


def _findings(given: Given) -> IcansFindings:
    return IcansFindings(
        ice=given.whole_number("ice"),
        capd=given.whole_number("capd"),
        capd_impossible=given.yes("capd_impossible"),
        wakes=given.choice(Wakes, "wakes"),
        seizure=given.choice(Seizure, "seizure"),
        motor=given.choice(Motor, "motor"),
        pressure=given.choice(Pressure, "pressure"),
        died=given.yes("died"),
    )
