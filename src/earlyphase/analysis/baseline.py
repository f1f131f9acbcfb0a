"""What was known of each participant before treatment: the last finding of each kind up to the infusion."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.entering import ScreeningFact, ScreeningFacts
from earlyphase.quantities import Quantity
from earlyphase.study.state import Participant


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic of a group of participants."""

    term: str
    """As the screening facts call it: `age`."""
    unit: str
    """Empty for words, and for yes or no."""
    numbers: tuple[tuple[str, float], ...]
    """Who has which number."""
    words: tuple[tuple[str, tuple[str, ...]], ...]
    """Each word, with whom it describes."""
    missing: tuple[str, ...]
    """Of whom it is not known."""


def characteristics(people: Sequence[Participant]) -> tuple[Characteristic, ...]:
    """Describe participants before treatment, by every finding that screening recorded.

    A finding after the infusion does not count. Numbers are given in the unit of the first; one that does not convert
    is missing.

    Source:
        ICH E3, section 11.2: demographic and other baseline characteristics.
    """
    known = {person.id: baseline_of(person) for person in people}
    terms = dict.fromkeys(term for facts in known.values() for term in facts)
    return tuple(_characteristic(term, known) for term in terms)


def baseline_of(person: Participant) -> dict[str, ScreeningFact]:
    """Give the last screening fact of each term up to the infusion.

    Source:
        ICH E9, glossary: baseline is the last before treatment.
    """
    last = person.infusion.on if person.infusion else dt.date.max
    facts = [fact for payload in person.every(ScreeningFacts) for fact in payload.facts if fact.on.earliest <= last]
    return {fact.term: fact for fact in sorted(facts, key=lambda fact: fact.on.earliest)}


def _characteristic(term: str, known: dict[str, dict[str, ScreeningFact]]) -> Characteristic:
    found = {name: facts[term].value for name, facts in known.items() if term in facts}
    values = {name: value for name, value in found.items() if value is not None}
    unit = next((value.unit for value in values.values() if isinstance(value, Quantity)), "")
    numbers = {name: number for name, value in values.items() if (number := _number(value, unit, term)) is not None}
    words = {name: _word(value) for name, value in values.items() if not isinstance(value, Quantity)}
    told = tuple((word, tuple(name for name in words if words[name] == word)) for word in sorted(set(words.values())))
    missing = tuple(name for name in known if name not in numbers and name not in words)
    return Characteristic(term, unit, tuple(numbers.items()), told, missing)


def _number(value: Quantity | bool | str, unit: str, term: str) -> float | None:  # noqa: FBT001 - a finding can be yes or no
    if not isinstance(value, Quantity):
        return None
    try:
        return value.to(unit, term).value if value.unit != unit else value.value
    except InvalidInput:
        return None


def _word(value: Quantity | bool | str) -> str:  # noqa: FBT001 - as above
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
