"""Every cell of the decision tables of BOIN 2.7.2, Keyboard 0.1.3, escalation 0.2.3 and PhIdesign 0.2.0."""

from itertools import groupby
from operator import itemgetter

import pytest
from tests.oracle.designs import boundary, rows

from earlyphase.escalation.boin import STRICTER, boin_limits, boin_table
from earlyphase.escalation.decision_table import Cell
from earlyphase.escalation.i3plus3 import i3plus3_table
from earlyphase.escalation.interval import Limits
from earlyphase.escalation.keyboard import keyboard_table
from earlyphase.escalation.mtpi import mtpi_table
from earlyphase.escalation.mtpi2 import mtpi2_table

LETTER = {Cell.ESCALATE: "E", Cell.STAY: "S", Cell.DE_ESCALATE: "D", Cell.ELIMINATE: "D"}


def grouped(name, *columns):
    key = itemgetter(*columns)
    return [(values, list(group)) for values, group in groupby(sorted(rows(name), key=key), key=key)]


@pytest.mark.parametrize(("given", "cells"), grouped("boin_boundaries.csv", "target", "cutoff_eli"))
def test_boin_has_the_boundaries_of_boin_2_7_2(given, cells):
    target, cutoff = map(float, given)
    rates = boin_limits(target)
    table = boin_table(target, len(cells), rates, cutoff)
    strict = boin_table(target, len(cells), rates, cutoff - STRICTER)
    for cell in cells:
        row = table.row(int(cell["n"]))
        assert rates == pytest.approx((float(cell["lambda_e"]), float(cell["lambda_d"])), abs=1e-14)
        assert row.escalate_if_le == boundary(cell["escalate_if_le"])
        assert row.deescalate_if_ge == boundary(cell["deescalate_if_ge"])
        assert row.eliminate_if_ge == boundary(cell["eliminate_if_ge"])
        assert strict.row(row.n).eliminate_if_ge == boundary(cell["extrasafe_stop_if_ge"])


@pytest.mark.parametrize(("given", "cells"), grouped("keyboard_boundaries.csv", "target", "marginL", "marginR"))
def test_keyboard_has_the_boundaries_of_keyboard_0_1_3(given, cells):
    target, below, above = map(float, given)
    table = keyboard_table(Limits(target, target - below, target + above), len(cells), 0.95)
    for cell in cells:
        row = table.row(int(cell["n"]))
        assert row.escalate_if_le == boundary(cell["escalate_if_le"])
        assert row.deescalate_if_ge == boundary(cell["deescalate_if_ge"])
        # Keyboard eliminates on fewer than three participants; we do not
        assert row.eliminate_if_ge == (boundary(cell["eliminate_if_ge"]) if row.n >= 3 else None)


@pytest.mark.parametrize(
    ("given", "cells"), grouped("escalation_mtpi_mtpi2_decisions.csv", "design", "target", "eps", "exclusion")
)
def test_mtpi_and_mtpi_2_decide_as_escalation_0_2_3(given, cells):
    name, (target, margin, cutoff) = given[0], map(float, given[1:])
    make = {"mtpi": mtpi_table, "mtpi2": mtpi2_table}[name]
    table = make(Limits(target, target - margin, target + margin), 30, cutoff)
    differ = [
        (cell["n"], cell["y"], cell["decision"])
        for cell in cells
        if LETTER[table.row(int(cell["n"])).cell(int(cell["y"]))] != cell["decision"]
    ]
    assert differ == []


@pytest.mark.parametrize(("given", "cells"), grouped("i3plus3_decisions.csv", "target", "ei_low", "ei_high"))
def test_i3_plus_3_decides_as_phidesign_0_2_0(given, cells):
    target, low, high = map(float, given)
    table = i3plus3_table(Limits(target, low, high), 30, cutoff=None)
    for cell in cells:
        decided = LETTER[table.row(int(cell["n"])).cell(int(cell["x"]))]
        assert decided.replace("S", "R") == cell["decision"], (cell["n"], cell["x"])
