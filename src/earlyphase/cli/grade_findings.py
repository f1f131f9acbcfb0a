"""What the commands that grade syndromes share: reading findings from options and files, showing grades."""

import csv
import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from earlyphase.cli.csv_columns import text_of
from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.astct import Graded
from earlyphase.toxicity.episodes import Episode

Choice = TypeVar("Choice", bound=StrEnum)
Seen = TypeVar("Seen")
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


@dataclass(frozen=True, slots=True)
class Given:
    """Findings as text, by name: a row of a file, or the options of a command."""

    texts: Mapping[str, str | None]
    place: str
    """Where they stand, as messages say it before the name: `--`, or `findings.csv, line 3, `."""

    def choice(self, kind: type[Choice], name: str) -> Choice | None:
        """Read one of a list of findings.

        Raises:
            InvalidInput: it is not on the list.
        """
        return choose(kind, self.texts.get(name), f"{self.place}{name}")

    def quantity(self, name: str, unit: str) -> Quantity | None:
        """Read a number, in a usual unit where it has none.

        Raises:
            InvalidInput: it is no number, or its unit is unknown.
        """
        return quantity(self.texts.get(name), unit, f"{self.place}{name}")

    def whole_number(self, name: str) -> int | None:
        """Read a whole number; nothing is not known.

        Raises:
            InvalidInput: it is none.
        """
        return whole_number(self.texts.get(name), f"{self.place}{name}")

    def yes_or_no(self, name: str) -> bool | None:
        """Read yes or no; nothing is not known.

        Raises:
            InvalidInput: it is neither.
        """
        return yes_or_no(self.texts.get(name), f"{self.place}{name}")

    def yes(self, name: str) -> bool:
        """Tell whether it says yes; nothing is no.

        Raises:
            InvalidInput: it is neither yes nor no.
        """
        return bool(self.yes_or_no(name))


def given_by(**options: object) -> Given:
    """Take options as a row of a file: what was not given is empty, and a flag that was not set."""
    return Given(
        {name: None if value is None or value is False else str(value) for name, value in options.items()}, "--"
    )


def over_time(
    file: Path, columns: tuple[str, ...], read: Callable[[Given], Seen], grade: Callable[[Seen], object]
) -> list[tuple[dt.datetime, Seen]]:
    """Read findings over time, refusing those that cannot be graded with their line.

    Raises:
        InvalidInput: as reading the file and grading the findings.
    """
    found: list[tuple[dt.datetime, Seen]] = []
    for place, at, row in rows(file, columns):
        seen = read(Given(row, f"{place}, "))
        try:
            grade(seen)
        except InvalidInput as fault:
            raise InvalidInput(f"{place}, {fault.place}", fault.value, fault.rule, fault.remedy) from None
        found.append((at, seen))
    return found


def choose(kind: type[Choice], text: str | None, place: str) -> Choice | None:
    """Read one of a list of findings, in any case, with spaces or hyphens.

    Raises:
        InvalidInput: it is not on the list; the nearest is named.
    """
    if text is None or not text.strip():
        return None
    plain = text.strip().lower().replace("-", " ")
    known = {one.value.lower().replace("-", " "): one for one in kind}
    if plain in known:
        return known[plain]
    near = difflib.get_close_matches(plain, known, n=1)
    remedy = f"Did you mean {known[near[0]].value!r}?" if near else f"Known: {', '.join(one.value for one in kind)}."
    raise InvalidInput(place, text, "is not a finding of the scale.", remedy)


def quantity(text: str | None, unit: str, place: str) -> Quantity | None:
    """Read a number, in a usual unit where it has none.

    Raises:
        InvalidInput: it is no number, or its unit is unknown.
    """
    if text is None or not text.strip():
        return None
    try:
        return Quantity.read(f"{text} {unit}" if text.strip().replace(".", "", 1).isdigit() else text)
    except InvalidInput as fault:
        raise InvalidInput(place, text, fault.rule, fault.remedy) from None


