"""The course of a demonstration is the simulated one, moved to the week before it is opened."""

import datetime as dt
from functools import cache

import pytest

from earlyphase.cli.demonstration_site import busy_part, course_until
from earlyphase.protocol.library import known_studies
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth

SEED = 6


@cache
def simulated():
    protocols = read_protocols(next(iter(known_studies().values())))
    return protocols, simulate(protocols, default_truth(), SEED).read()


@pytest.mark.parametrize("today", [dt.date(2024, 2, 29), dt.date(2026, 11, 29), dt.date(2031, 1, 6)])
def test_it_ends_within_the_week_before_and_is_the_same_course(today):
    protocols, entries = simulated()
    moved, busy = course_until(today, protocols, SEED, entries), busy_part(entries)
    ended = dt.date.fromisoformat(moved[-1].recorded_at[:10])
    assert dt.timedelta(days=1) <= today - ended <= dt.timedelta(days=7)
    assert [(one.record, one.participant) for one in moved] == [(one.record, one.participant) for one in busy]


def test_what_was_not_simulated_yet_is():
    protocols, entries = simulated()
    today = dt.date(2026, 11, 29)
    assert course_until(today, protocols, SEED) == course_until(today, protocols, SEED, entries)
