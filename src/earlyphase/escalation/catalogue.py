"""Every design by the name that users type, where it is made, and which options it takes."""

import difflib
import importlib
from enum import StrEnum
from typing import NamedTuple

from earlyphase.escalation.design import Design
from earlyphase.escalation.options import Options, given
from earlyphase.faults import InvalidInput


class Kind(StrEnum):
    """What a design's decision depends on, and so how its operating characteristics are had."""

    COUNTS = "exact"
    """On counts alone: operating characteristics are computed."""
    TIME = "simulated"
    """On calendar time, or on efficacy: they are simulated."""


class Entry(NamedTuple):
    """One design: the module whose `from_options` makes it, what it is, which options it takes."""

    module: str
    help: str
    kind: Kind
    options: frozenset[str]
    source: str


BEHAVIOURS = frozenset({"start", "cohort_size", "cohorts", "max_n", "stop_at", "titration", "never_skip"})
"""What can be wrapped around any count-driven design."""

INTERVAL = BEHAVIOURS | {"doses", "target", "cutoff"}
"""What every interval design takes."""

CRM = frozenset(
    {"doses", "target", "cutoff", "skeleton", "prior_mtd", "halfwidth", "model", "method", "prior_sd", "may_skip"}
)
"""What the CRM takes, with and without calendar time."""

TIMED = frozenset({"start", "cohort_size", "cohorts", "max_n", "stop_at"})
"""What the designs that depend on time take for their course."""

CATALOGUE: dict[str, Entry] = {
    "3+3": Entry(
        "earlyphase.escalation.three_plus_three",
        "Cohorts of three, six at most; three variants",
        Kind.COUNTS,
        frozenset({"doses", "variant", "start"}),
        "Storer 1989",
    ),
    "i3+3": Entry(
        "earlyphase.escalation.i3plus3",
        "Intervals on the observed rate, with a look at one DLT fewer",
        Kind.COUNTS,
        INTERVAL | {"margin"},
        "Liu 2020",
    ),
    "mtpi": Entry(
        "earlyphase.escalation.mtpi",
        "mTPI: the interval with the largest unit probability mass",
        Kind.COUNTS,
        INTERVAL | {"margin"},
        "Ji 2010",
    ),
    "mtpi2": Entry(
        "earlyphase.escalation.mtpi2",
        "mTPI-2: the same over intervals of equal width",
        Kind.COUNTS,
        INTERVAL | {"margin"},
        "Guo 2017",
    ),
    "keyboard": Entry(
        "earlyphase.escalation.keyboard",
        "The strongest of equally wide keys",
        Kind.COUNTS,
        INTERVAL | {"margin"},
        "Yan 2017",
    ),
    "boin": Entry(
        "earlyphase.escalation.boin",
        "BOIN, the Bayesian optimal interval design",
        Kind.COUNTS,
        INTERVAL | {"under", "over", "extrasafe", "bound_mtd"},
        "Liu & Yuan 2015",
    ),
    "crm": Entry(
        "earlyphase.escalation.crm",
        "CRM, the continual reassessment method",
        Kind.COUNTS,
        BEHAVIOURS | CRM,
        "O'Quigley 1990",
    ),
    "blrm": Entry(
        "earlyphase.escalation.blrm",
        "BLRM, two-parameter logistic regression with overdose control",
        Kind.COUNTS,
        BEHAVIOURS | {"doses", "amounts", "reference", "prior", "interval", "overdose", "may_skip"},
        "Neuenschwander 2008",
    ),
    "rolling6": Entry(
        "earlyphase.escalation.rolling_six",
        "Rolling six: up to six of a dose at once",
        Kind.TIME,
        frozenset({"doses", "start"}),
        "Skolnik 2008",
    ),
    "tite-boin": Entry(
        "earlyphase.escalation.tite_boin",
        "TITE-BOIN: BOIN that need not wait for the pending",
        Kind.TIME,
        TIMED | {"doses", "target", "cutoff", "under", "over", "bound_mtd"},
        "Yuan 2018",
    ),
    "tite-crm": Entry(
        "earlyphase.escalation.tite_crm",
        "TITE-CRM: the CRM that need not wait for the pending",
        Kind.TIME,
        TIMED | CRM | {"scheme"},
        "Cheung & Chappell 2000",
    ),
    "bf-boin": Entry(
        "earlyphase.escalation.backfill",
        "BF-BOIN: BOIN with backfill at lower doses that responded",
        Kind.TIME,
        TIMED | {"doses", "target", "cutoff", "under", "over", "bound_mtd", "cap"},
        "Zhao 2024",
    ),
    "boin12": Entry(
        "earlyphase.escalation.boin12",
        "BOIN12: toxicity and efficacy, for the optimal biological dose",
        Kind.TIME,
        (TIMED - {"stop_at"}) | {"doses", "target", "cutoff", "under", "over", "efficacy", "utility"},
        "Lin 2020",
    ),
    "table": Entry(
        "earlyphase.escalation.uploaded",
        "Your own decision table, from a CSV file",
        Kind.COUNTS,
        BEHAVIOURS | {"doses", "target", "table"},
        "the user",
    ),
}


def find(name: str) -> Entry:
    """Give the entry of a design.

    Raises:
        InvalidInput: no design has this name; the nearest is named.

    Source: the table `CATALOGUE`.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    near = difflib.get_close_matches(name, CATALOGUE, n=1)
    known = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(CATALOGUE)}."
    raise InvalidInput("design", name, "is not a design.", known)


def build(name: str, options: Options) -> Design:
    """Make a design from its name and a user's options.

    Raises:
        InvalidInput: the name is unknown, or an option is missing, wrong, or not one of this design's.

    Source: as each design.
    """
    entry = find(name)
    for option in sorted(given(options) - entry.options):
        takes = ", ".join(f"--{each.replace('_', '-')}" for each in sorted(entry.options))
        place = f"--{option.replace('_', '-')}"
        raise InvalidInput(place, getattr(options, option), f"is not an option of {name}.", f"It takes {takes}.")
    return importlib.import_module(entry.module).from_options(options)
