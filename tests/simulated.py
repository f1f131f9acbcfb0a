"""Simulated studies for tests: small protocols, a truth that is said, journals that are kept for the next test."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from tests.builders import SHA, a_protocol

from earlyphase.journal.entry import Entry
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.versions import ProtocolVersion
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import Truth, parse_truth
from earlyphase.study.reconstruct import Reconstruction, reconstruct
from earlyphase.study.state import Study

QUICK = "accrual_per_month: 6\n"
"""Patients come soon, so that a study is short."""


def versions(protocol: Protocol) -> dict[str, ProtocolVersion]:
    """Give a protocol as the only version of its study."""
    return {protocol.version: ProtocolVersion(protocol, SHA)}


def a_truth(dlt: float = 0.2, rising: float = 1.8, more: str = "") -> Truth:
    """Make a truth with a probability of DLT at the starting level, and what else is said."""
    return parse_truth(f"{QUICK}dlt: {{at_start: {dlt}, odds_per_level: {rising}, levels: {{}}}}\n{more}")


@lru_cache(maxsize=64)
def entries_of(
    seed: int, *, variant: str = "six_at_mtd", dlt: float = 0.2, total: int = 12, until: dt.date | None = None
) -> tuple[Entry, ...]:
    """Simulate a small study and give its entries."""
    return simulate(versions(small(variant, total)), a_truth(dlt), seed, until).read()


@lru_cache(maxsize=16)
def small(variant: str = "six_at_mtd", total: int = 12) -> Protocol:
    """Make the protocol of a small study: a visit with blood counts, one with marrow, a short expansion."""
    assumed = {"basis": "assumed", "source": {"document": "builder", "place": "tests"}}
    visits = [
        {"name": name, "day": day, "first": first, "last": last, "assessments": done}
        for name, day, first, last, done in (
            ("Screening", -30, -40, -8, ["vital_signs", "blood_count", "marrow"]),
            ("Day 7", 7, 6, 8, ["blood_count"]),
            ("Day 28", 28, 28, 31, ["blood_count", "marrow", "mrd", "response"]),
            ("Month 3", 91, 84, 98, ["blood_count", "marrow", "response"]),
        )
    ]
    named = {"vital_signs", "blood_count", "marrow", "mrd", "response"}
    return a_protocol(
        variant=variant,
        schedule={**assumed, "assessments": {name: name for name in sorted(named)}, "visits": visits},
        expansion={**assumed, "total": total},
    )


def study_of(seed: int, **options) -> Study:
    """Give the state at the end of a simulated study."""
    protocol = small(options.get("variant", "six_at_mtd"), options.get("total", 12))
    return reconstruct(versions(protocol), entries_of(seed, **options))


def growing(protocol: Protocol, entries: tuple[Entry, ...]) -> Iterator[Study]:
    """Give the state after every entry."""
    fold = Reconstruction(versions(protocol))
    for entry in entries:
        fold.add(entry)
        yield fold.study()
