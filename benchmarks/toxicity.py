"""How long grading takes."""

import numpy as np
from benchmarks.measurement import Measurement, seconds

from earlyphase.quantities import Quantity
from earlyphase.toxicity.columns import Columns, grade_rows
from earlyphase.toxicity.laboratory import Background, grade_lab

ROWS = 1_000_000
SEED = 20260503
TERMS = {
    "Anemia": ("g/L", 120.0, 160.0),
    "Neutrophil count decreased": ("/uL", 2000.0, 7000.0),
    "Platelet count decreased": ("10*9/L", 150.0, 400.0),
    "Alanine aminotransferase increased": ("U/L", 5.0, 40.0),
    "Blood bilirubin increased": ("mg/dL", 0.2, 1.2),
    "Creatinine increased": ("umol/L", 50.0, 100.0),
    "Hypokalemia": ("mmol/L", 3.5, 5.0),
    "Hyponatremia": ("mmol/L", 135.0, 145.0),
    "Lipase increased": ("U/L", 10.0, 60.0),
    "Hypocalcemia": ("mg/dL", 8.5, 10.5),
}


def run() -> list[Measurement]:
    """Measure the grading of laboratory values."""
    random = np.random.default_rng(SEED)
    kinds = random.integers(0, len(TERMS), ROWS)
    names, ranges = list(TERMS), list(TERMS.values())
    terms, units = [names[kind] for kind in kinds], [ranges[kind][0] for kind in kinds]
    lln, uln = (np.array([ranges[kind][side] for kind in kinds]) for side in (1, 2))
    values, baseline = (uln * random.lognormal(0, 1, ROWS) for _ in range(2))
    against = Columns(lln, uln, baseline)
    one = Quantity(3.1, "mmol/L"), Background(lln=Quantity(3.5, "mmol/L"))
    return [
        Measurement(
            "grade 1,000,000 laboratory values", seconds(lambda: grade_rows(terms, values, units, against)), "s", 3.0
        ),
        Measurement(
            "grade 1,000 laboratory values one by one",
            seconds(lambda: [grade_lab("Hypokalemia", *one) for _ in range(1000)]),
            "s",
        ),
    ]
