"""From the state of a study to what its figures show: steps of the flow, marks of the ladder, lanes of the swimmer."""

import datetime as dt

from earlyphase.analysis.happenings import last_known_alive
from earlyphase.analysis.populations import Members, Populations, assessments, responses_that_count
from earlyphase.dates import days_from
from earlyphase.escalation.design import Act
from earlyphase.journal.payloads.conduct import DoseDecision
from earlyphase.journal.payloads.leaving import NewTherapy, Relapse, Transplant, Withdrawal
from earlyphase.journal.payloads.safety import DltAdjudication
from earlyphase.reports.figures import Cohort, Lane, Loss, Mark, Rung, Stage, Step, Turn
from earlyphase.reports.tables.escalation import decided
from earlyphase.reports.wording import level
from earlyphase.study.standing import DltState, standings
from earlyphase.study.state import Participant, Study


def flow_steps(groups: Populations, study: Study) -> tuple[Step, ...]:
    """Give the steps from consent to the DLT-evaluable."""
    chain = (groups.consented, groups.enrolled, groups.infused, groups.dlt_evaluable)
    return tuple(
        Step(
            members.name[0].upper() + members.name[1:],
            members.count,
            tuple(Loss(lost.reason, len(lost.participants)) for lost in (after.lost if after else ())),
            _by_level(members, study) if members is not groups.consented else (),
        )
        for members, after in zip(chain, (*chain[1:], None), strict=True)
    )


def _by_level(members: Members, study: Study) -> tuple[str, ...]:
    """Count a population by dose level, three levels to a line."""
    counts = [
        (number, sum(study.participants[name].level == number for name in members.participants))
        for number in study.protocol.doses.numbers
    ]
    told = [f"{level(number)}: {count}" for number, count in counts if count]
    return tuple("   ".join(told[place : place + 3]) for place in range(0, len(told), 3))


def cohorts(groups: Populations, study: Study) -> tuple[Cohort, ...]:
    """Give the cohorts in order: who was assigned one level between two decisions, and what became of them."""
    order = standings(study)
    taken = [fact.entry for fact in study.decisions]
    keys = {one.participant: (sum(entry < one.enrolled_entry for entry in taken), one.level) for one in order}
    found: list[Cohort] = []
    for turn, number in dict.fromkeys(keys.values()):
        people = tuple(name for name, key in keys.items() if key == (turn, number))
        last = not any(key[0] == turn and key[1] != number and key > (turn, number) for key in keys.values())
        decided = _decided(study.decisions[turn].payload) if last and turn < len(study.decisions) else ""
        dose = str(study.protocol.doses.dose(number))
        found.append(Cohort(level(number), dose, _stages(groups, study, people), decided))
    return tuple(found)


def _stages(groups: Populations, study: Study, people: tuple[str, ...]) -> tuple[Stage, ...]:
    with_dlt = {one.participant for one in standings(study) if one.state is DltState.DLT}
    dlts = sum(name in with_dlt for name in people)

    def stage(members: Members, label: str, note: str = "") -> Stage:
        mine = sum(name in members.participants for name in people)
        losses = ((lost.reason, sum(name in lost.participants for name in people)) for lost in members.lost)
        return Stage(label, mine, tuple(Loss(reason, count) for reason, count in losses if count), note)

    return (
        Stage("Assigned", len(people)),
        stage(groups.infused, "Infused"),
        stage(groups.dlt_evaluable, "DLT-evaluable", f"with a DLT: {dlts}"),
        stage(groups.efficacy_evaluable, "Efficacy-evaluable"),
    )


def _decided(decision: DoseDecision) -> str:
    return f"Decision of {decision.on}: {decided(decision)}"


def rungs(study: Study) -> tuple[Rung, ...]:
    """Give every enrolled participant with their level and DLT status, in the order of enrolment."""
    return tuple(Rung(one.participant, one.level, one.state) for one in standings(study))


def turns(study: Study) -> tuple[Turn, ...]:
    """Give the decisions, each after the participants who were enrolled before it."""
    order = [one.enrolled_entry for one in standings(study)]
    return tuple(Turn(sum(entry < fact.entry for entry in order), _turn(fact.payload)) for fact in study.decisions)


def _turn(decision: DoseDecision) -> str:
    if decision.decision is not Act.STOP:
        return decision.decision.value
    return f"stop, RP2D {level(decision.rp2d).lower()}" if decision.rp2d is not None else "stop"


def lanes(study: Study) -> tuple[Lane, ...]:
    """Give the course of every infused participant, by level, the longest first."""
    found = [_lane(study, person) for person in study.enrolled if person.infusion]
    order = {level(number): place for place, number in enumerate(study.protocol.doses.numbers)}
    return tuple(sorted(found, key=lambda lane: (order.get(lane.level, 0), -lane.end, lane.participant)))


def _lane(study: Study, person: Participant) -> Lane:
    day_0 = person.infusion.on if person.infusion else dt.date.min
    end = days_from(day_0, last_known_alive(person))
    spans = _responding(study, person, day_0, end)
    marks = [(day, mark) for day, mark in _marks(person, day_0) if 0 <= day <= end]
    marks += [(begun, Mark.RESPONSE) for begun, _ in spans[:1]]
    if not person.death and person.left_study_on is None:
        marks.append((end, Mark.ONGOING))
    return Lane(person.id, level(person.level), end, tuple(sorted(marks)), spans)


def _marks(person: Participant, day_0: dt.date) -> list[tuple[int, Mark]]:
    happened = [(one.on, Mark.RELAPSE) for one in person.every(Relapse)]
    happened += [(one.on, Mark.TRANSPLANT) for one in person.every(Transplant)]
    happened += [(one.on, Mark.NEW_THERAPY) for one in person.every(NewTherapy) if one.purpose != "bridging"]
    happened += [(one.on, Mark.LEFT) for one in person.every(Withdrawal) if one.leaves == "study"]
    finding = person.last(DltAdjudication)
    happened += [
        (fact.payload.onset.earliest, Mark.DLT)
        for fact in person.adverse_events
        if finding and fact.entry == finding.adverse_event
    ]
    if person.death:
        happened.append((person.death.on, Mark.DEATH))
    return [(days_from(day_0, day), mark) for day, mark in happened]


def _responding(study: Study, person: Participant, day_0: dt.date, end: int) -> tuple[tuple[int, int], ...]:
    """Give the span from the first response that counts to the relapse, or to the end of follow-up."""
    counted = responses_that_count(study.protocol)
    first = next((one.on for one in assessments(person) if one.response.value in counted), None)
    if first is None:
        return ()
    ends = [days_from(day_0, one.on) for one in person.every(Relapse) if one.on >= first]
    return ((days_from(day_0, first), min([*ends, end])),)
