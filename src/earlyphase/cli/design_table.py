"""`earlyphase design table`: the decision table of a count-driven design."""

from typing import Annotated

import typer

from earlyphase.cli.design_options import with_design_options
from earlyphase.escalation.completing import count_design_of
from earlyphase.escalation.options import Options

COLUMNS = ("n", "escalate_if_le", "deescalate_if_ge", "eliminate_if_ge")


@with_design_options
def command(
    options: Options,
    design: Annotated[str, typer.Argument(help="A design; see `earlyphase design list`.")],
    n_max: Annotated[int, typer.Option(help="Last number of participants at a dose.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON: a list of rows.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer as CSV.")] = False,
) -> None:
    """Give the numbers of DLTs at which a design goes up, down, or eliminates a dose, for each number treated there.

    Example: earlyphase design table boin --target 0.3 --n-max 12
    """
    rows = [dict(zip(names, row, strict=True)) for names, row in _rows(design, options, n_max)]
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps(rows).decode())
    elif as_csv:
        print(",".join(rows[0]))
        for row in rows:
            print(",".join("" if value is None else str(value) for value in row.values()))
    else:
        _show(rows)


def _rows(design: str, options: Options, n_max: int) -> list[tuple[tuple[str, ...], tuple[int | None, ...]]]:
    """Give each row with the names of its columns; a stricter rule at the lowest dose adds one."""
    made = count_design_of(design, options, n_max)
    rows = made.table.rows[:n_max]
    if made.lowest is None:
        return [(COLUMNS, tuple(row)) for row in rows]
    strict = [row.eliminate_if_ge for row in made.lowest.rows]
    names = (*COLUMNS, "eliminate_lowest_if_ge")
    return [(names, (*row, limit)) for row, limit in zip(rows, strict, strict=False)]


def _show(rows: list[dict[str, int | None]]) -> None:
    """Print the table."""
    from rich.box import SIMPLE  # noqa: PLC0415 - kept out of the start-up
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    headings = {
        "n": "Treated at the dose",
        "escalate_if_le": "Escalate at ≤",
        "deescalate_if_ge": "De-escalate at ≥",
        "eliminate_if_ge": "Eliminate at ≥",
        "eliminate_lowest_if_ge": "Stop at the lowest dose at ≥",
    }
    table = Table(box=SIMPLE)
    for name in rows[0]:
        table.add_column(headings[name], justify="right")
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    Console(highlight=False).print(table)
