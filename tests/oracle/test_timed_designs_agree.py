"""TITE-BOIN against its published tables, TITE-CRM against dfcrm 0.2-2.1, BOIN12 against escalation 0.2.3."""

import csv

import numpy as np
import pytest
from tests.oracle.designs import floats, ints, rows
from tests.reference import reference

from earlyphase.escalation.boin12 import Tradeoff, desirability_scores
from earlyphase.escalation.crm import Crm, Method
from earlyphase.escalation.decision_table import eliminated
from earlyphase.escalation.one_parameter import OneParameter
from earlyphase.escalation.options import Options
from earlyphase.escalation.skeletons import Model
from earlyphase.escalation.tite_boin import WAITS, timed_from_options
from earlyphase.escalation.tite_crm import Scheme, TiteCrm, weights
from earlyphase.escalation.underway import Underway

PUBLISHED = "designs/published_titeboin_tables_yuan2018_chen2025_2026.csv"
PRINTED = 0.0051
"""The thresholds of follow-up are printed to two decimals."""


def decided(design, treated, dlts, pending, followed):
    """Give the letter of the published tables."""
    if eliminated(design.target, 0.95, treated, dlts):
        return "DE"
    step = int(design.step(*(np.array([value]) for value in (treated, dlts, pending, followed)))[0])
    return {1: "E", 0: "S", -1: "D", WAITS: "SUS"}[step]


def cells(row):
    """Give the DLTs and the pending of each cell that a published row stands for."""
    n = int(row["n"])
    least, most = int(row["n_tox_min"]), n if row["n_tox_max"] == "NA" else int(row["n_tox_max"])
    for dlts in range(least, most + 1):
        last = n if row["n_pending_max"] == "NA" else int(row["n_pending_max"])
        for pending in range(int(row["n_pending_min"]), min(n - dlts, last) + 1):
            yield dlts, pending


def test_tite_boin_decides_as_published_cell_by_cell():
    with reference(PUBLISHED).open(newline="") as file:
        published = list(csv.DictReader(file))
    differ, seen = [], 0
    for row in published:
        design, n = timed_from_options(Options(doses=5, target=float(row["target"]))), int(row["n"])
        for dlts, pending in cells(row):
            seen += 1
            if row["decision"] in ("ES", "SD"):
                edge = float(row["stft_escalate" if row["decision"] == "ES" else "stft_deescalate"])
                found = [decided(design, n, dlts, pending, edge + side) for side in (-PRINTED, PRINTED)]
                wanted = ["S", "E"] if row["decision"] == "ES" else ["D", "S"]
            else:
                found = [decided(design, n, dlts, pending, share * pending) for share in (0.0, 0.5, 1.0)]
                wanted = [row["decision"]] * 3
            differ += [(row["target"], n, dlts, pending, found, wanted)] if found != wanted else []
    assert (seen, differ) == (557, [])


def under_way(row, doses):
    dlt = np.array(ints(row["tox"]))[:, None] > 0
    followed = np.array(floats(row["followup"]))[:, None] / float(row["obswin"])
    nobody = np.zeros_like(dlt)
    level = np.array(ints(row["level"]))
    share = np.where(dlt, 1.0, np.minimum(followed, 1.0))
    return Underway(doses, level[:, None], dlt, share, followed, nobody, nobody, level[-1:])


@pytest.mark.parametrize(
    "row", rows("dfcrm_titecrm.csv"), ids=lambda row: "-".join(row[key] for key in ("skeleton", "data", "scheme"))
)
def test_tite_crm_estimates_as_dfcrm(row):
    model = OneParameter(tuple(floats(row["prior"])), Model(row["model"]))
    crm = Crm(model, float(row["target"]), Method(row["method"]), skips=True, cutoff=1)
    design = TiteCrm(crm, Scheme(row["scheme"]), most=100)
    underway, close = under_way(row, crm.doses), 1e-6 if row["method"] == "bayes" else 1e-3
    parameter, _ = design.fit(underway)
    assert weights(underway, design.scheme)[:, 0] == pytest.approx(floats(row["weights"]), abs=1e-14)
    assert parameter[0] == pytest.approx(float(row["estimate"]), abs=close)
    assert model.chances(parameter)[0] == pytest.approx(floats(row["ptox"]), abs=close)
    assert design.decide(underway).dose[0] == int(row["mtd"])


def test_boin12_ranks_as_escalation():
    ours = {score[:3]: score.rank for score in desirability_scores(Tradeoff(0.35), (0, 3, 6, 9, 12))}
    theirs = {
        (int(row["Patients"]), int(row["Toxicity"]), int(row["Efficacy"])): None
        if row["Admissible"] != "Admissible"
        else float(row["RDS"])
        for row in rows("boin12_rds_escalation.csv")
    }
    assert len(theirs) == 168
    assert {key: ours[key] for key in theirs} == theirs
