"""A study's results as ClinicalTrials.gov takes them: participant flow, baseline, outcome measures, adverse events.

The shape is that of `resultsSection` in the API of ClinicalTrials.gov, version 2. Groups are the dose levels at which
anybody was enrolled, and all participants together where an endpoint is not by level.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from earlyphase.analysis.baseline import characteristics
from earlyphase.analysis.cutoff import at_cutoff
from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.populations import Populations, populations
from earlyphase.analysis.rates import DltRate, ResponseRate, dlt_rates, response_rate
from earlyphase.analysis.safety import Emergent, EmergentEvent, emergent
from earlyphase.analysis.time_to_event import TimeToEvent, time_to_event
from earlyphase.dates import MONTH
from earlyphase.journal.payloads.leaving import LossToFollowUp, Withdrawal
from earlyphase.protocol.endpoints import Endpoint, Happening
from earlyphase.study.state import Participant, Study

Module = dict[str, Any]

_ROLES = {"primary": "PRIMARY", "secondary": "SECONDARY", "exploratory": "OTHER_PRE_SPECIFIED"}
_SYSTEMATIC = "SYSTEMATIC_ASSESSMENT"
_NOT_ESTIMABLE = "NA"
"""What the registry wants where a figure cannot be estimated; a comment says why."""
_SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Arm:
    """One column of the registry's tables."""

    number: int
    title: str
    description: str
    participants: tuple[str, ...]
    """Who was enrolled in it."""

    def group(self, prefix: str) -> Module:
        """Give the group as each module declares it."""
        return {"id": self.id(prefix), "title": self.title, "description": self.description}

    def id(self, prefix: str) -> str:
        """Give its name in a module: `FG000`, `OG001`."""
        return f"{prefix}{self.number:03d}"

    def of(self, people: Iterable[str]) -> tuple[str, ...]:
        """Keep those who belong to it."""
        return tuple(name for name in people if name in self.participants)


def registry_results(study: Study) -> Module:
    """Give a study's results at its data cut-off in the shape of the registry.

    Args:
        study: the state; cut it with `at_cutoff` first where a clinical day is to be the last.

    Returns:
        The `resultsSection`: only figures that the registry has a field for. Measures without anybody are left out.

    Source:
        ClinicalTrials.gov API 2.0.3, data structure of resultsSection; 42 CFR 11.48 for what has to be given.
    """
    arms = _arms(study)
    groups = populations(study)
    return {
        "participantFlowModule": _flow(study, arms, groups),
        "baselineCharacteristicsModule": _baseline(study, arms),
        "outcomeMeasuresModule": {"outcomeMeasures": _measures(study, arms)},
        "adverseEventsModule": _adverse_events(study, arms),
    }


def registry_results_at(study: Study, cutoff: Any = None) -> Module:  # noqa: ANN401 - as at_cutoff takes it
    """Give a study's results up to a clinical day in the shape of the registry.

    Raises:
        InvalidInput: the day lies after the last entry.

    Source:
        ClinicalTrials.gov API 2.0.3, data structure of resultsSection.
    """
    cut, _ = at_cutoff(study, cutoff)
    return registry_results(cut)


def _arms(study: Study) -> tuple[Arm, ...]:
    doses = study.protocol.doses
    used = [level for level in doses.numbers if any(person.level == level for person in study.enrolled)]
    return tuple(
        Arm(
            place,
            f"Dose Level {level}",
            f"{study.protocol.product}, {doses.dose(level)} ({doses.of}), one infusion.",
            tuple(person.id for person in study.enrolled if person.level == level),
        )
        for place, level in enumerate(used)
    )


def _everybody(study: Study) -> Arm:
    return Arm(0, "All Dose Levels", study.protocol.product, tuple(person.id for person in study.enrolled))


