"""Reads follow-up times from a CSV file, group by group."""

from dataclasses import dataclass
from pathlib import Path

from earlyphase.cli.csv_columns import read_sheet

ONE_EVENT = range(2)
MOST_CAUSES = range(100)
EVENT_MEANING = "Write 1 where it ended in the event, 0 where it was censored."
CAUSE_MEANING = "Write 0 where it was censored, else the number of the cause: 1, 2 …"


@dataclass(frozen=True, slots=True)
class FollowUpGroup:
    """The follow-up of the participants of one group."""

    group: str | None
    """Its name; None where the file is not split."""
    times: tuple[float, ...]
    ends: tuple[int, ...]
    """0 for censored, else the event."""


def read_follow_up(
    file: Path, time: str, event: str, by: str | None, *, competing: bool = False
) -> tuple[FollowUpGroup, ...]:
    """Read the follow-up of every participant, split by a column where one is named.

    Returns:
        The groups in the order of their names, numbers by their value; a file without rows gives none when it is split,
        else one group of nobody.

    Raises:
        InvalidInput: the file, a column or a cell does not fit.
    """
    sheet = read_sheet(file)
    times = sheet.times(time)
    ends = sheet.codes(event, MOST_CAUSES, CAUSE_MEANING) if competing else sheet.codes(event, ONE_EVENT, EVENT_MEANING)
    if by is None:
        return (FollowUpGroup(None, tuple(times), tuple(ends)),)
    members: dict[str, list[int]] = {}
    for row, label in enumerate(sheet.labels(by)):
        members.setdefault(label, []).append(row)
    return tuple(
        FollowUpGroup(label, tuple(times[row] for row in rows), tuple(ends[row] for row in rows))
        for label, rows in sorted(members.items(), key=lambda item: _in_order(item[0]))
    )


def _in_order(label: str) -> tuple[bool, float, str]:
    """Sort numbers by their value and before words."""
    try:
        return (False, float(label), label)
    except ValueError:
        return (True, 0.0, label)
