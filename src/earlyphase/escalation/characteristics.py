"""What the ends of an escalation mean under a truth: selection, participants, DLTs, the distribution of the total."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from earlyphase.escalation.batch import Ints
from earlyphase.escalation.exact import Ends
from earlyphase.escalation.showing import html_table, svg_bars
from earlyphase.faults import InvalidInput

Floats = NDArray[np.float64]

TRUTHS = 128
"""Truths that are worked through at once, so that their tables stay in the processor's cache."""

MOST_INT16 = 32_767
"""Keys up to this are ordered by counting, not by comparing."""

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

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return self.to_html()

    def to_html(self) -> str:
        """Write it as bars and as a table.

        Source: bookkeeping.
        """
        columns = zip(self.truth, self.select, self.patients, self.dlts, strict=True)
        rows = [
            (f"{dose}", f"{p:.1%}", f"{chosen:.2%}", f"{treated:.2f}", f"{hit:.2f}")
            for dose, (p, chosen, treated, hit) in enumerate(columns, start=1)
        ]
        rows.append(("none", "", f"{self.no_mtd:.2%}", f"{self.total_patients:.2f}", f"{sum(self.dlts):.2f}"))
        error = max(self.mcse.no_mtd, *self.mcse.select) if self.mcse else 0.0
        note = f"Simulated; Monte Carlo standard error of a chance at most {error:.2%}." if self.mcse else "Exact."
        bars = [(f"dose {dose}", (chosen,)) for dose, chosen in enumerate(self.select, start=1)]
        drawn = svg_bars("Chance that each dose is chosen", [*bars, ("none", (self.no_mtd,))], ("chosen as the MTD",))
        return drawn + html_table(("Dose", "True DLT rate", "Chosen as MTD", "Participants", "DLTs"), rows, note)

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
    ordered = _Ordered.of(ends)
    blocks = range(0, len(wanted), TRUTHS)
    return tuple(one for first in blocks for one in _some(ordered, wanted[first : first + TRUTHS], tolerable))


class _Ordered(NamedTuple):
    """The ends in the order of their groups: of one MTD and one total each."""

    ends: Ends
    group: Ints
    """For each end, the number of its group."""
    mtd: Ints
    """For each group."""
    total: Ints
    """For each group."""

    @classmethod
    def of(cls, ends: Ends) -> "_Ordered":
        """Put the ends in the order of their groups."""
        total = ends.total()
        most = int(total.max(initial=0)) + 1
        key = (ends.mtd * most + total).astype(np.int16 if most * (ends.doses + 1) <= MOST_INT16 else np.int64)
        order = np.argsort(key, kind="stable")
        present = np.flatnonzero(np.bincount(key))
        parts = (ends.evaluable[order], ends.dlts[order], ends.weight[order], ends.mtd[order])
        group = np.searchsorted(present, key[order])
        return cls(Ends(ends.seen, *parts), group, present // most, present % most)


def _some(ordered: _Ordered, truths: Floats, tolerable: float | None) -> list[Characteristics]:
    """Give the operating characteristics under a few truths at once."""
    ends = ordered.ends
    groups, patients = np.zeros((len(ordered.mtd), len(truths))), np.zeros((ends.doses, len(truths)))
    over = [dict[int, float]() for _ in truths]
    tables, rows = _tables(ends, truths), max(1, BLOCK // max(1, len(truths)))
    for first in range(0, len(ends.weight), rows):
        part = slice(first, first + rows)
        chance, group = _chances(ends, part, tables), ordered.group[part]
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        groups[group[starts]] += np.add.reduceat(chance, starts, axis=0)
        # einsum, not @: a product this thin is no faster on several threads, and slower where others use them
        patients += np.einsum("ed,et->dt", ends.evaluable[part].astype(np.float64), chance)
        if tolerable is not None:
            _count_overdosed(ends.evaluable[part], chance, truths > tolerable, over)
    return [
        _one(ordered, truth, groups[:, at], patients[:, at], dict(sorted(over[at].items())))
        for at, truth in enumerate(truths)
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


def _count_overdosed(evaluable: Ints, chance: Floats, above: NDArray[np.bool_], into: list[dict[int, float]]) -> None:
    """Add the chances of each number treated above the tolerable probability."""
    for at, doses in enumerate(above):
        number = evaluable[:, doses].sum(axis=1, dtype=np.int64)
        for treated, mass in enumerate(np.bincount(number, chance[:, at])):
            into[at][treated] = into[at].get(treated, 0.0) + float(mass)


def _one(ordered: _Ordered, truth: Floats, groups: Floats, patients: Floats, over: dict[int, float]) -> Characteristics:
    """Make the result of one truth from its sums."""
    chosen, masses = np.bincount(ordered.mtd, groups, len(truth) + 1), np.bincount(ordered.total, groups)
    return Characteristics(
        truth=tuple(truth.tolist()),
        no_mtd=float(chosen[0]),
        select=tuple(chosen[1:].tolist()),
        patients=tuple(patients.tolist()),
        dlts=tuple((patients * truth).tolist()),
        total_patients=float(patients.sum()),
        total_distribution=tuple((int(total), float(masses[total])) for total in np.unique(ordered.total)),
        overdosed_distribution=tuple(over.items()),
    )
