"""Takes the facts of many persons apart into columns: those that are written with the same keys go together."""

from collections.abc import Mapping, Sequence
from itertools import chain, compress, repeat
from operator import is_not, itemgetter
from typing import Any

import numpy as np

from earlyphase.eligibility.columns import NO, NOTHING, NUMBER, WORD, YES, Column, Days, OddError, Words
from earlyphase.eligibility.facts import LARGEST, Fact

Row = dict[str, Any]
Pieces = dict[str, Column]

_KEYS = frozenset(Fact.model_fields)
_AMOUNTS = ("dose", "lower_limit", "upper_limit")
_SHOWN_ONLY = ("by", "source")
"""They stand in the evidence and decide nothing."""
_WORDS = ("term", "method", "specimen", "state", "purpose", "about")
_AMOUNT = 5
_KINDS: Mapping[type, int] = {type(None): NOTHING, bool: YES, int: NUMBER, float: NUMBER, str: WORD, dict: _AMOUNT}

_EMPTY: Mapping[str, tuple[type[Any], float]] = {
    "owner": (np.int32, 0), "kind": (np.int8, NOTHING), "number": (np.float64, np.nan), "unit": (np.int32, -1),
    "word": (np.int32, -1), "on": (np.int32, 0), "until": (np.int32, 0),
    **dict.fromkeys(_WORDS, (np.int32, -1)),
    **dict.fromkeys(_AMOUNTS, (np.float64, np.nan)),
    **{f"{name}_unit": (np.int32, -1) for name in _AMOUNTS},
    **{f"{name}_whole": (np.bool_, False) for name in _AMOUNTS},
}  # fmt: skip
"""Every column, with its type and what stands where a fact says nothing."""


