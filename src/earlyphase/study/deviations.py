"""What was done although the protocol says no, and who is in the study although the recorded facts keep them out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.study.evidence import barred_now, in_words
from earlyphase.study.state import Study


@dataclass(frozen=True, slots=True)
class Deviation:
    """An act that was recorded as a protocol deviation."""

    participant: str
    act: str
    on: dt.date
    because: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        return f"{self.participant}: {self.act} on {self.on}: {self.because}"


@dataclass(frozen=True, slots=True)
class NotEligible:
    """An enrolled participant whom a criterion keeps out by the facts as they stand now."""

    participant: str
    on: dt.date
    """The day of the enrolment."""
    criterion: str
    verdict: str
    evidence: str
    deviation: bool
    """Whether the enrolment was recorded as a deviation."""

    @property
    def what(self) -> str:
        """Say which criterion is not as it must be, and by which facts."""
        return f"{self.criterion} is {self.verdict}: {self.evidence}"

    def __str__(self) -> str:
        """Say it in a sentence, with what to do."""
        said = f"{self.participant} is enrolled, and {self.what}."
        if self.deviation:
            return f"{said} The enrolment is recorded as a protocol deviation."
        return f"{said} Correct the facts if they are wrong; else correct the enrolment: it is a protocol deviation."


def deviations(study: Study) -> Iterator[Deviation]:
    """Find every act that was recorded as a deviation."""
    for person in study.participants.values():
        for act, payload in (("enrolment", person.enrolment), ("infusion", person.infusion)):
            if payload is not None and payload.deviation is not None:
                yield Deviation(person.id, act, payload.on, payload.deviation)


def not_eligible(study: Study) -> Iterator[NotEligible]:
    """Find every enrolled participant whom the facts as they stand keep out."""
    for person in study.enrolled:
        enrolment = person.enrolment
        if enrolment is not None:
            for rule, found in barred_now(study, person):
                deviates = enrolment.deviation is not None
                yield NotEligible(person.id, enrolment.on, rule.id, found.verdict, in_words(found), deviates)
