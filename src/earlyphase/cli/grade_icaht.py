"""`earlyphase grade icaht`: haematotoxicity of immune effector cells, from neutrophil counts over time."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from earlyphase.cli.grade_findings import fields_of, print_json, quantity, rows, show
from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.toxicity.icaht import Count, grade_icaht
from earlyphase.toxicity.icaht_scale import load_icaht

COLUMNS = ("anc",)


def command(
    file: Annotated[Path, typer.Option(help="A CSV of neutrophil counts: the columns at and anc.")],
    infused: Annotated[str, typer.Option(help="The day of the infusion, day 0: 2026-05-03.")],
    died: Annotated[str | None, typer.Option(help="The day of death, where the participant died.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Grade early and late ICAHT by the EHA/EBMT consensus, from neutrophil counts over time.

    A count is in 10⁹/L, or has its unit ('450 /uL'). Days without a count leave a range where they matter. Early: days
    0 to 30, how low and for how many days in a row. Late: from day 31 on, the lowest count.

    Example: earlyphase grade icaht --file counts.csv --infused 2026-05-03
    """
    day_0 = _day(infused, "--infused")
    died_on = days_from(day_0, _day(died, "--died")) if died else None
    found = grade_icaht(_counts(file, day_0), died_on)
    if as_json:
        print_json({"early": fields_of(found.early), "late": fields_of(found.late), "table": load_icaht().confirmed})
        return
    show(found.early, as_json=False)
    show(found.late, as_json=False)


def _counts(file: Path, day_0: dt.date) -> Iterator[Count]:
    for place, at, row in rows(file, COLUMNS):
        anc = quantity(row.get("anc"), "10*9/L", f"{place}, anc")
        if anc is not None:
            yield Count(days_from(day_0, at.date()), anc)


def _day(text: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(option, text, "is not a day.", "Write it as 2026-05-03.") from None
