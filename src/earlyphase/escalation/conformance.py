"""Holds every design against other people's software: which, in which version, how many cells, how many differ.

The outputs of that software are read from a folder of CSV files; vectors within a cell are separated by semicolons.
Each comparison yields pairs of our figure and theirs, with how far apart the two may lie.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from earlyphase.escalation.conformance_models import blrm, boin12, crm, skeletons, tite_boin, tite_crm
from earlyphase.escalation.conformance_pairs import Pair, Rows, differs
from earlyphase.escalation.conformance_tables import (
    boin_boundaries,
    boin_characteristics,
    boin_selection,
    i3plus3,
    isotonic_fits,
    keyboard,
    mtpi,
    three_plus_three,
    three_plus_three_elsewhere,
)
from earlyphase.faults import InvalidInput

IN_CHECKOUT = Path(__file__).parents[3] / "tests" / "oracle" / "data" / "designs"


class Comparison(NamedTuple):
    """One comparison: a design, what it is held against, in which file its outputs are."""

    design: str
    held_against: str
    what: str
    file: str
    pairs: Callable[[Rows], Iterator[Pair]]
    shipped: bool = True
    """Whether the file may be shipped; a publication's own table may not."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a comparison came out."""

    design: str
    held_against: str
    what: str
    cells: int
    mismatches: int


EXACT = "to 1e-12"
SIMULATED = "within 4 standard errors of a million trials"
MILLION = "boin_oc_simfastboin2core_1e6.csv"

COMPARISONS = (
    Comparison("3+3", "simFastBOIN's closed form", f"every figure {EXACT}", "threeplus3_exact.csv", three_plus_three),
    Comparison(
        "3+3",
        "bcrm 0.5.4, escalation 0.2.3",
        f"selection {EXACT}",
        "threeplus3_other_implementations.csv",
        three_plus_three_elsewhere,
    ),
    Comparison("i3+3", "PhIdesign 0.2.0", "every decision", "i3plus3_decisions.csv", i3plus3),
    Comparison("mtpi, mtpi2", "escalation 0.2.3", "every decision", "escalation_mtpi_mtpi2_decisions.csv", mtpi),
    Comparison("keyboard", "Keyboard 0.1.3", "every boundary, on three or more", "keyboard_boundaries.csv", keyboard),
    Comparison("boin", "BOIN 2.7.2", "every boundary", "boin_boundaries.csv", boin_boundaries),
    Comparison("boin", "BOIN 2.7.2", "select.mtd", "boin_select_mtd.csv", boin_selection),
    Comparison(
        "boin",
        "simFastBOIN 2.x",
        f"characteristics {SIMULATED}",
        "boin_oc_simfastboin2core_1e6.csv",
        boin_characteristics,
    ),
    Comparison("isotonic regression", "Iso 0.0-21", "every fit to 1e-9", "iso_pava.csv", isotonic_fits),
    Comparison("skeletons", "dfcrm 0.2-2.1", f"every skeleton {EXACT}", "dfcrm_getprior.csv", skeletons),
    Comparison("crm", "dfcrm 0.2-2.1", "estimates to 1e-6 (MLE 1e-3), doses", "dfcrm_crm.csv", crm),
    Comparison("tite-crm", "dfcrm 0.2-2.1", "estimates to 1e-6 (MLE 1e-3), doses", "dfcrm_titecrm.csv", tite_crm),
    Comparison(
        "blrm", "trialr 0.1.5, crmPack 2.2.1", "posteriors within the error of MCMC", "blrm_posteriors_mcmc.csv", blrm
    ),
    Comparison("boin12", "escalation 0.2.3", "desirability scores", "boin12_rds_escalation.csv", boin12),
    Comparison(
        "tite-boin",
        "Yuan 2018, tables 1 and S1",
        "every cell",
        "published_titeboin_tables_yuan2018_chen2025_2026.csv",
        tite_boin,
        shipped=False,
    ),
)


def reference_folder() -> Path:
    """Give the folder of the outputs of other people's software: that of the package, or of the checkout.

    Source: the software that each comparison names.
    """
    home = Path(str(files("earlyphase.escalation"))) / "reference"
    return home if home.is_dir() else IN_CHECKOUT


def conformance(folder: Path, published: Path | None = None) -> tuple[Agreement, ...]:
    """Run every comparison.

    Args:
        folder: where the outputs of other people's software are.
        published: where tables of publications are, which are not shipped; left out where it is None.

    Raises:
        InvalidInput: a file is missing.

    Source: the software and the publications that each comparison names.
    """
    found: list[Agreement] = []
    for one in COMPARISONS:
        place = folder if one.shipped else published
        if place is not None:
            cells, mismatches = counted(one.pairs(_rows(place / one.file)))
            found.append(Agreement(one.design, one.held_against, one.what, cells, mismatches))
    return tuple(found)


def counted(pairs: Iterable[Pair]) -> tuple[int, int]:
    """Count the pairs, and those that differ.

    Source: arithmetic.
    """
    verdicts = [differs(pair) for pair in pairs]
    return len(verdicts), sum(verdicts)


def _rows(path: Path) -> Rows:
    """Read a file."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except OSError as fault:
        remedy = "Give the folder of the reference outputs."
        raise InvalidInput("--data", str(path), f"cannot be read: {fault.strerror}.", remedy) from None
