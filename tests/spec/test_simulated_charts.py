"""The bedside charts of virtual participants bear out the grades of their CRS and ICANS."""

import datetime as dt

from tests.simulated import a_truth, small, versions

from earlyphase.journal.payloads.bedside import BedsideChart
from earlyphase.simulation.run import simulate
from earlyphase.study.computed_grades import computed_grades
from earlyphase.study.reconstruct import reconstruct
from earlyphase.toxicity.syndromes import syndrome_of

LATER = dt.date(2100, 1, 1)
CHARTED = ("CRS", "ICANS")

TOXICITIES = """
toxicities:
- {term: Cytokine release syndrome, system_class: Immune system disorders, scale: ASTCT 2019, probability: 1.0,
   grades: [1, 1, 1], onset: {least: 1, most: 5}, lasts: {least: 2, most: 6}, related: true}
- {term: ICANS, system_class: Nervous system disorders, dictionary: ASTCT 2019, scale: ASTCT 2019, probability: 1.0,
   grades: [1, 1, 1], onset: {least: 3, most: 8}, lasts: {least: 1, most: 4}, related: true}
"""


def test_the_chart_bears_out_the_grade_of_every_simulated_syndrome():
    protocols = versions(small())
    study = reconstruct(protocols, simulate(protocols, a_truth(0.0, more=TOXICITIES), 3).read())
    held = 0
    for person in study.participants.values():
        grades = computed_grades(person, LATER)
        for fact in person.adverse_events:
            syndrome = syndrome_of(fact.payload.scale, fact.payload.term)
            if syndrome is None or syndrome.scale.value not in CHARTED:
                continue
            found = grades[fact.entry]
            assert (found.shown, found.differs) == (str(fact.payload.grade), None), (person.id, fact.entry)
            held += 1
    assert held > len(study.enrolled)


def test_nothing_is_charted_before_the_infusion_or_after_the_end_of_observation():
    protocols = versions(small())
    study = reconstruct(protocols, simulate(protocols, a_truth(0.3, more=TOXICITIES), 4).read())
    for person in study.participants.values():
        rows = person.every(BedsideChart)
        assert not rows or person.infusion is not None
        for row in rows:
            assert row.on >= person.infusion.on
            assert person.left_study_on is None or row.on <= person.left_study_on
