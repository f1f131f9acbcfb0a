"""The three-valued answer to a question about a person, with its evidence and the cause of every unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

_T = TypeVar("_T")


class Verdict(StrEnum):
    """Whether something is true of a person. UNKNOWN never becomes either of the others."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse to be taken for yes or no.

        Raises:
            TypeError: always.
        """
        raise TypeError("a verdict has three values: compare it with MET, NOT_MET or UNKNOWN")

    def negated(self) -> "Verdict":
        """Give the verdict on the opposite."""
        return _OPPOSITE[self]


_OPPOSITE = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET, Verdict.UNKNOWN: Verdict.UNKNOWN}


def verdict_of(truth: bool) -> Verdict:  # noqa: FBT001 - a truth value is what it turns
    """Turn a plain truth into a verdict."""
    return Verdict.MET if truth else Verdict.NOT_MET


class Cause(StrEnum):
    """Why something is unknown."""

    MISSING = "missing"
    """Nothing is recorded, or not all that is needed."""
    STALE = "stale"
    """What is recorded is too old."""
    UNIT = "unit"
    """A value has no unit, or one that does not convert."""
    CONFLICT = "conflict"
    """Facts contradict one another, or lie in the future or before birth."""
    UNDERSPECIFIED = "underspecified criterion"
    """The text does not say what is meant: nobody can evaluate it."""
    NOT_DUE = "not due yet"
    """The day that it depends on has not come."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a verdict rests on."""

    about: str
    """The term, or the text of a statement."""
    value: str
    """As it was recorded; with the converted value where units differ."""
    on: str | None
    source: str | None
    because: str
    """What it was compared with: `<= 51 µmol/L`."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Need:
    """What would settle an unknown: a test or a question, and what it must give."""

    test: str
    about: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why something is unknown, and what would settle it."""

    cause: Cause
    about: str
    says: str
    need: Need


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with what it rests on."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    unknowns: tuple[Unknown, ...] = ()

    def negated(self) -> "Answer":
        """Give the answer to the opposite question."""
        return Answer(self.verdict.negated(), self.evidence, self.unknowns)


def both(answers: Iterable[Answer]) -> Answer:
    """Answer whether all is so: NOT_MET as soon as one is not; UNKNOWN only where that decides."""
    return _combined(tuple(answers), Verdict.NOT_MET)


def either(answers: Iterable[Answer]) -> Answer:
    """Answer whether anything is so: MET as soon as one is."""
    return _combined(tuple(answers), Verdict.MET)


def _combined(answers: tuple[Answer, ...], decisive: Verdict) -> Answer:
    """Combine by Kleene: the decisive verdict wins, else an unknown, else the other one."""
    deciding = [answer for answer in answers if answer.verdict is decisive]
    unknown = [answer for answer in answers if answer.verdict is Verdict.UNKNOWN]
    verdict = decisive if deciding else Verdict.UNKNOWN if unknown else decisive.negated()
    shown = deciding or answers
    evidence = shown[0].evidence if len(shown) == 1 else _once(one for answer in shown for one in answer.evidence)
    if verdict is not Verdict.UNKNOWN:
        return Answer(verdict, evidence)
    return Answer(verdict, evidence, _once(one for answer in unknown for one in answer.unknowns))


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    """Drop what stands twice: a fact can answer two questions of one criterion."""
    return tuple(dict.fromkeys(items))
