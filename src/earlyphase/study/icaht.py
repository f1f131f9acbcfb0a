"""ICAHT of a participant, graded from the neutrophil counts of the journal."""

from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import Laboratory
from earlyphase.study.state import Participant
from earlyphase.toxicity.astct import Graded
from earlyphase.toxicity.criteria import criteria_of
from earlyphase.toxicity.icaht import Count, Icaht, grade_icaht

COUNTED = "neutrophils"
"""What is counted, by the name of the criteria table."""


def icaht_grades(person: Participant) -> tuple[Graded, ...]:
    """Give the grades of the phases in which anything was counted: early, then late.

    Source: EHA/EBMT consensus, Rejeski et al. 2023, Blood 142:865.
    """
    found = icaht_of(person)
    both = (found.early, found.late) if found else ()
    return tuple(one for one in both if any(part.finding for part in one.components))


def icaht_of(person: Participant) -> Icaht | None:
    """Grade early and late ICAHT; None before the infusion, and where nothing was counted after it.

    Nothing is graded where one of the counts cannot be: it is shown where it was measured.

    Source: EHA/EBMT consensus, Rejeski et al. 2023, Blood 142:865.
    """
    infusion = person.infusion
    if infusion is None:
        return None
    counts = [
        Count(days_from(infusion.on, sample.on), one.value)
        for sample in person.every(Laboratory)
        if sample.on >= infusion.on
        for one in sample.results
        if any(row.measured == COUNTED for row in criteria_of(one.analyte))
    ]
    died = days_from(infusion.on, person.death.on) if person.death else None
    try:
        return grade_icaht(counts, died) if counts else None
    except InvalidInput:
        return None
