"""The comparisons of designs that a table drives, and of the 3+3."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from earlyphase.escalation import boin
from earlyphase.escalation.batch import States, selection_of
from earlyphase.escalation.boin import STRICTER, boin_limits, boin_table
from earlyphase.escalation.characteristics import Characteristics, characteristics
from earlyphase.escalation.conformance_pairs import Pair, Rows, boundary, each, floats, ints
from earlyphase.escalation.decision_table import Cell
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.i3plus3 import i3plus3_table
from earlyphase.escalation.interval import CUTOFF, Limits
from earlyphase.escalation.isotonic import isotonic
from earlyphase.escalation.keyboard import keyboard_table
from earlyphase.escalation.mtpi import mtpi_table
from earlyphase.escalation.mtpi2 import mtpi2_table
from earlyphase.escalation.options import Options
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant

LETTER = {Cell.ESCALATE: "E", Cell.STAY: "S", Cell.DE_ESCALATE: "D", Cell.ELIMINATE: "D"}

VARIANTS = {
    "previous": Variant.LOWEST_STOP,
    "expand": Variant.SIX_AT_MTD,
    "escalation-only": Variant.LOWEST_STOP,
    "no de-escalation": Variant.LOWEST_STOP,
    "de-escalation": Variant.EXPAND_BELOW,
    "allow_deescalate": Variant.EXPAND_BELOW,
}
"""What other people call the variants of the 3+3."""

TIGHT, LOOSE = 1e-12, 1e-9
"""For figures that are computed, and for those that are printed to ten decimals or fitted."""

LARGEST = 30
"""The last number of participants in the tables."""

LEAST_ELIMINATING = 3
"""Participants from which on a dose is eliminated; Keyboard 0.1.3 eliminates before."""

ERRORS = 4
"""Standard errors within which simulated figures must lie."""

TRUTHS = {
    "S1_mtd3": (0.05, 0.15, 0.30, 0.45, 0.60),
    "S2_mtd1": (0.30, 0.45, 0.55, 0.65, 0.75),
    "S6_cart3": (0.05, 0.15, 0.35),
}
"""The curves that the file of other implementations names."""


def three_plus_three(rows: Rows) -> Iterator[Pair]:
    """Compare every figure of the 3+3.

    Source: simFastBOIN's closed form.
    """
    for row in rows:
        ours = _three(row["mtd_rule"], floats(row["p_true"]))
        yield from each(ours.select, floats(row["sel"]), TIGHT)
        yield from each(ours.patients, floats(row["n"]), TIGHT)
        yield from each(ours.dlts, floats(row["y"]), TIGHT)
        yield Pair(ours.no_mtd, float(row["no_mtd"]), TIGHT)


def three_plus_three_elsewhere(rows: Rows) -> Iterator[Pair]:
    """Compare the selection and the mean total of the 3+3.

    Source: bcrm 0.5.4; escalation 0.2.3.
    """
    for row in rows:
        ours = _three(row["variant"], list(TRUTHS[row["scenario"]]))
        yield from each(ours.select, floats(row["sel"]), TIGHT)
        yield Pair(ours.no_mtd, float(row["no_mtd"]), TIGHT)
        yield Pair(ours.total_patients, float(row["mean_n"]), LOOSE)


def i3plus3(rows: Rows) -> Iterator[Pair]:
    """Compare every decision of the i3+3.

    Source: PhIdesign 0.2.0.
    """
    for row in rows:
        target, low, high = float(row["target"]), float(row["ei_low"]), float(row["ei_high"])
        table = i3plus3_table(Limits(target, low, high), int(row["n"]), cutoff=None)
        ours = LETTER[table.row(int(row["n"])).cell(int(row["x"]))]
        yield Pair(ours.replace("S", "R"), row["decision"])


def mtpi(rows: Rows) -> Iterator[Pair]:
    """Compare every decision of mTPI and mTPI-2.

    Source: escalation 0.2.3.
    """
    for row in rows:
        target, margin, make = float(row["target"]), float(row["eps"]), {"mtpi": mtpi_table, "mtpi2": mtpi2_table}
        around = Limits(target, target - margin, target + margin)
        table = make[row["design"]](around, int(row["n"]), float(row["exclusion"]))
        yield Pair(LETTER[table.row(int(row["n"])).cell(int(row["y"]))], row["decision"])


def keyboard(rows: Rows) -> Iterator[Pair]:
    """Compare every boundary of the keyboard design; elimination from three participants on.

    Source: Keyboard 0.1.3.
    """
    for row in rows:
        target, below, above = (float(row[name]) for name in ("target", "marginL", "marginR"))
        ours = keyboard_table(Limits(target, target - below, target + above), int(row["n"]), CUTOFF).row(int(row["n"]))
        yield Pair(ours.escalate_if_le, boundary(row["escalate_if_le"]))
        yield Pair(ours.deescalate_if_ge, boundary(row["deescalate_if_ge"]))
        if ours.n >= LEAST_ELIMINATING:
            yield Pair(ours.eliminate_if_ge, boundary(row["eliminate_if_ge"]))


def boin_boundaries(rows: Rows) -> Iterator[Pair]:
    """Compare every boundary of BOIN.

    Source: BOIN 2.7.2.
    """
    for row in rows:
        target, cutoff, n = float(row["target"]), float(row["cutoff_eli"]), int(row["n"])
        rates = boin_limits(target)
        ours = boin_table(target, n, rates, cutoff).row(n)
        yield from each(rates, (float(row["lambda_e"]), float(row["lambda_d"])), TIGHT)
        yield Pair(ours.escalate_if_le, boundary(row["escalate_if_le"]))
        yield Pair(ours.deescalate_if_ge, boundary(row["deescalate_if_ge"]))
        yield Pair(ours.eliminate_if_ge, boundary(row["eliminate_if_ge"]))
        strict = boin_table(target, n, rates, cutoff - STRICTER).row(n)
        yield Pair(strict.eliminate_if_ge, boundary(row["extrasafe_stop_if_ge"]))


def boin_selection(rows: Rows) -> Iterator[Pair]:
    """Compare the MTD that is selected; theirs is 99 where there is none.

    Source: BOIN 2.7.2 `select.mtd`.
    """
    for row in rows:
        evaluable, dlts = np.array([ints(row["npts"])]), np.array([ints(row["ntox"])])
        options = Options(
            doses=evaluable.shape[1],
            target=float(row["target"]),
            extrasafe=row["extrasafe"] == "TRUE",
            bound_mtd=row["boundMTD"] == "TRUE",
        )
        ours = int(selection_of(boin.from_options(options), States(evaluable, dlts, np.array([1])))[0])
        yield Pair(ours or 99, int(row["mtd"]))


def boin_characteristics(rows: Rows) -> Iterator[Pair]:
    """Compare exact characteristics with simulated ones.

    Source: simFastBOIN 2.x, a million trials.
    """
    for row in rows:
        truth, trials = floats(row["p_true"]), float(row["ntrial"])
        ours = characteristics(every_end(boin.from_options(_boin_options(row))), [truth])[0]
        chances = (ours.no_mtd, *ours.select)
        theirs = [float(row["stop_pct"]) / 100, *(percent / 100 for percent in floats(row["sel_pct"]))]
        for chance, seen in zip(chances, theirs, strict=True):
            yield Pair(chance, seen, ERRORS * sqrt(max(chance * (1 - chance), 1 / trials) / trials))
        most = float(row["ncohort"]) * float(row["cohortsize"])
        for mean, seen in zip(ours.patients, floats(row["n"]), strict=True):
            yield Pair(mean, seen, ERRORS * sqrt(max(mean * (most - mean), 1e-6) / trials))


def isotonic_fits(rows: Rows) -> Iterator[Pair]:
    """Compare every isotonic fit.

    Source: Iso 0.0-21.
    """
    for row in rows:
        counts = floats(row["npts"])
        raw = np.array(floats(row["ntox"])) / counts
        yield from each(isotonic(floats(row["phat"]), floats(row["w_invvar"])), floats(row["iso_invvar"]), LOOSE)
        yield from each(isotonic(raw, counts), floats(row["iso_n"]), LOOSE)
        yield from each(isotonic(raw), floats(row["iso_unit"]), LOOSE)


def _three(variant: str, truth: list[float]) -> Characteristics:
    """Give the characteristics of the 3+3."""
    return characteristics(every_end(ThreePlusThree(len(truth), VARIANTS[variant])), [truth])[0]


def _boin_options(row: dict[str, str]) -> Options:
    """Read the settings of a simulated BOIN."""
    stop_at = int(row["n_earlystop"])
    return Options(
        doses=len(floats(row["p_true"])),
        target=float(row["target"]),
        cohorts=int(row["ncohort"]),
        cohort_size=(int(row["cohortsize"]),),
        stop_at=stop_at if stop_at < int(row["ncohort"]) * int(row["cohortsize"]) else None,
        extrasafe=row["extrasafe"] == "TRUE",
        titration=row["titration"] == "TRUE",
        bound_mtd=row["boundMTD"] == "TRUE",
        start=int(row["startdose"]),
    )