def _flow(study: Study, arms: Sequence[Arm], groups: Populations) -> Module:
    infused = groups.infused
    reasons = [(lost.reason[0].upper() + lost.reason[1:], lost.participants) for lost in infused.lost]
    people = {person.id: person for person in study.enrolled}
    ended = {name: _end(people[name]) for name in infused.participants}
    left = [
        (why, tuple(name for name, end in ended.items() if end == why)) for why in dict.fromkeys(ended.values()) if why
    ]
    stayed = tuple(name for name, end in ended.items() if not end)
    return {
        "groups": [arm.group("FG") for arm in arms],
        "periods": [
            _period("Enrolment to Infusion", arms, groups.enrolled.participants, infused.participants, reasons),
            _period("Follow-up to the Data Cut-off", arms, infused.participants, stayed, left),
        ],
    }


def _end(person: Participant) -> str:
    """Give the registry's word for what ended a participant's follow-up; empty while it goes on."""
    if person.death:
        return "Death"
    if any(one.leaves == "study" for one in person.every(Withdrawal)):
        return "Withdrawal by Subject"
    return "Lost to Follow-up" if person.every(LossToFollowUp) else ""


def _period(
    title: str,
    arms: Sequence[Arm],
    started: Sequence[str],
    completed: Sequence[str],
    reasons: Sequence[tuple[str, tuple[str, ...]]],
) -> Module:
    gone = [name for name in started if name not in set(completed)]

    def stats(people: Iterable[str]) -> list[Module]:
        kept = tuple(people)
        return [{"groupId": arm.id("FG"), "numSubjects": str(len(arm.of(kept)))} for arm in arms]

    steps = (("STARTED", started), ("COMPLETED", completed), ("NOT COMPLETED", gone))
    period: Module = {
        "title": title,
        "milestones": [{"type": name, "achievements": stats(people)} for name, people in steps],
    }
    if reasons:
        period["dropWithdraws"] = [{"type": why, "reasons": stats(people)} for why, people in reasons]
    return period


def _baseline(study: Study, arms: Sequence[Arm]) -> Module:
    people = {person.id: person for person in study.enrolled}
    found = [{one.term: one for one in characteristics([people[name] for name in arm.participants])} for arm in arms]
    measures: list[Module] = []
    if any("age" in one for one in found):
        ages = [[value for _, value in one["age"].numbers] if "age" in one else [] for one in found]
        spread = [_ranged(arm.id("BG"), values) for arm, values in zip(arms, ages, strict=True)]
        measures.append(
            _measure("Age, Continuous", "MEDIAN", "years", [{"measurements": spread}])
            | {"dispersionType": "FULL_RANGE"}
        )
    if any("sex" in one for one in found):
        sexes = [dict(one["sex"].words) if "sex" in one else {} for one in found]
        categories = [
            {
                "title": sex.capitalize(),
                "measurements": [
                    {"groupId": arm.id("BG"), "value": str(len(words.get(sex, ())))}
                    for arm, words in zip(arms, sexes, strict=True)
                ],
            }
            for sex in _SEXES
        ]
        measures.append(_measure("Sex: Female, Male", "COUNT_OF_PARTICIPANTS", "Participants", categories))
    counts = [{"groupId": arm.id("BG"), "value": str(len(arm.participants))} for arm in arms]
    return {
        "groups": [arm.group("BG") for arm in arms],
        "denoms": [{"units": "Participants", "counts": counts}],
        "measures": measures,
    }


