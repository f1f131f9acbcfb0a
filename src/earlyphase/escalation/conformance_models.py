"""The comparisons of designs that rest on a model or on time."""

from collections.abc import Iterator

import numpy as np

from earlyphase.escalation.batch import States
from earlyphase.escalation.boin12 import Tradeoff, desirability_scores
from earlyphase.escalation.conformance_pairs import Pair, Rows, each, floats, ints
from earlyphase.escalation.crm import Crm, Method
from earlyphase.escalation.decision_table import eliminated
from earlyphase.escalation.notation import parse_outcomes, tally
from earlyphase.escalation.one_parameter import OneParameter
from earlyphase.escalation.options import Options
from earlyphase.escalation.skeletons import Model, Scale, indifference_skeleton
from earlyphase.escalation.tite_boin import WAITS, TiteBoin, timed_from_options
from earlyphase.escalation.tite_crm import Scheme, TiteCrm
from earlyphase.escalation.two_parameter import Prior, TwoParameter
from earlyphase.escalation.underway import Underway

CLOSE = {Method.BAYES: 1e-6, Method.MLE: 1e-3}
"""How far estimates may lie apart; dfcrm's optimiser stops at 1e-4."""

TIGHT = 1e-12
"""For figures that are computed in closed form."""

MCMC = 0.0075
"""One and a half of the standard error of 0.005 that the interval chances have."""

INTERVAL = (0.2, 0.35)
"""The target interval of the BLRM's outputs."""

BLRM = TwoParameter((1.0, 2.0, 4.0, 8.0, 16.0), 8.0, Prior(-0.85, 1.5, 0.0, 1.0))
"""The model of the BLRM's outputs: found by fitting, as the file does not name it; all of its values are round."""

PRINTED = 0.0051
"""Published thresholds of follow-up have two decimals."""

STEPS = {1: "E", 0: "S", -1: "D", WAITS: "SUS"}
"""The letters of the published tables."""


def skeletons(rows: Rows) -> Iterator[Pair]:
    """Compare every skeleton.

    Source: dfcrm 0.2-2.1 `getprior`.
    """
    for row in rows:
        scale = Scale(Model(row["model"]), float(row["intcpt"]))
        target, halfwidth = float(row["target"]), float(row["halfwidth"])
        made = indifference_skeleton(target, halfwidth, int(row["nu"]), int(row["nlevel"]), scale)
        yield from each(made, floats(row["prior"]), TIGHT)


def crm(rows: Rows) -> Iterator[Pair]:
    """Compare estimates, DLT probabilities and doses of the CRM.

    Source: dfcrm 0.2-2.1 `crm`.
    """
    for row in rows:
        design = _crm(row, float(row["scale"]), float(row["intcpt"]))
        evaluable, dlts = np.zeros((1, design.doses), np.int64), np.zeros((1, design.doses), np.int64)
        np.add.at(evaluable[0], np.array(ints(row["level"])) - 1, 1)
        np.add.at(dlts[0], np.array(ints(row["level"])) - 1, ints(row["tox"]))
        states = States(evaluable, dlts, np.array([1]))
        fit, close = design.fit(states), CLOSE[design.method]
        yield Pair(float(fit.parameter[0]), float(row["estimate"]), close)
        yield from each(fit.chances[0].tolist(), floats(row["ptox"]), close)
        yield Pair(int(np.argmin(np.abs(fit.chances[0] - design.target))) + 1, int(row["mtd"]))


def tite_crm(rows: Rows) -> Iterator[Pair]:
    """Compare estimates, DLT probabilities and doses of the TITE-CRM.

    Source: dfcrm 0.2-2.1 `titecrm`.
    """
    for row in rows:
        crm_design = _crm(row)
        design = TiteCrm(crm_design, Scheme(row["scheme"]), most=len(ints(row["level"])) + 1)
        underway, close = _underway(row, design.doses), CLOSE[crm_design.method]
        parameter, _ = design.fit(underway)
        yield Pair(float(parameter[0]), float(row["estimate"]), close)
        yield from each(crm_design.model.chances(parameter)[0].tolist(), floats(row["ptox"]), close)
        yield Pair(int(design.decide(underway).dose[0]), int(row["mtd"]))


