"""Cumulative incidence against R `survival` 3.5-3 (survfit) and `cmprsk` 2.2-11 (cuminc)."""

import json
from pathlib import Path

import numpy as np
import pytest

from earlyphase.analysis.aalen_johansen import aalen_johansen
from earlyphase.analysis.estimates import IncidenceVariance

SETS = json.loads((Path(__file__).parent / "data" / "survival" / "competing_risks_oracle.json").read_text())


@pytest.mark.parametrize("name", SETS)
def test_incidences_and_standard_errors_are_those_of_survfit(name):
    data = SETS[name]
    curve = aalen_johansen(data["time"], data["status"])
    assert curve.times.tolist() == data["cif_time"]
    for row, cause in enumerate("12"):
        np.testing.assert_allclose(curve.incidence[row], data[f"cif{cause}"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(curve.standard_error[row], data[f"se{cause}"], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", SETS)
def test_last_incidence_and_variance_are_those_of_cuminc(name):
    data = SETS[name]
    curve = aalen_johansen(data["time"], data["status"], variance=IncidenceVariance.AALEN)
    assert curve.incidence[0, -1] == pytest.approx(data["cuminc_tail"]["est"], abs=1e-9)
    assert curve.standard_error[0, -1] ** 2 == pytest.approx(data["cuminc_tail"]["var"], abs=1e-9)
