"""Two readings of the criteria on one population, side by side: what a changed criterion would do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from earlyphase.eligibility.crowd import MET
from earlyphase.eligibility.population import Narrowed
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


def moved_together(
    ids: Sequence[str], before: Narrowed, after: Narrowed, pairs: Sequence[tuple[str, str]]
) -> tuple[Moved, ...]:
    """List who of a population stands otherwise after a change, and by which criteria.

    Args:
        ids: the persons.
        before: how the population narrows before the change.
        after: how it narrows after.
        pairs: the criteria that belong together, by their ids before and after.
    """
    here = {new: before.fits[old] for old, new in pairs if old in before.fits}
    paired = {old for old, new in pairs if new in after.fits}
    lone = {f"{name} (gone)": found for name, found in before.fits.items() if name not in paired}
    settled = np.full(len(ids), MET, dtype=np.int8)
    both = {name: (here.get(name, settled), found) for name, found in after.fits.items()}
    both |= {name: (found, settled) for name, found in lone.items()}
    differs = {name: one != other for name, (one, other) in both.items()}
    touched = np.flatnonzero(np.any([before.eligible != after.eligible, *differs.values()], axis=0)).tolist()
    return tuple(
        Moved(
            ids[who],
            before.standing(who),
            after.standing(who),
            tuple(name for name, which in differs.items() if which[who]),
        )
        for who in touched
    )


def _differing(one: Screening, other: Screening) -> tuple[str, ...]:
    here, there = ({result.id: result.verdict for result in each.results} for each in (one, other))
    return tuple(name for name in {**here, **there} if here.get(name) is not there.get(name))