def blrm(rows: Rows) -> Iterator[Pair]:
    """Compare posterior means, standard deviations and interval chances of the BLRM.

    Source: trialr 0.1.5; crmPack 2.2.1.
    """
    for row in rows:
        seen = tally(parse_outcomes(row["outcomes"]), len(BLRM.amounts))
        counts = np.array(seen.doses, np.float64)
        found = BLRM.fit(counts[None, :, 0], counts[None, :, 1], INTERVAL)
        for ours, column in zip(found, ("mean", "sd", "p_under20", "p_target", "p_over35"), strict=True):
            yield from each(ours[0].tolist(), floats(row[column]), MCMC)


def boin12(rows: Rows) -> Iterator[Pair]:
    """Compare the desirability scores of BOIN12.

    Source: escalation 0.2.3.
    """
    sizes = tuple(sorted({int(row["Patients"]) for row in rows}))
    ours = {score[:3]: score.rank for score in desirability_scores(Tradeoff(0.35), sizes)}
    for row in rows:
        key = (int(row["Patients"]), int(row["Toxicity"]), int(row["Efficacy"]))
        yield Pair(ours[key], float(row["RDS"]) if row["Admissible"] == "Admissible" else None)


def tite_boin(rows: Rows) -> Iterator[Pair]:
    """Compare every cell of the published tables of TITE-BOIN.

    Source: Yuan 2018, Clin Cancer Res 24:4921, tables 1 and S1.
    """
    for row in rows:
        design, n = timed_from_options(Options(doses=1, target=float(row["target"]))), int(row["n"])
        last = n if row["n_tox_max"] == "NA" else int(row["n_tox_max"])
        for dlts in range(int(row["n_tox_min"]), last + 1):
            most = n if row["n_pending_max"] == "NA" else int(row["n_pending_max"])
            for pending in range(int(row["n_pending_min"]), min(n - dlts, most) + 1):
                yield _cell(design, row, (n, dlts, pending))


def _cell(design: TiteBoin, row: dict[str, str], counts: tuple[int, int, int]) -> Pair:
    """Compare one cell; where it has a threshold of follow-up, just below it and just above."""
    if row["decision"] in ("ES", "SD"):
        edge = float(row["stft_escalate" if row["decision"] == "ES" else "stft_deescalate"])
        found = [_decided(design, counts, edge + side) for side in (-PRINTED, PRINTED)]
        return Pair(" ".join(found), "S E" if row["decision"] == "ES" else "D S")
    found = {_decided(design, counts, share * counts[2]) for share in (0.0, 0.5, 1.0)}
    return Pair(" ".join(sorted(found)), row["decision"])


def _decided(design: TiteBoin, counts: tuple[int, int, int], followed: float) -> str:
    """Give the letter of the published tables."""
    treated, dlts, pending = counts
    if eliminated(design.target, design.cutoff, treated, dlts):
        return "DE"
    step = design.step(np.array([treated]), np.array([dlts]), np.array([pending]), np.array([followed]))
    return STEPS[int(step[0])]


def _crm(row: dict[str, str], scale: float | None = None, intercept: float | None = None) -> Crm:
    """Read the settings of a CRM."""
    plain = OneParameter(tuple(floats(row["prior"])), Model(row["model"]))
    model = plain if scale is None or intercept is None else OneParameter(plain.skeleton, plain.model, scale, intercept)
    return Crm(model, float(row["target"]), Method(row["method"]), cutoff=1, skips=True)


def _underway(row: dict[str, str], doses: int) -> Underway:
    """Read a study under way."""
    level, dlt = np.array(ints(row["level"])), np.array(ints(row["tox"]))[:, None] > 0
    followed = np.array(floats(row["followup"]))[:, None] / float(row["obswin"])
    nobody = np.zeros_like(dlt)
    share = np.where(dlt, 1.0, np.minimum(followed, 1.0))
    return Underway(doses, level[:, None], dlt, share, followed, nobody, nobody, level[-1:])
