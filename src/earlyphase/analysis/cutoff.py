"""The data cut-off: the clinical day up to which facts count, apart from the moment at which they were known."""

import dataclasses
import datetime as dt

from earlyphase.faults import InvalidInput
from earlyphase.study.state import Facts, Participant, Study


def at_cutoff(study: Study, cutoff: dt.date | None = None) -> tuple[Study, dt.date]:
    """Give the study as its facts were up to and including a clinical day, and that day.

    Args:
        study: the state, as of whichever moment of recording.
        cutoff: the day; by default the day on which the last entry that counts was recorded (the first day of the
            calendar where there is none).

    Raises:
        InvalidInput: the day lies after the last entry: what happened until then is not known.

    Source:
        ICH E9(R1), section A.5; ICH E3, section 9.7: analyses name their data cut-off.
    """
    known = dt.date.fromisoformat(study.recorded_until[:10]) if study.recorded_until else dt.date.min
    day = cutoff or known
    if day > known:
        raise InvalidInput(
            "cut-off",
            str(day),
            f"lies after the last entry, which was recorded on {known}: nobody knows what happened until then."
            if study.recorded_until
            else "has nothing before it: the journal has no entries.",
            "Name an earlier day.",
        )
    people = {name: Participant(name, _until(person.facts, day)) for name, person in study.participants.items()}
    there = {name: person for name, person in people.items() if person.facts}
    return dataclasses.replace(study, participants=there, facts=_until(study.facts, day)), day


def _until(facts: Facts, day: dt.date) -> Facts:
    """Keep what happened by a day, and what has no day of its own."""
    kept = {
        kind: tuple(fact for fact in found if (fact.payload.clinical_date() or day) <= day)
        for kind, found in facts.items()
    }
    return {kind: found for kind, found in kept.items() if found}
