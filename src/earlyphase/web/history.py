"""The entries of a journal for a reader: what each says, and what it changed, old and new. Nothing of it is stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry, Kind
from earlyphase.quantities import Quantity

_PLAIN = 2
"""How many values of a group need no name: what was measured, and the value."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How the content of an entry is worded."""

    name: Callable[[str], str]
    """Says the name of a field."""
    value: Callable[[str, str], str]
    """Says what a field holds: its name, and the text."""
    comma: str


AS_RECORDED = Wording(lambda name: name.replace("_", " "), lambda _, text: text, ", ")


@dataclass(frozen=True, slots=True)
class Said:
    """One field of an entry, as recorded."""

    field: str
    new: str
    old: str | None = None
    """What stood there before; None where nothing is compared."""
    shown: str = ""
    """`new`, as a page words it."""
    shown_before: str = ""
    """`old`, as a page words it."""

    @property
    def changed(self) -> bool:
        """Whether a correction changed it."""
        return self.old is not None and self.old != self.new


_LONG, _BEGINNING = 12, 4
"""With more fields than the first an entry is shown with so many, and the others on request."""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it is shown."""

    entry: Entry
    fields: tuple[Said, ...]
    followed_by: Entry | None
    """The entry that corrected or voided it."""
    hidden: bool = False
    """Whether it may not be seen yet what it says."""

    @property
    def from_paper(self) -> str | None:
        """The day on the paper, where the entry was recorded later, from paper."""
        return next((one.new for one in self.fields if one.field == "from_paper" and one.new), None)

    @property
    def long(self) -> bool:
        """Whether it says so much that a list of entries shows only how it begins; what was changed is always shown."""
        return len(self.fields) > _LONG and self.entry.kind != Kind.CORRECTED

    @property
    def beginning(self) -> tuple[Said, ...]:
        """Its first fields."""
        return self.fields[:_BEGINNING]

    @property
    def rest(self) -> tuple[Said, ...]:
        """The fields after these."""
        return self.fields[_BEGINNING:]

    @property
    def stands(self) -> bool:
        """Whether it still says what holds."""
        return self.followed_by is None and self.entry.kind != Kind.VOIDED

    @property
    def can_be_changed(self) -> bool:
        """Whether it is of a kind that can be corrected or voided at all; the study's rules decide the rest."""
        return self.stands and not self.hidden and self.entry.kind in (Kind.RECORDED, Kind.CORRECTED)


def told(
    entries: Sequence[Entry],
    hidden: frozenset[int] = frozenset(),
    only: Sequence[Entry] | None = None,
    wording: Wording = AS_RECORDED,
) -> tuple[Told, ...]:
    """Tell entries, but not what the hidden ones say.

    Args:
        entries: the journal, or all of it that belongs together.
        hidden: the numbers of those whose content may not be seen.
        only: the ones to tell, in the order in which they are given; by default all.
        wording: how a page words what they say.
    """
    by_number = {entry.seq: entry for entry in entries}
    after = {entry.supersedes: entry for entry in entries if entry.supersedes}
    return tuple(
        Told(entry, (), after.get(entry.seq), hidden=True)
        if entry.seq in hidden
        else Told(entry, tuple(_fields(entry, by_number.get(entry.supersedes or 0), wording)), after.get(entry.seq))
        for entry in (entries if only is None else only)
    )


def chain(
    entries: Sequence[Entry], number: int, hidden: frozenset[int] = frozenset(), wording: Wording = AS_RECORDED
) -> tuple[Told, ...]:
    """Tell an entry with all that it replaced and all that replaced it, oldest first; nothing where there is none."""
    by_number = {entry.seq: entry for entry in entries}
    after = {entry.supersedes: entry for entry in entries if entry.supersedes}
    first = by_number.get(number)
    while first is not None and first.supersedes:
        first = by_number[first.supersedes]
    found: list[Entry] = []
    while first is not None:
        found.append(first)
        first = after.get(first.seq)
    return told(found, hidden, wording=wording)


def flat(value: Any, path: str = "", wording: Wording = AS_RECORDED) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Give every leaf of a payload with its path, for a reader; a group of a list is one line."""
    field = path.rpartition(" › ")[2]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if fields.keys() == {"value", "unit"}:
            yield path, _quantity(fields["value"], fields["unit"])
            return
        for name, inner in fields.items():
            yield from flat(inner, f"{path} › {name}" if path else name, wording)
    elif isinstance(value, list):
        yield from _listed(cast("list[Any]", value), path, wording)
    else:
        text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        yield path, wording.value(field, text)


def _quantity(value: Any, unit: Any) -> str:  # noqa: ANN401 - JSON
    """Write a quantity for people; as it stands, where it is none."""
    try:
        return str(Quantity(value, unit))
    except InvalidInput:
        return f"{value} {unit}"


def _listed(values: list[Any], path: str, wording: Wording) -> Iterator[tuple[str, str]]:
    if not any(isinstance(inner, dict) for inner in values):
        yield path, wording.comma.join(wording.value(path, str(inner)) for inner in values)
        return
    for place, inner in enumerate(values, start=1):
        yield f"{path} {place}", _in_a_row(dict(flat(inner, wording=wording)), wording)


def _in_a_row(leaves: Mapping[str, str], wording: Wording) -> str:
    """Write a group of values in one line: what it is of and its value, then the others by name."""
    named = [
        text if place < _PLAIN else f"{wording.name(name)} {text}" for place, (name, text) in enumerate(leaves.items())
    ]
    return wording.comma.join([" ".join(named[:_PLAIN]), *named[_PLAIN:]])


def said(payload: str, wording: Wording = AS_RECORDED) -> Mapping[str, str]:
    """Read what an entry's payload says, for a reader."""
    return dict(flat(orjson.loads(payload), wording=wording))


def _fields(entry: Entry, before: Entry | None, wording: Wording) -> Iterator[Said]:
    new, shown = said(entry.payload), said(entry.payload, wording)
    payload = before.payload if before is not None else "{}"
    old, shown_before = said(payload), said(payload, wording)
    for field in (name for name in dict.fromkeys((*new, *old)) if new.get(name) or old.get(name)):
        compared = old.get(field, "") if before is not None else None
        yield Said(field, new.get(field, ""), compared, shown.get(field, ""), shown_before.get(field, ""))
