"""Treatment-emergent: an event that began, or worsened, after treatment had begun."""

import datetime as dt

import pytest

from earlyphase.dates import PartialDate
from earlyphase.toxicity.emergence import Emergence, emergence
from earlyphase.toxicity.events import graded_event

INFUSED = dt.date(2026, 5, 3)


def day(number):
    return INFUSED + dt.timedelta(days=number)


def nausea(onset, grade=1, **more):
    return graded_event("Nausea", "CTCAE v5.0", grade, onset, **more)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (nausea(day(1)), Emergence.NEW),
        (nausea(day(0)), Emergence.NEW),
        (nausea(day(-1)), Emergence.NO),
        (nausea(day(-5), 3, course=[(day(2), 3)]), Emergence.WORSENED),
        (nausea(day(-5), 3, course=[(day(-2), 3), (day(2), 2)]), Emergence.NO),
        (nausea(day(-5), 2, course=[(day(1), 1), (day(9), 2)]), Emergence.WORSENED),
        (nausea(day(-5), 3, course=[(day(-2), 3), (day(-1), 1), (day(2), 3)]), Emergence.NO),
        (nausea(PartialDate(2026, 5)), Emergence.UNKNOWN),
        (nausea(PartialDate(2026, 6)), Emergence.NEW),
        (nausea(PartialDate(2026, 4)), Emergence.NO),
        (nausea(day(-5), 3, course=[(PartialDate(2026, 5), 3)]), Emergence.UNKNOWN),
    ],
)
def test_an_event_is_emergent_when_it_began_or_worsened_after_treatment(event, expected):
    found = emergence(event, INFUSED)
    assert found.emergence is expected, found.reason
    assert found.emergence.emergent is {Emergence.NO: False, Emergence.UNKNOWN: None}.get(expected, True)


def test_the_reason_names_what_worsened():
    found = emergence(nausea(day(-5), 3, course=[(day(2), 3)]), INFUSED)
    assert found.reason == "Nausea worsened from grade 1 to 3 on 2026-05-05."
