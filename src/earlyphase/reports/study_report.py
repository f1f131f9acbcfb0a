"""The study report: everything that a study's journal says by a cut-off, as tables and figures."""

import datetime as dt
from dataclasses import dataclass

from earlyphase import __version__
from earlyphase.analysis.cutoff import at_cutoff
from earlyphase.analysis.populations import Populations, populations
from earlyphase.analysis.rates import DltRate, ResponseRate, dlt_rates, response_rate
from earlyphase.analysis.safety import emergent
from earlyphase.analysis.time_to_event import TimeToEvent, time_to_event
from earlyphase.dates import MONTH
from earlyphase.protocol.endpoints import Happening
from earlyphase.reports.courses import cohorts, flow_steps, lanes, rungs, turns
from earlyphase.reports.figures import TimeAxis, cohort_flow, escalation_ladder, kaplan_meier, participant_flow, swimmer
from earlyphase.reports.tables.efficacy import response_table, time_table
from earlyphase.reports.tables.escalation import decided, decisions_table, deviations_table, dlt_table
from earlyphase.reports.tables.listings import assumptions_table, participants_table
from earlyphase.reports.tables.populations import populations_table
from earlyphase.reports.tables.safety import by_grade_table, by_level_table, overview_table
from earlyphase.reports.values import Figure, Glance, KeyFigure, Label, Part, Report, Section, Stamp, Statement
from earlyphase.reports.wording import NONE, level, months, months_interval, percent, percent_interval
from earlyphase.study.cohorts import escalation, level_name
from earlyphase.study.state import Study


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is computed of a study at a cut-off."""

    study: Study
    cutoff: dt.date
    populations: Populations
    dlt: tuple[DltRate, ...]
    responses: tuple[ResponseRate, ...]
    times: tuple[TimeToEvent, ...]


def results(study: Study, cutoff: dt.date | None = None) -> Results:
    """Compute the results of a study.

    Args:
        study: the state, as of whichever moment of recording.
        cutoff: the last clinical day that counts; by default the day of the last entry.

    Raises:
        InvalidInput: the cut-off lies after the last entry.
    """
    cut, day = at_cutoff(study, cutoff)
    endpoints = cut.protocol.endpoints
    return Results(
        cut,
        day,
        populations(cut),
        dlt_rates(cut),
        tuple(response_rate(cut, one) for one in endpoints if one.measure == "proportion" and one.responses),
        tuple(time_to_event(cut, one) for one in endpoints if one.measure == "time to event"),
    )


def study_report(found: Results) -> Report:
    """Put the results of a study into a report."""
    study = found.study
    return Report(
        title=study.protocol.title,
        subtitle=f"{study.name}: study report, data cut-off {_day(found.cutoff)}",
        stamp=stamp(study, found.cutoff),
        sections=(
            _glance(found),
            _flow(found),
            _escalation(found),
            _safety(found),
            _efficacy(found),
            Section("participants-section", "Participants", (participants_table(study),)),
            Section(
                "assumptions-section",
                "Assumptions",
                (assumptions_table(study.protocol),),
                "What this report rests on and no source says: the protocol assumes it.",
            ),
        ),
    )


def stamp(study: Study, cutoff: dt.date) -> Stamp:
    """Say what a report was made from."""
    version = study.version or "not activated"
    digest = study.protocols[study.version].sha256[:12] if study.version else ""
    return Stamp(
        study=study.name,
        cutoff=_day(cutoff),
        as_of=study.recorded_until or "",
        entries=study.head.seq,
        head=study.head.hash,
        protocol=f"{version} ({digest}…)" if digest else version,
        software=__version__,
        label=_label(study),
    )


def _label(study: Study) -> Label | None:
    labels = {"study": None, "simulation": Label.SIMULATED, "training": Label.TRAINING}
    return labels[study.purpose] if study.purpose else Label.NOT_ACTIVE


def _day(cutoff: dt.date) -> str:
    return "none" if cutoff == dt.date.min else str(cutoff)


def _glance(found: Results) -> Section:
    groups, whole = found.populations, found.dlt[-1]
    figures = [
        KeyFigure("Consented", str(groups.consented.count)),
        KeyFigure("Enrolled", str(groups.enrolled.count), f"of {found.study.protocol.planned_enrolment.count} planned"),
        KeyFigure("Infused", str(groups.infused.count)),
        KeyFigure("DLT", f"{len(whole.dlts)} of {len(whole.evaluable)}", "DLT-evaluable participants"),
        _recommended(found.study),
        *(_rate(one) for one in found.responses),
        *(_median(one) for one in found.times),
    ]
    return Section("glance", "At a glance", (Glance(tuple(figures)), *_where_it_stands(found.study)))


def _recommended(study: Study) -> KeyFigure:
    last = study.decisions[-1].payload if study.decisions else None
    dose = last.rp2d if last else None
    if dose is None:
        return KeyFigure("Recommended dose", "not yet found")
    return KeyFigure("Recommended dose", level(dose), str(study.protocol.doses.dose(dose)))


def _rate(one: ResponseRate) -> KeyFigure:
    if not one.best:
        return KeyFigure(one.endpoint.title, "nobody yet")
    estimate = one.estimate
    note = f"{percent(estimate.estimate)}, {percent_interval(estimate)} ({estimate.interval})"
    return KeyFigure(one.endpoint.title, f"{len(one.responders)} of {len(one.best)}", note)


def _median(one: TimeToEvent) -> KeyFigure:
    title = f"Median {one.endpoint.title[0].lower()}{one.endpoint.title[1:]}"
    if not one.curve.n:
        return KeyFigure(title, "nobody to follow")
    shown = months(one.median.estimate)
    value = shown if one.median.estimate is None else f"{shown} months"
    limits = months_interval(one.median)
    return KeyFigure(title, value, "" if limits == NONE else f"{limits} ({one.curve.interval.value})")


def _where_it_stands(study: Study) -> tuple[Statement, ...]:
    """Say where the escalation stands."""
    if study.version is None:
        return (Statement("The protocol has not been activated: nothing has happened in this study."),)
    said: list[str] = []
    if study.decisions:
        last = study.decisions[-1].payload
        said.append(f"The committee last decided on {last.on}: {decided(last)}.")
    stands = escalation(study)
    if stands.opening.level is not None:
        open_level = f"Level {level_name(stands.opening.level)} is open for the {stands.opening.phase.value}"
        said.append(f"{open_level}; free slots: {stands.slots_free}.")
    else:
        said.append("No dose level takes participants.")
    said += [f"{one.waiting_for()}." for one in stands.unresolved]
    if study.suspended:
        said.append("The study is suspended.")
    return (Statement(" ".join(said)),)


def _flow(found: Results) -> Section:
    return Section(
        "flow-section",
        "Participant flow",
        (
            participant_flow(flow_steps(found.populations, found.study)),
            *((cohort_flow(cohorts(found.populations, found.study)),) if found.study.enrolled else ()),
            populations_table(found.populations),
        ),
    )


def _escalation(found: Results) -> Section:
    study = found.study
    levels = [(number, level(number)) for number in study.protocol.doses.numbers]
    figures: tuple[Part, ...] = (escalation_ladder(rungs(study), levels, turns(study)),)
    if not study.enrolled:
        figures = (Statement("Nobody has been enrolled: there is no escalation to draw."),)
    tables = (dlt_table(found.dlt, study.protocol), decisions_table(study), deviations_table(study))
    return Section("escalation", "Dose escalation", (*figures, *tables))


def _safety(found: Results) -> Section:
    events = emergent(found.study)
    return Section("safety", "Safety", (overview_table(events), by_level_table(events), by_grade_table(events)))


def _efficacy(found: Results) -> Section:
    parts: list[Part] = [response_table(one) for one in found.responses]
    parts.append(time_table(found.times))
    parts += [curve_figure(one) if one.curve.n else _nobody(one) for one in found.times]
    courses = lanes(found.study)
    parts.append(swimmer(courses) if courses else Statement("Nobody has been infused: there is no course to draw."))
    return Section("efficacy", "Efficacy", tuple(parts))


def _nobody(one: TimeToEvent) -> Statement:
    return Statement(f"{one.endpoint.title}: nobody to follow, so there is no curve.")


def curve_figure(one: TimeToEvent) -> Figure:
    """Draw the curve of a time-to-event endpoint up to its time frame."""
    endpoint = one.endpoint
    axis = TimeAxis(f"Months from {endpoint.origin.value}", MONTH, endpoint.horizon_days / MONTH)
    shows = "Alive" if endpoint.events == frozenset({Happening.DEATH}) else "Without the event"
    return kaplan_meier([("", one.curve)], title=endpoint.title, id=f"km-{endpoint.id.lower()}", axis=axis, shows=shows)
