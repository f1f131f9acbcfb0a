"""The facts of many persons in columns: one row a fact, one row a person. Words and units stand as numbers in them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from earlyphase.dates import PartialDate
from earlyphase.eligibility.facts import LONGEST_WORD
from earlyphase.faults import InvalidInput

Column = NDArray[Any]

NO_DAY = 0
"""Days are counted as `date.toordinal` does, from 1."""

NO_WORD = -1

NOTHING, NO, YES, NUMBER, WORD = range(5)
"""What the value of a fact is."""


class OddError(Exception):
    """A line that is not written as plainly as columns ask for: it is read the long way."""


class Words(dict[str | None, int]):
    """Gives each word a number, the first time that it is met."""

    def __init__(self, *, longest: int = LONGEST_WORD, shortest: int = 1) -> None:
        """Begin with no word at all."""
        super().__init__({None: NO_WORD})
        self.lengths = range(shortest, longest + 1)

    def __missing__(self, word: object) -> int:
        """Number a new word.

        Raises:
            OddError: it is none.
        """
        if type(word) is not str or len(word) not in self.lengths:
            raise OddError
        number = self[word] = len(self) - 1
        return number

    def numbers(self, words: Collection[str | None]) -> Column:
        """Give the number of each word.

        Raises:
            OddError: one is none.
        """
        return np.fromiter(map(self.__getitem__, words), np.int32, len(words))

    @property
    def listed(self) -> tuple[str, ...]:
        """Give the words in the order of their numbers."""
        return tuple(word for word in self if word is not None)


class Days(dict[str | None, int]):
    """Gives each written date a number, and keeps the first and the last day that it can be."""

    def __init__(self) -> None:
        """Begin with no date at all."""
        super().__init__({None: 0})
        self.first, self.last = [NO_DAY], [NO_DAY]

    def __missing__(self, text: object) -> int:
        """Read a new date.

        Raises:
            OddError: it is none.
        """
        if type(text) is not str:
            raise OddError
        try:
            date = PartialDate.parse(text)
        except InvalidInput:
            raise OddError from None
        self.first.append(date.earliest.toordinal())
        self.last.append(date.latest.toordinal())
        number = self[text] = len(self)
        return number

    def numbers(self, dates: Collection[str | None]) -> Column:
        """Give the number of each date.

        Raises:
            OddError: one is none.
        """
        return np.fromiter(map(self.__getitem__, dates), np.int32, len(dates))


class Settled(NamedTuple):
    """A statement that settles a criterion for a person."""

    owner: int
    criterion: str
    met: bool
    day: int
    """The last day on which it can have been made."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The facts of many persons."""

    ids: tuple[str, ...]
    as_of: Column
    """The day on which eligibility is asked, where a person has their own."""
    birth_first: Column
    birth_last: Column
    anchors: Mapping[str, Column]
    """By stage: the day, where it is known."""
    settlements: tuple["Settled", ...]
    """Statements that settle a criterion."""
    facts: Mapping[str, Column]
    """Every column of the facts: `owner`, `on_first`, `value`, …"""
    rows: Mapping[str, Column]
    """By term: which rows of the facts are about it."""
    words: tuple[str, ...]
    """Terms and all words that facts hold."""
    units: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many persons."""
        return len(self.ids)
