"""3+3 against simFastBOIN's closed form, bcrm 0.5.4 and escalation 0.2.3; BOIN against a million simulated trials."""

import math

import pytest
from tests.oracle.designs import flag, floats, rows

from earlyphase.escalation import boin
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.options import Options
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant

TRUTHS = {row["scenario"]: floats(row["p_true"]) for row in rows("threeplus3_exact.csv")}
REFERENCE_NAMES = {"previous": Variant.LOWEST_STOP, "expand": Variant.SIX_AT_MTD}
OTHER_NAMES = {
    "escalation-only": Variant.LOWEST_STOP,
    "no de-escalation": Variant.LOWEST_STOP,
    "de-escalation": Variant.EXPAND_BELOW,
    "allow_deescalate": Variant.EXPAND_BELOW,
}


def three_plus_three(variant, truth):
    return characteristics(every_end(ThreePlusThree(len(truth), variant)), [truth])[0]


@pytest.mark.parametrize("row", rows("threeplus3_exact.csv"), ids=lambda row: f"{row['scenario']}-{row['mtd_rule']}")
def test_3_plus_3_equals_the_closed_form(row):
    ours = three_plus_three(REFERENCE_NAMES[row["mtd_rule"]], floats(row["p_true"]))
    exactly = {"abs": 1e-12, "rel": 0}
    assert ours.select == pytest.approx(floats(row["sel"]), **exactly)
    assert ours.no_mtd == pytest.approx(float(row["no_mtd"]), **exactly)
    assert ours.patients == pytest.approx(floats(row["n"]), **exactly)
    assert ours.dlts == pytest.approx(floats(row["y"]), **exactly)
    assert ours.total_patients == pytest.approx(float(row["total_n"]), **exactly)
    assert sum(ours.dlts) == pytest.approx(float(row["total_y"]), **exactly)
    assert ours.no_mtd + sum(ours.select) == pytest.approx(1, **exactly)


@pytest.mark.parametrize(
    "row",
    rows("threeplus3_other_implementations.csv"),
    ids=lambda row: f"{row['scenario']}-{row['implementation']}-{row['variant']}",
)
def test_3_plus_3_equals_other_implementations(row):
    ours = three_plus_three(OTHER_NAMES[row["variant"]], TRUTHS[row["scenario"]])
    assert ours.select == pytest.approx(floats(row["sel"]), abs=1e-12, rel=0)
    assert ours.no_mtd == pytest.approx(float(row["no_mtd"]), abs=1e-12, rel=0)
    assert ours.total_patients == pytest.approx(float(row["mean_n"]), abs=1e-9, rel=0)  # printed to ten decimals


def boin_of(row):
    truth = floats(row["p_true"])
    stop_at = int(row["n_earlystop"])
    return boin.from_options(
        Options(
            doses=len(truth),
            target=float(row["target"]),
            cohorts=int(row["ncohort"]),
            cohort_size=(int(row["cohortsize"]),),
            stop_at=stop_at if stop_at < 100 else None,
            extrasafe=flag(row["extrasafe"]),
            titration=flag(row["titration"]),
            bound_mtd=flag(row["boundMTD"]),
            start=int(row["startdose"]),
        )
    )


@pytest.mark.parametrize(
    "row", rows("boin_oc_simfastboin2core_1e6.csv"), ids=lambda row: f"{row['scenario']}-{row['config']}"
)
def test_boin_lies_within_four_standard_errors_of_a_million_trials(row):
    ours = characteristics(every_end(boin_of(row)), [floats(row["p_true"])])[0]
    trials = float(row["ntrial"])
    simulated = [float(row["stop_pct"]) / 100, *(percent / 100 for percent in floats(row["sel_pct"]))]
    for exact, seen in zip((ours.no_mtd, *ours.select), simulated, strict=True):
        assert abs(exact - seen) <= 4 * math.sqrt(max(exact * (1 - exact), 1 / trials) / trials)
    most = float(row["ncohort"]) * float(row["cohortsize"])
    for exact, seen in zip(ours.patients, floats(row["n"]), strict=True):
        # the variance of a number between 0 and `most` is at most mean × (most − mean)
        assert abs(exact - seen) <= 4 * math.sqrt(max(exact * (most - exact), 1e-6) / trials)
    for exact, seen in zip(ours.dlts, floats(row["y"]), strict=True):
        assert abs(exact - seen) <= 4 * math.sqrt(max(exact * (most - exact), 1e-6) / trials)