def _ranged(group: str, values: list[float]) -> Module:
    if not values:
        return {"groupId": group, "value": _NOT_ESTIMABLE, "comment": "Not recorded."}
    middle = sorted(values)
    half = (middle[(len(middle) - 1) // 2] + middle[len(middle) // 2]) / 2
    limits = {"lowerLimit": f"{middle[0]:g}", "upperLimit": f"{middle[-1]:g}"}
    return {"groupId": group, "value": f"{half:g}", **limits}


def _measure(title: str, parameter: str, unit: str, categories: list[Module]) -> Module:
    return {"title": title, "paramType": parameter, "unitOfMeasure": unit, "classes": [{"categories": categories}]}


def _measures(study: Study, arms: Sequence[Arm]) -> list[Module]:
    """Give every endpoint of the protocol that has anybody to count, in the protocol's order."""
    found = [_outcome(study, endpoint, arms) for endpoint in study.protocol.endpoints]
    return [one for one in found if one is not None]


def _outcome(study: Study, endpoint: Endpoint, arms: Sequence[Arm]) -> Module | None:
    if Happening.DLT in endpoint.events:
        return _dlt(endpoint, dlt_rates(study), study, arms)
    if Happening.TEAE in endpoint.events:
        return _emergent(endpoint, emergent(study), arms)
    if endpoint.responses and endpoint.measure == "proportion":
        return _response(endpoint, response_rate(study, endpoint), _everybody(study))
    if endpoint.measure == "time to event":
        return _time(time_to_event(study, endpoint), _everybody(study))
    return None


def _dlt(endpoint: Endpoint, rates: Sequence[DltRate], study: Study, arms: Sequence[Arm]) -> Module | None:
    evaluable, with_dlt = rates[-1].evaluable, rates[-1].dlts
    means = f"DLT-evaluable: {populations(study).dlt_evaluable.means}."
    return _counted(endpoint, arms, evaluable, with_dlt, means)


def _emergent(endpoint: Endpoint, events: Emergent, arms: Sequence[Arm]) -> Module | None:
    having = tuple({one.participant: None for one in events.events})
    return _counted(endpoint, arms, events.at(None), having, "Participants who received the study product.")


def _counted(
    endpoint: Endpoint, arms: Sequence[Arm], among: Sequence[str], having: Sequence[str], means: str
) -> Module | None:
    kept = [arm for arm in arms if arm.of(among)]
    if not kept:
        return None
    values = [{"groupId": arm.id("OG"), "value": str(len(arm.of(having)))} for arm in kept]
    fields = {"paramType": "COUNT_OF_PARTICIPANTS", "unitOfMeasure": "Participants"}
    return _posted(endpoint, kept, [len(arm.of(among)) for arm in kept], values, fields, means)


def _response(endpoint: Endpoint, rate: ResponseRate, arm: Arm) -> Module | None:
    if not rate.best:
        return None
    value = _estimate(arm.id("OG"), rate.estimate, 100)
    fields = {"paramType": "NUMBER", "unitOfMeasure": "percentage of participants", **_interval(rate.estimate)}
    means = f"Participants who are {endpoint.population.value}; without an assessment they count as not responding."
    return _posted(endpoint, [arm], [len(rate.best)], [value], fields, means)


def _time(found: TimeToEvent, arm: Arm) -> Module | None:
    if not found.curve.n:
        return None
    value = _estimate(arm.id("OG"), found.median, 1 / MONTH)
    fields = {"paramType": "MEDIAN", "unitOfMeasure": "months", **_interval(found.median)}
    means = f"Participants who are {found.endpoint.population.value}. Kaplan–Meier estimate."
    return _posted(found.endpoint, [arm], [found.curve.n], [value], fields, means)


def _interval(estimate: Estimate) -> Module:
    return {"dispersionType": f"{100 * estimate.level:g}% Confidence Interval"}


def _estimate(group: str, estimate: Estimate, scale: float) -> Module:
    """Write an estimate with its limits; where one is missing, say why."""

    def text(value: float | None) -> str:
        return _NOT_ESTIMABLE if value is None else f"{value * scale:.1f}"

    made: Module = {
        "groupId": group,
        "value": text(estimate.estimate),
        "lowerLimit": text(estimate.lower),
        "upperLimit": text(estimate.upper),
    }
    if None in (estimate.estimate, estimate.lower, estimate.upper):
        made["comment"] = estimate.note or "Too few events to estimate what is marked NA."
    return made


def _posted(
    endpoint: Endpoint,
    arms: Sequence[Arm],
    analysed: Sequence[int],
    values: list[Module],
    fields: Module,
    means: str,
) -> Module:
    counts = [{"groupId": arm.id("OG"), "value": str(number)} for arm, number in zip(arms, analysed, strict=True)]
    return {
        "type": _ROLES[endpoint.role],
        "title": endpoint.title,
        "description": _described(endpoint),
        "populationDescription": means,
        "reportingStatus": "POSTED",
        **fields,
        "timeFrame": f"Up to {endpoint.horizon_days} days from {endpoint.origin.value}",
        "groups": [arm.group("OG") for arm in arms],
        "denoms": [{"units": "Participants", "counts": counts}],
        "classes": [{"categories": [{"measurements": values}]}],
    }


def _described(endpoint: Endpoint) -> str:
    """Say what is counted, from when, and how its interval is made."""
    parts = (
        ("Best response that counts", endpoint.responses),
        ("Event", endpoint.events),
        ("Competing event, censored here", endpoint.competing),
        ("Censored at", endpoint.censored_at),
    )
    said = [f"{name}: {', '.join(sorted(str(one) for one in words))}." for name, words in parts if words]
    said.append(f"Counted from {endpoint.origin.value}.")
    if endpoint.measure != "incidence" and endpoint.by is None:
        said.append(f"Interval: {endpoint.interval.value}.")
    return " ".join(said)


def _adverse_events(study: Study, arms: Sequence[Arm]) -> Module:
    events = emergent(study)
    kept = [arm for arm in arms if arm.of(events.at(None))]
    dead = {person.id for person in study.enrolled if person.death}
    until = f"up to day {events.horizon_days}" if events.horizon_days is not None else "to the end of follow-up"
    return {
        "frequencyThreshold": "0",
        "timeFrame": f"From the infusion (day 0) {until}",
        "description": "Treatment-emergent adverse events of participants who received the study product.",
        "eventGroups": [_event_group(arm, events, dead) for arm in kept],
        "seriousEvents": _listed(kept, events, lambda one: one.event.serious),
        "otherEvents": _listed(kept, events, lambda one: not one.event.serious),
    }


def _event_group(arm: Arm, events: Emergent, dead: set[str]) -> Module:
    at_risk = arm.of(events.at(None))
    serious = arm.of(events.who(lambda one: one.event.serious))
    other = arm.of(events.who(lambda one: not one.event.serious))
    affected = (("deaths", [name for name in at_risk if name in dead]), ("serious", serious), ("other", other))
    counts = {f"{kind}NumAffected": len(people) for kind, people in affected}
    return arm.group("EG") | counts | {f"{kind}NumAtRisk": len(at_risk) for kind, _ in affected}


def _listed(arms: Sequence[Arm], events: Emergent, meets: Callable[[EmergentEvent], bool]) -> list[Module]:
    """List terms with whom they affected, by class and term."""
    found = [one for one in events.events if meets(one)]
    terms = sorted({(one.event.system_class, one.event.term, one.event.dictionary) for one in found})
    return [
        {
            "term": term,
            "organSystem": system_class,
            "sourceVocabulary": dictionary,
            "assessmentType": _SYSTEMATIC,
            "stats": [
                _stats(
                    arm,
                    [one for one in found if one.event.term == term and one.event.system_class == system_class],
                    events,
                )
                for arm in arms
            ],
        }
        for system_class, term, dictionary in terms
    ]


def _stats(arm: Arm, found: Sequence[EmergentEvent], events: Emergent) -> Module:
    mine = [one for one in found if one.participant in arm.participants]
    return {
        "groupId": arm.id("EG"),
        "numEvents": len(mine),
        "numAffected": len({one.participant for one in mine}),
        "numAtRisk": len(arm.of(events.at(None))),
    }
