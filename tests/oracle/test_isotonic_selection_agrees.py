"""Isotonic fits against Iso 0.0-21, the selected MTD against BOIN 2.7.2."""

import numpy as np
import pytest
from tests.oracle.designs import flag, floats, ints, rows

from earlyphase.escalation import boin
from earlyphase.escalation.batch import States, selection_of
from earlyphase.escalation.isotonic import estimates, isotonic
from earlyphase.escalation.options import Options


@pytest.mark.parametrize("row", rows("iso_pava.csv"))
def test_fits_agree_with_iso(row):
    values, weights, counts = floats(row["phat"]), floats(row["w_invvar"]), floats(row["npts"])
    raw = np.array(floats(row["ntox"])) / counts
    assert isotonic(values, weights) == pytest.approx(floats(row["iso_invvar"]), abs=1e-9)
    assert isotonic(raw, counts) == pytest.approx(floats(row["iso_n"]), abs=1e-9)
    assert isotonic(raw) == pytest.approx(floats(row["iso_unit"]), abs=1e-9)
    assert -isotonic(-raw, counts) == pytest.approx(floats(row["iso_decr_n"]), abs=1e-9)


@pytest.mark.parametrize("row", rows("boin_select_mtd.csv"))
def test_the_mtd_is_that_of_boin(row):
    evaluable, dlts = np.array([ints(row["npts"])]), np.array([ints(row["ntox"])])
    options = Options(
        doses=evaluable.shape[1],
        target=float(row["target"]),
        extrasafe=flag(row["extrasafe"]),
        bound_mtd=flag(row["boundMTD"]),
    )
    selected = selection_of(boin.from_options(options), States(evaluable, dlts, np.array([1])))
    assert (selected[0] or 99) == int(row["mtd"])


@pytest.mark.parametrize("row", rows("boin_select_mtd.csv"))
def test_the_estimates_are_those_of_boin(row):
    evaluable, dlts = np.array([ints(row["npts"])]), np.array([ints(row["ntox"])])
    fit = estimates(evaluable, dlts, evaluable > 0)[0]
    printed = [float(part) if part != "----" else np.nan for part in row["phat_iso_2dp"].split(";")]
    np.testing.assert_allclose(fit, printed, atol=0.005 + 1e-9)
