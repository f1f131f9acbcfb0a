"""How long it takes to grade, and to propose DLTs."""

import datetime as dt
from pathlib import Path

import numpy as np
from benchmarks.measurement import Measurement, seconds

from earlyphase.protocol.dlt import Cause
from earlyphase.protocol.reading import read_protocol
from earlyphase.quantities import Quantity
from earlyphase.toxicity.columns import Columns, grade_rows
from earlyphase.toxicity.dlt import propose_dlt
from earlyphase.toxicity.events import GradedEvent, graded_event
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
    """Measure grading and the proposal of DLTs."""
    return [*grading(), dlts()]


def grading() -> list[Measurement]:
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


PARTICIPANTS = 30
EVENTS = ("CRS", "ICANS", "Neutrophil count decreased", "Platelet count decreased", "Hypokalemia", "Lung infection",
          "Fever", "Nausea", "Hepatic failure", "Anemia", "Fatigue", "Headache")  # fmt: skip


def dlts() -> Measurement:
    """Measure the evaluation of every clause on every event of a study of 30 participants."""
    file = next((Path(__file__).parents[1] / "studies").glob("*/protocol.yaml"))
    definition, infused = read_protocol(file).dlt, dt.date(2026, 5, 3)
    people = [
        [event(term, 1 + (n + k) % 4, infused, n + k) for k, term in enumerate(EVENTS)] for n in range(PARTICIPANTS)
    ]
    until = infused + dt.timedelta(days=60)

    def evaluate() -> None:
        for events in people:
            propose_dlt(definition, events, infused, until)

    return Measurement("propose the DLTs of 30 participants", 1000 * seconds(evaluate), "ms", 50.0)


def event(term: str, grade: int, infused: dt.date, day: int) -> GradedEvent:
    """Make an event of ten days that changes its grade once."""
    begins = infused + dt.timedelta(days=day % 28)
    scale = "ASTCT 2019" if term in ("CRS", "ICANS") else "CTCAE v5.0"
    course = [(begins + dt.timedelta(days=4), max(grade - 1, 1))]
    ends = begins + dt.timedelta(days=10)
    return graded_event(term, scale, grade, begins, resolved=ends, course=course, related=True, cause=Cause.OTHER)
