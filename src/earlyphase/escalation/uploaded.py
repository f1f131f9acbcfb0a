"""Any decision table that a user uploads, as CSV: what to do at each number of participants and DLTs."""

import csv
from pathlib import Path

from earlyphase.escalation.behaving import max_participants
from earlyphase.escalation.decision_table import Cell, DecisionTable, boundaries
from earlyphase.escalation.design import Design
from earlyphase.escalation.interval import count_design
from earlyphase.escalation.options import Options, needed
from earlyphase.faults import InvalidInput

COLUMNS = ("n", "dlts", "decision")

WORDS = {
    "e": Cell.ESCALATE,
    "escalate": Cell.ESCALATE,
    "s": Cell.STAY,
    "stay": Cell.STAY,
    "d": Cell.DE_ESCALATE,
    "de-escalate": Cell.DE_ESCALATE,
    "du": Cell.ELIMINATE,
    "eliminate": Cell.ELIMINATE,
}


def read_table(path: Path) -> DecisionTable:
    """Read a decision table with the columns n, dlts, decision (E, S, D, DU, or the words).

    Returns:
        The table; every n from 1 and every number of DLTs from 0 to n must be there once.

    Raises:
        InvalidInput: a line cannot be read, a cell is missing or given twice, or the decisions contradict each other.

    Source: the user's.
    """
    cells = _cells(path)
    n_max = max(n for n, _ in cells)
    for n in range(1, n_max + 1):
        for dlts in range(n + 1):
            if (n, dlts) not in cells:
                raise InvalidInput(f"{path}", f"n {n}, dlts {dlts}", "is missing from the table.", "Add its line.")
    return DecisionTable(
        tuple(boundaries(n, [cells[n, dlts] for dlts in range(n + 1)], f"{path}") for n in range(1, n_max + 1))
    )


def _cells(path: Path) -> dict[tuple[int, int], Cell]:
    """Read the lines of the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidInput("--table", str(path), f"cannot be read: {fault}.", "Give a CSV file.") from None
    rows = csv.DictReader(text.splitlines())
    if rows.fieldnames is None or not set(COLUMNS) <= set(rows.fieldnames):
        raise InvalidInput(f"{path}, line 1", rows.fieldnames, f"lacks one of the columns {', '.join(COLUMNS)}.")
    cells: dict[tuple[int, int], Cell] = {}
    for row in rows:
        place = f"{path}, line {rows.line_num}"
        at, cell = _cell(place, row)
        if at in cells:
            raise InvalidInput(place, f"n {at[0]}, dlts {at[1]}", "is given twice.", "Leave one.")
        cells[at] = cell
    if not cells:
        raise InvalidInput(f"{path}", None, "has no line below its heading.", "Add the decisions.")
    return cells


def _cell(place: str, row: dict[str, str | None]) -> tuple[tuple[int, int], Cell]:
    """Read one line."""
    said = {column: (row[column] or "").strip() for column in COLUMNS}
    if not (said["n"].isdecimal() and said["dlts"].isdecimal() and 0 < int(said["n"]) >= int(said["dlts"])):
        raise InvalidInput(
            place, f"{said['n']}, {said['dlts']}", "are not n participants, at most n of them with a DLT."
        )
    if said["decision"].lower() not in WORDS:
        raise InvalidInput(place, said["decision"], "is not a decision.", "Write E, S, D or DU.")
    return (int(said["n"]), int(said["dlts"])), WORDS[said["decision"].lower()]


def from_options(options: Options) -> Design:
    """Make the design from a user's options; the table alone says which doses are eliminated.

    Raises:
        InvalidInput: an option is missing or wrong, or the table does not reach the maximum.

    Source: the user's table; the MTD by isotonic regression, Yuan 2016, Clin Cancer Res 22:4291.
    """
    path = needed(options.table, "--table", "Give the CSV file with the decisions.")
    table = read_table(Path(path))
    most = max_participants(options)
    if most is not None and most > table.n_max:
        rule = f"could all be treated at one dose, but the table ends at n = {table.n_max}."
        raise InvalidInput("--table", f"{most} participants", rule, f"Add lines up to {most}, or set --max-n.")
    return count_design("uploaded table", options, lambda _: table)
