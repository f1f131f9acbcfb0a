"""What changed between two versions of a record, field by field, and word by word within a text."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, cast

from pydantic import JsonValue

from earlyphase.registry.model import Record
from earlyphase.registry.part import as_json

_LONGEST_COMPARED = 4000
"""Words. Texts that are longer are shown as replaced where they differ, from their first to their last difference."""


class Kind(StrEnum):
    """What happened to a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not the same in both versions."""

    field: str
    """The path in the version that has it; of a list, where it stands in the later one."""
    kind: Kind
    before: JsonValue
    """What stood there; None where nothing did."""
    after: JsonValue


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a text that both versions have, or only one."""

    kind: Kind | None
    """None where both have it."""
    text: str


def difference(before: Record, after: Record) -> tuple[Change, ...]:
    """List what changed from one version of a record to another, in the order of the later one."""
    return tuple(_of_objects(as_json(before), as_json(after), ""))


def words_changed(before: str, after: str) -> tuple[Run, ...]:
    """Compare two texts word by word.

    Returns:
        Runs of words: without the added ones they give the first text, without the removed ones the second.
    """
    old, new = re.findall(r"\s+|\S+\s*", before), re.findall(r"\s+|\S+\s*", after)
    return tuple(
        Run(kind, "".join(words))
        for tag, i, i2, j, j2 in _opcodes(old, new)
        for kind, words in _runs(tag, old[i:i2], new[j:j2])
        if words
    )


def _runs(tag: str, old: list[str], new: list[str]) -> Iterator[tuple[Kind | None, list[str]]]:
    if tag == "equal":
        yield None, old
    else:
        yield Kind.REMOVED, old
        yield Kind.ADDED, new


def _of_objects(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[Change]:
    for name in dict.fromkeys([*after, *before]):
        here = f"{path}.{name}" if path else name
        if name not in before:
            yield from _whole(after[name], here, Kind.ADDED)
        elif name not in after:
            yield from _whole(before[name], here, Kind.REMOVED)
        else:
            yield from _of_values(before[name], after[name], here)


def _of_values(before: Any, after: Any, path: str) -> Iterator[Change]:  # noqa: ANN401 - any JSON
    match before, after:
        case dict(), dict():
            yield from _of_objects(cast("dict[str, Any]", before), cast("dict[str, Any]", after), path)
        case list(), list():
            yield from _of_lists(cast("list[Any]", before), cast("list[Any]", after), path)
        case _ if _key(before) != _key(after):
            yield Change(path, Kind.CHANGED, before, after)
        case _:
            pass


def _of_lists(before: list[Any], after: list[Any], path: str) -> Iterator[Change]:
    """Compare lists element by element, where what stands in both keeps its neighbours in step."""
    old, new = [_key(value) for value in before], [_key(value) for value in after]
    for tag, i, i2, j, j2 in _opcodes(old, new):
        if tag == "equal":
            continue
        paired = min(i2 - i, j2 - j)
        for step in range(paired):
            yield from _of_values(before[i + step], after[j + step], f"{path}[{j + step}]")
        for index in range(i + paired, i2):
            yield from _whole(before[index], f"{path}[{index}]", Kind.REMOVED)
        for index in range(j + paired, j2):
            yield from _whole(after[index], f"{path}[{index}]", Kind.ADDED)


def _whole(value: Any, path: str, kind: Kind) -> Iterator[Change]:  # noqa: ANN401 - any JSON
    if kind is Kind.ADDED:
        yield Change(path, kind, None, value)
    else:
        yield Change(path, kind, value, None)


def _opcodes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Align two lists; of very long ones only their common beginning and end."""
    if max(len(old), len(new)) <= _LONGEST_COMPARED:
        return [*SequenceMatcher(None, old, new).get_opcodes()]
    shortest = min(len(old), len(new))
    head = next((index for index in range(shortest) if old[index] != new[index]), shortest)
    tail = next((index for index in range(shortest - head) if old[-1 - index] != new[-1 - index]), shortest - head)
    i2, j2 = len(old) - tail, len(new) - tail
    return [("equal", 0, head, 0, head), ("replace", head, i2, head, j2), ("equal", i2, len(old), j2, len(new))]


def _key(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Give a text by which two values are the same: 1 and true are not."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
