"""What the ends of an escalation mean under a truth: selection, participants, DLTs, the distribution of the total."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints
from earlyphase.escalation.exact import Ends
from earlyphase.faults import InvalidInput

Floats = NDArray[np.float64]

TRUTHS = 128
"""Truths that are worked through at once, so that their tables stay in the processor's cache."""

BLOCK = 250_000
"""Probabilities that are held at once, ends × truths, for the same reason."""


@dataclass(frozen=True, slots=True)
class MonteCarloError:
    """The standard errors of simulated figures."""

    no_mtd: float
    select: tuple[float, ...]
    total_patients: float


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What a design does under one truth. Where the study has begun, counts are of those still to be treated."""

    truth: tuple[float, ...]
    no_mtd: float
    select: tuple[float, ...]
    """The chance that each dose is called the MTD."""
    patients: tuple[float, ...]
    """Participants expected at each dose."""
    dlts: tuple[float, ...]
    """DLTs expected at each dose."""
    total_patients: float
    total_distribution: tuple[tuple[int, float], ...]
    """Each possible total, with its chance."""
    overdosed_distribution: tuple[tuple[int, float], ...]
    """Each number treated above the highest tolerable probability, with its chance; empty where that was not asked."""
    method: str = "exact"
    mcse: MonteCarloError | None = None

    def stops_before(self, total: int) -> float:
        """Give the chance that fewer are treated than a number.

        Source: the distribution of the total.
        """
        return sum(chance for treated, chance in self.total_distribution if treated < total)

    def overdoses_more_than(self, number: int) -> float:
        """Give the chance that more than a number are treated above the highest tolerable probability.

        Source: the distribution of the overdosed.
        """
        return sum(chance for treated, chance in self.overdosed_distribution if treated > number)


def characteristics(
    ends: Ends, truths: Sequence[Sequence[float]], tolerable: float | None = None
) -> tuple[Characteristics, ...]:
    """Give the operating characteristics under each truth.

    Args:
        ends: from `every_end`.
        truths: the true DLT probability at each dose, in each scenario.
        tolerable: the highest tolerable probability, to count those treated above it.

    Units: probability; participants.

    Returns:
        One result for each truth, in order.

    Raises:
        InvalidInput: a truth is of the wrong length, or not of probabilities.

    Source: sums over the ends of a finite Markov chain; E(DLTs at a dose) = p × E(participants there).
    """
    wanted = checked_truths(truths, ends.doses)
    blocks = range(0, len(wanted), TRUTHS)
    return tuple(one for first in blocks for one in _some(ends, wanted[first : first + TRUTHS], tolerable))


def _some(ends: Ends, truths: Floats, tolerable: float | None) -> list[Characteristics]:
    """Give the operating characteristics under a few truths at once."""
    total = ends.total()
    totals = np.flatnonzero(np.bincount(total))
    total_at = np.searchsorted(totals, total)
    sums = np.zeros((2 * ends.doses + 1 + len(totals), len(truths)))
    over = [dict[int, float]() for _ in truths]
    tables, rows = _tables(ends, truths), max(1, BLOCK // max(1, len(truths)))
    for first in range(0, len(ends.weight), rows):
        part = slice(first, first + rows)
        chance = _chances(ends, part, tables)
        sums += _indicators(ends, part, total_at, len(totals)).T @ chance
        if tolerable is not None:
            _count_overdosed(ends.evaluable[part], chance, truths > tolerable, over)
    return [
        _one(truth, column, totals, dict(sorted(counts.items())))
        for truth, column, counts in zip(truths, sums.T, over, strict=True)
    ]


def checked_truths(truths: Sequence[Sequence[float]], doses: int, place: str = "--truth") -> Floats:
    """Refuse truths that are of the wrong length, or not of probabilities.

    Returns:
        A row for each truth.

    Raises:
        InvalidInput: with the value at fault.

    Source: arithmetic.
    """
    for number, truth in enumerate(truths, start=1):
        if len(truth) != doses:
            rule = f"has {len(truth)} values, but there are {doses} doses."
            raise InvalidInput(f"{place} {number}", ",".join(f"{p:g}" for p in truth), rule, "Give one for each dose.")
        for p in truth:
            if not 0 <= p <= 1:
                raise InvalidInput(f"{place} {number}", p, "is not between 0 and 1.", "Give DLT probabilities.")
    return np.asarray(truths, np.float64).reshape(len(truths), doses)


def _tables(ends: Ends, truths: Floats) -> list[Floats]:
    """Give p^dlts × (1 − p)^others for each dose: a row for each pair of others and DLTs, a column for each truth."""
    tables: list[Floats] = []
    for dose, p in enumerate(truths.T):
        exponents = np.arange(int(ends.evaluable[:, dose].max(initial=0)) + 1)[:, None]
        tables.append(((1 - p) ** exponents)[:, None] * p**exponents)
    return [table.reshape(-1, len(truths)) for table in tables]


def _chances(ends: Ends, part: slice, tables: list[Floats]) -> Floats:
    """Give the probability of each end under each truth."""
    chance = np.repeat(ends.weight[part, None], tables[0].shape[1], axis=1)
    for dose, table in enumerate(tables):
        side = math.isqrt(len(table))
        hits = ends.dlts[part, dose].astype(np.intp)
        chance *= table[(ends.evaluable[part, dose] - hits) * side + hits]
    return chance


def _indicators(ends: Ends, part: slice, total_at: Ints, totals: int) -> Floats:
    """Give the columns that are summed over the ends: MTD, participants at each dose, total."""
    mtd, rows = ends.mtd[part], np.arange(len(ends.mtd[part]))
    table = np.zeros((len(rows), 2 * ends.doses + 1 + totals))
    table[rows, mtd] = 1
    table[:, ends.doses + 1 : 2 * ends.doses + 1] = ends.evaluable[part]
    table[rows, 2 * ends.doses + 1 + total_at[part]] = 1
    return table


def _count_overdosed(evaluable: Ints, chance: Floats, above: NDArray[np.bool_], into: list[dict[int, float]]) -> None:
    """Add the chances of each number treated above the tolerable probability."""
    for at, doses in enumerate(above):
        number = evaluable[:, doses].sum(axis=1, dtype=np.int64)
        for treated, mass in enumerate(np.bincount(number, chance[:, at])):
            into[at][treated] = into[at].get(treated, 0.0) + float(mass)


def _one(truth: Floats, column: Floats, totals: NDArray[np.int64], over: dict[int, float]) -> Characteristics:
    """Make the result of one truth from its sums."""
    doses = len(truth)
    patients, masses = column[doses + 1 : 2 * doses + 1], column[2 * doses + 1 :]
    return Characteristics(
        truth=tuple(truth.tolist()),
        no_mtd=float(column[0]),
        select=tuple(column[1 : doses + 1].tolist()),
        patients=tuple(patients.tolist()),
        dlts=tuple((patients * truth).tolist()),
        total_patients=float(patients.sum()),
        total_distribution=tuple((int(total), float(mass)) for total, mass in zip(totals, masses, strict=True)),
        overdosed_distribution=tuple(over.items()),
    )
