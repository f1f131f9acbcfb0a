"""What simulations in calendar time say: the usual characteristics, and the duration as a distribution."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np

from earlyphase.escalation.batch import Ints
from earlyphase.escalation.characteristics import Characteristics, MonteCarloError
from earlyphase.escalation.exact import Floats
from earlyphase.escalation.showing import html_table

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles of the duration that are given."""


class Chunk(NamedTuple):
    """What became of some studies: a column for each."""

    mtd: Ints
    patients: Ints
    """A row for each dose."""
    dlts: Ints
    duration: Floats
    enrolled: Ints
    """Everyone who was enrolled, those included who were replaced."""


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a study takes, as a distribution. Units: days."""

    mean: float
    sd: float
    quantiles: tuple[tuple[float, float], ...]
    """Shares of 1 with the duration that so many studies do not exceed."""
    mcse: float
    """The Monte Carlo standard error of the mean."""


@dataclass(frozen=True, slots=True)
class TimedCharacteristics:
    """What a design does under one truth in calendar time."""

    counts: Characteristics
    duration: Duration
    enrolled: float
    """Participants enrolled on average, those who were replaced included."""
    trials: int
    patients_mcse: tuple[float, ...]
    """The Monte Carlo standard errors of the participants at each dose."""

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return self.to_html()

    def to_html(self) -> str:
        """Write the counts and the duration.

        Source: bookkeeping.
        """
        rows = [(f"{share:.0%}", f"{days:.0f}") for share, days in self.duration.quantiles]
        mean = f"{self.duration.mean:.0f} ± {self.duration.mcse:.1f}"
        note = f"Mean {mean} days (± Monte Carlo standard error); {self.enrolled:.1f} enrolled on average."
        return self.counts.to_html() + html_table(("Share of studies", "Over after days"), rows, note)


def summed(chunks: Iterable[Chunk], truth: tuple[float, ...], tolerable: float | None = None) -> TimedCharacteristics:
    """Sum up what became of all studies.

    Units: days; participants; probability.

    Source: Morris 2019, Stat Med 38:2074, for the Monte Carlo standard errors.
    """
    mtd, patients, dlts, duration, enrolled = (np.concatenate(column, axis=-1) for column in zip(*chunks, strict=True))
    trials = len(mtd)
    chosen = np.bincount(mtd, minlength=len(truth) + 1) / trials
    total = patients.sum(axis=0, dtype=np.int64)
    errors = np.sqrt(chosen * (1 - chosen) / trials).tolist()
    above = patients[np.array(truth) > (1 if tolerable is None else tolerable)].sum(axis=0, dtype=np.int64)
    counts = Characteristics(
        truth=truth,
        no_mtd=float(chosen[0]),
        select=tuple(chosen[1:].tolist()),
        patients=tuple(patients.mean(axis=1).tolist()),
        dlts=tuple(dlts.mean(axis=1).tolist()),
        total_patients=float(total.mean()),
        total_distribution=_distribution(total),
        overdosed_distribution=() if tolerable is None else _distribution(above),
        method="simulated",
        mcse=MonteCarloError(errors[0], tuple(errors[1:]), _error(total)),
    )
    spread = tuple(_error(row) for row in patients)
    return TimedCharacteristics(counts, _duration(duration), float(enrolled.mean()), trials, spread)


def _duration(days: Floats) -> Duration:
    """Describe the duration."""
    found = np.quantile(days, QUANTILES).tolist()
    quantiles = tuple(zip(QUANTILES, found, strict=True))
    return Duration(float(days.mean()), float(days.std(ddof=1)), quantiles, _error(days))


def _error(figures: Floats | Ints) -> float:
    """Give the standard error of a mean."""
    return float(figures.std(ddof=1)) / sqrt(len(figures))


def _distribution(numbers: Ints) -> tuple[tuple[int, float], ...]:
    """Give each number with its share."""
    found, times = np.unique(numbers, return_counts=True)
    return tuple((int(number), float(count) / len(numbers)) for number, count in zip(found, times, strict=True))
