"""How long every table and figure of a study takes, and adverse-event tables of thousands of participants."""

import datetime as dt
import random
import tempfile
from pathlib import Path

from benchmarks.measurement import Measurement, timed

from earlyphase.analysis.safety import Emergent, EmergentEvent
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocols
from earlyphase.reports.outputs.writing import write_outputs
from earlyphase.reports.study_report import results
from earlyphase.reports.study_tables import study_tables
from earlyphase.reports.tables.safety import by_grade_table, by_level_table, overview_table
from earlyphase.reports.tables.toxicity import severe_table
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.study.reconstruct import reconstruct

STUDY = "NCT06633354"
SEED = 6
PARTICIPANTS, EVENTS_EACH, TERMS, CLASSES = 3000, 10, 400, 26
DAY_0 = dt.date(2026, 1, 1)


def run() -> list[Measurement]:
    """Measure the tables and figures of a whole simulated study, and large adverse-event tables."""
    protocols = read_protocols(study_folder(STUDY))
    study = reconstruct(protocols, simulate(protocols, default_truth(), SEED).read())
    events = many_events()
    made = (overview_table, by_level_table, by_grade_table, severe_table)
    with tempfile.TemporaryDirectory() as folder:
        whole = timed(lambda: write_outputs(study_tables(results(study)), Path(folder)))
    large = timed(lambda: [table(events) for table in made])
    return [
        Measurement("every table and figure of 30 participants, in every format", whole, "s", 15.0),
        Measurement(f"adverse-event tables of {PARTICIPANTS} participants", large, "s", 10.0),
    ]


def many_events() -> Emergent:
    """Draw the events of many participants at three levels."""
    chance = random.Random(SEED)  # noqa: S311 - a measurement, no secret
    names = [f"{number:04d}" for number in range(PARTICIPANTS)]
    level = {name: 1 + place % 3 for place, name in enumerate(names)}
    events: list[EmergentEvent] = []
    for name in names:
        for day in range(EVENTS_EACH):
            term = chance.randrange(TERMS)
            event = AdverseEvent.model_validate(
                {
                    "term": f"Term {term}",
                    "system_class": f"Class {term % CLASSES}",
                    "grade": chance.randint(1, 5),
                    "onset": str(DAY_0 + dt.timedelta(day)),
                    "relatedness": "related",
                }
            )
            events.append(EmergentEvent(len(events) + 1, name, level[name], DAY_0 + dt.timedelta(day), day, event))
    at = tuple((number, tuple(name for name in names if level[name] == number)) for number in (1, 2, 3))
    return Emergent(tuple(events), at, None)
