"""Two readings of the criteria on one population, side by side: what a changed criterion would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.eligibility.screening import Screening


@dataclass(frozen=True, slots=True)
class Moved:
    """A person whom a change moves."""

    patient: str
    before: str
    after: str
    criteria: tuple[str, ...]
    """The criteria whose verdict differs."""


def moved(before: Sequence[Screening], after: Sequence[Screening]) -> tuple[Moved, ...]:
    """List who stands otherwise after a change, and by which criteria; one that only one reading has counts too."""
    found: list[Moved] = []
    for one, other in zip(before, after, strict=True):
        changed = _differing(one, other)
        if changed or one.eligibility is not other.eligibility:
            found.append(Moved(one.patient, one.eligibility, other.eligibility, changed))
    return tuple(found)


def _differing(one: Screening, other: Screening) -> tuple[str, ...]:
    here, there = ({result.id: result.verdict for result in each.results} for each in (one, other))
    return tuple(name for name in {**here, **there} if here.get(name) is not there.get(name))
