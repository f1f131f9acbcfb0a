"""The full set of tables and figures of a study: those of its report, and the further ones."""

import dataclasses

from earlyphase.analysis.blasts import blast_courses
from earlyphase.analysis.competing import compared, further_endpoints
from earlyphase.analysis.laboratory_grades import every_grade, shifts
from earlyphase.analysis.response import derived_courses, differences
from earlyphase.analysis.safety import emergent
from earlyphase.analysis.sensitivity import sensitivity
from earlyphase.analysis.time_to_event import time_to_event
from earlyphase.reports.figures.blasts import spider, waterfall
from earlyphase.reports.figures.grades import grades_over_time
from earlyphase.reports.figures.incidence import cumulative_incidence
from earlyphase.reports.figures.profile import profile
from earlyphase.reports.study_report import Results, curve_figure, study_report
from earlyphase.reports.tables.baseline import baseline_table, disposition_table, exposure_table
from earlyphase.reports.tables.efficacy import time_table
from earlyphase.reports.tables.further_efficacy import (
    competing_table,
    derived_table,
    differences_table,
    landmarks_table,
    queries_table,
)
from earlyphase.reports.tables.posterior import posterior_table
from earlyphase.reports.tables.sensitivity import sensitivity_table
from earlyphase.reports.tables.toxicity import severe_table, shift_table, syndromes_table
from earlyphase.reports.values import Figure, Part, Report, Section
from earlyphase.response.criteria_set import criteria_set
from earlyphase.study.state import Study

SETS = ("ELN 2024", "NCI 2010")
"""The criteria sets that are shown side by side."""


def study_tables(found: Results) -> Report:
    """Put every table and figure of a study together."""
    report = study_report(found)
    more = (_participants(found.study), _toxicity(found.study), _times(found), _responses(found))
    return dataclasses.replace(report, sections=(*report.sections, *more, *_profiles(found.study)))


def _participants(study: Study) -> Section:
    tables = (baseline_table(study), disposition_table(study), exposure_table(study))
    return Section("baseline-section", "Baseline, disposition and exposure", tables)


def _toxicity(study: Study) -> Section:
    events, graded = emergent(study), every_grade(study)
    parts = (severe_table(events), syndromes_table(events), shift_table(shifts(graded)), *_if(grades_over_time(graded)))
    return Section("toxicity-section", "Severe events, CRS, ICANS and laboratory grades", parts)


def _times(found: Results) -> Section:
    """Show landmarks, competing events in both ways, and the endpoints that the protocol does not name."""
    known = {one.endpoint.id for one in found.times}
    further = tuple(
        time_to_event(found.study, one) for one in further_endpoints(found.study.protocol) if one.id not in known
    )
    both = tuple(one for time in found.times if (one := compared(time)) is not None)
    table = dataclasses.replace(
        time_table(further),
        id="time-to-event-further",
        title="Time to event: endpoints that the protocol does not name",
    )
    others = tuple((time, sensitivity(found.study, time)) for time in (*found.times, *further))
    parts: list[Part] = [landmarks_table((*found.times, *further)), competing_table(both), sensitivity_table(others)]
    parts += [figure for time in found.times for figure in _if(cumulative_incidence(time))]
    parts += [table, *(curve_figure(one) for one in further if one.curve.n)]
    return Section("times-section", "Landmarks, competing events, further endpoints", tuple(parts))


def _responses(found: Results) -> Section:
    study = found.study
    first, second = (criteria_set(name) for name in SETS)
    courses = tuple(zip(derived_courses(study, first), derived_courses(study, second), strict=True))
    differing = [
        (one.participant, each) for one, other in courses for each in differences(one, other) if not each.agrees
    ]
    blasts = blast_courses(study)
    parts: tuple[Part, ...] = (
        *(posterior_table(one) for one in found.responses),
        derived_table(courses, (first, second)),
        queries_table([one for one, _ in courses]),
        differences_table(differing, (first, second)),
        *_if(waterfall(blasts)),
        *_if(spider(blasts)),
    )
    lead = "The investigator's response stands; what the findings give under named criteria is shown beside it."
    return Section("response-section", "Response rate by prior, response derived from findings", parts, lead)


def _profiles(study: Study) -> tuple[Section, ...]:
    figures = tuple(figure for person in study.enrolled for figure in _if(profile(person)))
    return (Section("profiles-section", "Participant profiles", figures),) if figures else ()


def _if(figure: Figure | None) -> tuple[Figure, ...]:
    return (figure,) if figure is not None else ()