def yes_or_no(text: str | None, place: str) -> bool | None:
    """Read yes or no; nothing is not known.

    Raises:
        InvalidInput: it is neither.
    """
    plain = (text or "").strip().lower()
    if plain in (*YES, *NO):
        return plain in YES
    if not plain:
        return None
    raise InvalidInput(place, text, "is neither yes nor no.", "Leave it empty where it is not known.")


def whole_number(text: str | None, place: str) -> int | None:
    """Read a whole number; nothing is not known.

    Raises:
        InvalidInput: it is none.
    """
    plain = (text or "").strip()
    if not plain:
        return None
    if not plain.isdigit():
        raise InvalidInput(place, text, "is not a whole number.", "Leave it empty where it is not known.")
    return int(plain)


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dt.datetime, Mapping[str, str | None]]]:
    """Read a file of findings over time: a CSV with the column `at` (2026-05-08 06:00) and some of the others.

    Raises:
        InvalidInput: no such file, an unknown column, or a moment that is none.
    """
    if not path.is_file():
        raise InvalidInput("--file", str(path), "is not a file.", "Give a CSV of findings.")
    reader = csv.DictReader(text_of(path).splitlines(keepends=True))
    for name in reader.fieldnames or ():
        if name not in ("at", *columns):
            remedy = f"Columns are: at, {', '.join(columns)}."
            raise InvalidInput(f"{path.name}, line 1", name, "is not a column of findings.", remedy)
    for number, row in enumerate(reader, start=2):
        place = f"{path.name}, line {number}"
        yield place, _moment(row.get("at"), place), row


def _moment(text: str | None, place: str) -> dt.datetime:
    remedy = "Write the site's own time, as 2026-05-08 06:00."
    try:
        moment = dt.datetime.fromisoformat((text or "").strip())
    except ValueError:
        raise InvalidInput(place, text, "is not a moment.", remedy) from None
    if moment.tzinfo is not None:
        raise InvalidInput(place, text, "has a time zone.", remedy)
    return moment


def fields_of(graded: Graded) -> dict[str, Any]:
    """Give a grade as JSON has it."""
    return asdict(graded) | {"grade": graded.grade}


def show(graded: Graded, *, as_json: bool) -> None:
    """Print one grade."""
    if as_json:
        print_json(fields_of(graded))
        return
    print(graded.reason)
    for one in graded.components:
        grade = str(one.grade_min) if one.grade_min == one.grade_max else f"{one.grade_min}–{one.grade_max}"
        print(f"  {one.name}: {one.finding or 'not assessed'}: grade {grade}")
    if graded.missing:
        print(f"Open without: {', '.join(graded.missing)}.")
    print(f"Source: {graded.source}.")


def show_episodes(episodes: tuple[Episode, ...], scale: str, *, as_json: bool) -> None:
    """Print the episodes of a file."""
    if as_json:
        print_json({"scale": scale, "episodes": [_fields(one) for one in episodes]})
        return
    print("\n".join(one.reason for one in episodes) if episodes else f"No {scale}.")


def _fields(episode: Episode) -> Mapping[str, Any]:
    hours = None if episode.duration is None else episode.duration.total_seconds() / 3600
    return {
        "onset": episode.onset,
        "resolved": episode.resolved,
        "hours": hours,
        "worst_min": episode.worst_min,
        "worst_max": episode.worst_max,
        "worst_at": episode.worst_at,
        "reason": episode.reason,
        "course": [
            {"at": moment.at, "grade_min": moment.graded.grade_min, "grade_max": moment.graded.grade_max}
            for moment in episode.course
        ],
    }


def print_json(answer: object) -> None:
    """Print an answer as one line of JSON."""
    import orjson  # noqa: PLC0415 - kept out of the start-up

    print(orjson.dumps(answer).decode())
