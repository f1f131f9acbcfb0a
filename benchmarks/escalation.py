"""Exact operating characteristics of count-driven designs, and simulation where it is asked for."""

import sys
from pathlib import Path

import numpy as np
from benchmarks.measurement import Measurement, run_command, seconds

from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.design import Design
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.options import Options
from earlyphase.escalation.simulate import simulate
from earlyphase.escalation.three_plus_three import Variant

TRUTH = (0.05, 0.15, 0.30, 0.45, 0.60)
SIX = (0.05, 0.10, 0.20, 0.30, 0.45, 0.60)
RISING = np.sort(np.random.default_rng(1).random((2000, 5)), axis=1)


def exactly(design: Design, truth: tuple[float, ...]) -> None:
    """Compute the operating characteristics under one truth."""
    characteristics(every_end(design), [truth])


def run() -> list[Measurement]:
    """Measure every aim that counts alone decide."""
    boin = build("boin", Options(doses=5, target=0.3, cohorts=10, cohort_size=(3,)))
    three = build("3+3", Options(doses=5, variant=Variant.SIX_AT_MTD))
    single = build("boin", Options(doses=6, target=0.3, cohorts=30, cohort_size=(1,)))
    ends = every_end(boin)
    return [
        Measurement("exact BOIN, 5 doses, 10 cohorts of 3", seconds(lambda: exactly(boin, TRUTH)), "s", 0.02),
        Measurement("exact 3+3, 5 doses", seconds(lambda: exactly(three, TRUTH)), "s", 0.02),
        Measurement("2,000 truths from one pass", seconds(lambda: characteristics(ends, RISING.tolist())), "s", 0.3),
        Measurement("exact BOIN, 6 doses, 30 cohorts of 1", seconds(lambda: exactly(single, SIX), 2), "s", 2.0),
        Measurement("a million BOIN trials", seconds(lambda: simulate(boin, TRUTH, 1_000_000, 1)), "s", 1.5),
        Measurement("earlyphase design oc, whole process", whole_process(), "s", 1.0),
    ]


def whole_process() -> float:
    """Time the command from start to end, the best of three."""
    command = Path(sys.executable).with_name("earlyphase")
    options = ("--target", "0.3", "--cohorts", "10", "--cohort-size", "3", "--truth", "0.05,0.15,0.30,0.45,0.60")
    return min(run_command(str(command), "design", "oc", "boin", *options).seconds for _ in range(3))