class FactColumns:
    """Gathers the facts of person after person."""

    def __init__(self, days: Days) -> None:
        """Begin with no fact."""
        self.days, self.words, self.units = days, Words(), Words(longest=10**9, shortest=0)
        self.pieces: dict[str, list[Column]] = {name: [] for name in _EMPTY}

    def take(self, each: Sequence[Sequence[Row]], first: int) -> None:
        """Take the facts of some persons, all or none of them.

        Args:
            each: the facts of each person.
            first: the row of the first person.

        Raises:
            OddError: one of them is not plain.
        """
        facts = list(chain.from_iterable(each))
        if not facts:
            return
        owners = np.repeat(np.arange(first, first + len(each), dtype=np.int32), [len(one) for one in each])
        shapes = _Shapes()
        which = np.fromiter(map(shapes.__getitem__, map(tuple, facts)), np.int16, len(facts))
        order = np.argsort(which, kind="stable")
        sorted_facts = np.empty(len(facts), dtype=object)
        sorted_facts[:] = facts
        sorted_facts, owners = sorted_facts[order], owners[order]
        ends = np.cumsum(np.bincount(which, minlength=len(shapes))).tolist()
        taken = [
            self._group(shape, sorted_facts[start:end].tolist(), owners[start:end])
            for shape, start, end in zip(shapes, [0, *ends], ends, strict=False)
        ]
        for name, (kind, nothing) in _EMPTY.items():
            here = [one[name] if name in one else np.full(len(one["owner"]), nothing, dtype=kind) for one in taken]
            self.pieces[name].append(np.concatenate(here))

    def _group(self, shape: tuple[str, ...], facts: list[Row], owners: Column) -> Pieces:
        """Take facts of the same keys apart."""
        if "term" not in shape or not _KEYS.issuperset(shape) or set(map(type, facts)) != {dict}:
            raise OddError
        cells = dict(zip(shape, zip(*map(dict[str, Any].values, facts), strict=True), strict=True))
        taken: Pieces = {"owner": owners}
        for name, found in cells.items():
            taken |= self._column(name, found)
        if taken["term"].min() < 0:
            raise OddError
        return taken

    def _column(self, name: str, found: Sequence[Any]) -> Pieces:
        """Read one cell of each fact."""
        if name in _WORDS:
            return {name: self.words.numbers(found)}
        if name in _SHOWN_ONLY:
            Words().numbers(set(found))
            return {}
        if name == "value":
            return self._values(found)
        if name in _AMOUNTS:
            present = np.fromiter(map(is_not, found, repeat(None)), np.bool_, len(found))
            return {key: _placed(key, present, read) for key, read in self._amounts(name, found, present).items()}
        return {name: self.days.numbers(found)}

    def _values(self, found: Sequence[Any]) -> Pieces:
        """Read values: a number, a number with its unit, yes or no, a word."""
        kinds = np.fromiter(map(_KINDS.__getitem__, map(type, found)), np.int8, len(found))
        taken: Pieces = {}
        for kind in np.unique(kinds).tolist():
            mask = kinds == kind
            here: dict[str, Column] = {}
            if kind == YES:
                kinds[mask] = np.where(np.array(_kept(found, mask)), YES, NO)
            elif kind == NUMBER:
                here = {"number": _numbers(_kept(found, mask))}
            elif kind == WORD:
                here = {"word": self.words.numbers(_kept(found, mask))}
            elif kind == _AMOUNT:
                amounts = self._amounts("number", found, mask)
                here = {"number": amounts["number"], "unit": amounts["number_unit"]}
            for name, read in here.items():
                taken[name] = _placed(name, mask, read, taken.get(name))
        return taken | {"kind": np.where(kinds == _AMOUNT, NUMBER, kinds).astype(np.int8)}

    def _amounts(self, name: str, found: Sequence[Any], mask: Column) -> Pieces:
        """Read numbers with their units; whether a number was written as a whole one decides how it rounds."""
        amounts: list[Row] = _kept(found, mask)
        if not {"value", "unit"}.issuperset(set[str]().union(*amounts)) or not {dict}.issuperset(map(type, amounts)):
            raise OddError
        numbers = list(map(itemgetter("value"), amounts))
        whole = np.fromiter(map(_is_whole, numbers), np.bool_, len(numbers))
        units = self.units.numbers([one.get("unit") for one in amounts])
        return {name: _numbers(numbers), f"{name}_unit": units, f"{name}_whole": whole}

    def whole(self, first: Column, last: Column) -> tuple[dict[str, Column], dict[str, Column]]:
        """Give all columns, and which rows are about which term.

        Args:
            first: by the number of a date, the first day that it can be.
            last: the last one.
        """
        found = {name: np.concatenate([np.zeros(0, _EMPTY[name][0]), *here]) for name, here in self.pieces.items()}
        for name in ("on", "until"):
            days = found.pop(name)
            found |= {f"{name}_first": first[days], f"{name}_last": last[days]}
        terms = found.pop("term")
        order = np.argsort(terms, kind="stable")
        names, starts = np.unique(terms[order], return_index=True)
        rows = np.split(order, starts[1:]) if len(names) else []
        listed = self.words.listed
        return found, {listed[name]: here for name, here in zip(names.tolist(), rows, strict=True)}


class _Shapes(dict[tuple[str, ...], int]):
    """Gives each set of keys a number, the first time that it is met."""

    def __missing__(self, shape: tuple[str, ...]) -> int:
        """Number a new one."""
        number = self[shape] = len(self)
        return number


_is_whole = int.__instancecheck__
"""Tells whether a number was written as a whole one."""


def _kept(found: Sequence[Any], mask: Column) -> list[Any]:
    """Keep what a mask keeps."""
    return list(found) if mask.all() else list(compress(found, mask.tolist()))


def _numbers(given: list[Any]) -> Column:
    """Read numbers.

    Raises:
        OddError: one is none, or too large.
    """
    if not {int, float}.issuperset(map(type, given)):
        raise OddError
    numbers = np.array(given, dtype=np.float64)
    if len(numbers) and np.abs(numbers).max() > LARGEST:
        raise OddError
    return numbers


def _placed(name: str, mask: Column, read: Column, before: Column | None = None) -> Column:
    """Put what was read where it belongs among all."""
    kind, nothing = _EMPTY[name]
    column = np.full(len(mask), nothing, dtype=kind) if before is None else before
    column[mask] = read
    return column
