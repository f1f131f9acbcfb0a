"""One person as criteria see them on a day: the facts by term, what can be used of them, and what cannot and why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from earlyphase.dates import PartialDate
from earlyphase.eligibility.facts import Fact, Patient, Settlement
from earlyphase.eligibility.nodes import Leaf, Saying
from earlyphase.eligibility.verdict import Answer
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.quantities import RoundingPolicy

STATEMENTS = frozenset(kind.value for kind in Saying)
"""Terms of facts that are what somebody says."""


@dataclass(frozen=True, slots=True)
class Person:
    """What an evaluation looks at."""

    id: str
    today: dt.date
    """The day on which eligibility is asked."""
    birth: PartialDate | None
    anchors: Mapping[str, dt.date]
    usable: Mapping[str, tuple[Fact, ...]]
    """By term, in the order of the file."""
    said: Mapping[tuple[str, str], tuple[Fact, ...]]
    """Usable statements, by kind and by what they are about, `folded`."""
    impossible: Mapping[str, tuple[Fact, ...]]
    """Facts from the future or from before birth."""
    settled: Mapping[str, Settlement]
    """Statements of that day or earlier, by the criterion that they settle."""
    known: Vocabulary
    rounding: RoundingPolicy
    answered: dict[tuple[Leaf, str], Answer] = field(default_factory=dict[tuple[Leaf, str], Answer], compare=False)
    """Questions that were asked before: other criteria, and the search for the fewest tests, ask many of them again."""


def person_of(patient: Patient, known: Vocabulary, today: dt.date, rounding: RoundingPolicy) -> Person:
    """Prepare a patient for evaluation.

    Args:
        patient: the patient.
        known: the terms of the study.
        today: the day on which eligibility is asked, where the patient has none of their own.
        rounding: how a converted value meets a limit.
    """
    day = patient.as_of or today
    usable: dict[str, tuple[Fact, ...]] = {}
    impossible: dict[str, tuple[Fact, ...]] = {}
    for fact in patient.facts:
        part = impossible if _impossible(fact, day, patient.birth_date) else usable
        part[fact.term] = (*part.get(fact.term, ()), fact)
    said: dict[tuple[str, str], tuple[Fact, ...]] = {}
    for kind in STATEMENTS:
        for fact in usable.get(kind, ()):
            about = (kind, folded(fact.about or ""))
            said[about] = (*said.get(about, ()), fact)
    anchors = {stage.value: when for stage, when in patient.anchors.items()}
    settled = {one.criterion: one for one in patient.settlements if one.on.latest <= day}
    return Person(patient.id, day, patient.birth_date, anchors, usable, said, impossible, settled, known, rounding)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Compare texts by their words: neither case, nor blanks, nor the full stop matter."""
    return " ".join(text.lower().split()).rstrip(".;")


def _impossible(fact: Fact, today: dt.date, birth: PartialDate | None) -> bool:
    """Tell whether a fact lies in the future, before birth, or ends before it begins."""
    if fact.on is None:
        return False
    before_birth = birth is not None and fact.on.latest < birth.earliest
    backwards = fact.until is not None and fact.until.latest < fact.on.earliest
    return fact.on.earliest > today or before_birth or backwards


def unknown_terms(patient: Patient, known: Vocabulary) -> tuple[str, ...]:
    """List the terms of a patient's facts that no criterion can use, so that a slip of spelling shows."""
    return tuple(sorted({fact.term for fact in patient.facts} - set(known) - STATEMENTS))
