"""Designs that rest on a model, exactly, and designs in calendar time, simulated."""

from benchmarks.measurement import Measurement, seconds

from earlyphase.escalation.calendar_time import Truth, simulate_calendar
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_catalogue import build_timed

TRUTH = (0.05, 0.15, 0.30, 0.45, 0.60)


def exactly(name: str, options: Options) -> float:
    """Time the exact operating characteristics of a design."""
    design = build(name, options)
    return seconds(lambda: characteristics(every_end(design), [TRUTH]))


def in_time(name: str, options: Options, trials: int) -> float:
    """Time a simulation with accrual."""
    design = build_timed(name, options)
    return seconds(lambda: simulate_calendar(design, Truth(TRUTH), Conduct(accrual=10, window=90), trials), 1)


def run() -> list[Measurement]:
    """Measure every aim of models and of calendar time."""
    crm = Options(target=0.3, prior_mtd=3, doses=5, halfwidth=0.07, cohorts=10)
    logistic = Options(target=0.3, prior_mtd=3, doses=5, halfwidth=0.07, cohorts=10, model="logistic")
    blrm = Options(amounts=(1, 2, 4, 8, 16), reference=8, cohorts=10)
    boin = Options(target=0.3, doses=5, cohorts=10)
    return [
        Measurement("exact CRM, 5 doses, 10 cohorts of 3", exactly("crm", crm), "s", 0.2),
        Measurement("exact logistic CRM, the same", exactly("crm", logistic), "s"),
        Measurement("exact BLRM with overdose control, the same", exactly("blrm", blrm), "s", 5.0),
        Measurement("100,000 TITE-BOIN studies with accrual", in_time("tite-boin", boin, 100_000), "s", 5.0),
        Measurement("10,000 BOIN studies with accrual", in_time("boin", boin, 10_000), "s"),
        Measurement("10,000 TITE-CRM studies with accrual", in_time("tite-crm", crm, 10_000), "s"),
    ]
