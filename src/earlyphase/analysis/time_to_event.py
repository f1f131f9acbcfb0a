"""Times to an event, as an endpoint's specification follows each participant from its origin."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from earlyphase.analysis.aalen_johansen import CumulativeIncidence, aalen_johansen
from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.follow_up_ends import OF_THE_DISEASE, End, FollowUp, failure, left_observation, unseen_since
from earlyphase.analysis.happenings import happened, last_assessed, last_known_alive
from earlyphase.analysis.kaplan_meier import KaplanMeier, kaplan_meier, reverse_kaplan_meier, survival_at
from earlyphase.analysis.populations import assessments, populations, responses_that_count
from earlyphase.analysis.survival_quantiles import median
from earlyphase.journal.payloads.treatment import Leukapheresis
from earlyphase.protocol.endpoints import Endpoint, Origin
from earlyphase.study.state import Participant, Study


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """A time-to-event endpoint, estimated."""

    endpoint: Endpoint
    follow_ups: tuple[FollowUp, ...]
    without_origin: tuple[str, ...]
    """Members of the population whose time has not begun."""
    curve: KaplanMeier
    """Time in days. A competing event censors."""
    median: Estimate
    at_horizon: Estimate
    follow_up: Estimate
    """The median follow-up by reverse Kaplan–Meier."""
    incidence: CumulativeIncidence | None
    """The cumulative incidence of the event where others compete; None where none is specified."""

    def who(self, end: End) -> tuple[str, ...]:
        """Give the participants whose time ended so."""
        return tuple(one.participant for one in self.follow_ups if one.end is end)


def time_to_event(study: Study, endpoint: Endpoint) -> TimeToEvent:
    """Estimate a time to an event as its endpoint specifies it.

    Competing events censor the Kaplan–Meier curve, and compete in the cumulative incidence: both are given.

    Source:
        The protocol's endpoint; Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457; Aalen OO, Johansen S. Scand J Stat
        1978;5:141; Schemper M, Smith TL. Control Clin Trials 1996;17:343 (follow-up).
    """
    members = populations(study).of(endpoint.population).participants
    found = {name: follow_up(study, endpoint, study.participants[name]) for name in members}
    follow_ups = tuple(one for one in found.values() if one is not None)
    times = [one.days for one in follow_ups]
    events = [int(one.end is End.EVENT) for one in follow_ups]
    curve = kaplan_meier(times, events, interval=endpoint.interval.value, level=endpoint.confidence)
    reverse = reverse_kaplan_meier(times, events, interval=endpoint.interval.value, level=endpoint.confidence)
    return TimeToEvent(
        endpoint,
        follow_ups,
        tuple(name for name, one in found.items() if one is None),
        curve,
        median(curve),
        survival_at(curve, endpoint.horizon_days),
        median(reverse),
        _incidence(follow_ups) if endpoint.competing else None,
    )


def _incidence(follow_ups: Iterable[FollowUp]) -> CumulativeIncidence:
    codes = {End.CENSORED: 0, End.EVENT: 1, End.COMPETING: 2}
    rows = list(follow_ups)
    return aalen_johansen([one.days for one in rows], [codes[one.end] for one in rows], causes=2)


def follow_up(study: Study, endpoint: Endpoint, person: Participant) -> FollowUp | None:
    """Follow one participant from an endpoint's origin to its event; None where the origin has not come.

    The first of event, competing event and censoring event counts; of two on one day, in that order. Without any, time
    ends where the participant was last assessed for the disease (for endpoints of the disease) or last known to be
    alive, and never after the horizon. What happened before the origin does not count.

    Source:
        The protocol's endpoint; censoring at the last assessment: FDA, Clinical Trial Endpoints for the Approval of
        Cancer Drugs and Biologics, December 2018, appendix C.
    """
    origin = _origin(study, endpoint, person)
    if origin is None:
        return None
    found = failure(endpoint, person, origin) or _first_end(endpoint, person, origin)
    if found is not None and found.end is End.EVENT and (before := unseen_since(study, endpoint, person, found.ended)):
        found = FollowUp(person.id, origin, max(origin, before), End.CENSORED, "assessments missed before the event")
    horizon = origin + dt.timedelta(endpoint.horizon_days)
    if found is not None and found.ended <= horizon:
        return found
    return _without_event(endpoint, person, origin, horizon if found else None)


def _first_end(endpoint: Endpoint, person: Participant, origin: dt.date) -> FollowUp | None:
    """Give the first thing that ends the time, whenever it came."""
    kinds = ((End.EVENT, endpoint.events), (End.COMPETING, endpoint.competing), (End.CENSORED, endpoint.censored_at))
    ends = [
        (day, place, end, what)
        for place, (end, happenings) in enumerate(kinds)
        for day, what in happened(person, happenings)
        if day >= origin
    ]
    if not ends:
        return None
    day, _, end, what = min(ends, key=lambda found: found[:2])
    return FollowUp(person.id, origin, day, end, what)


def _without_event(
    endpoint: Endpoint, person: Participant, origin: dt.date, seen_until: dt.date | None
) -> FollowUp | None:
    """End the time of who had no event in it: at the horizon, or where observation ended."""
    horizon = origin + dt.timedelta(endpoint.horizon_days)
    disease = bool(endpoint.events & OF_THE_DISEASE)
    last = max(origin, last_assessed(person) if disease else last_known_alive(person))
    if seen_until is not None or last >= horizon:
        return FollowUp(person.id, origin, horizon, End.CENSORED, "end of the time frame")
    if endpoint.lost == "event" and (left := left_observation(person)):
        return FollowUp(person.id, origin, last, End.EVENT, left)
    return FollowUp(person.id, origin, last, End.CENSORED, "last assessment" if disease else "last known alive")


def _origin(study: Study, endpoint: Endpoint, person: Participant) -> dt.date | None:
    match endpoint.origin:
        case Origin.ENROLMENT:
            return person.enrolment.on if person.enrolment else None
        case Origin.LEUKAPHERESIS:
            collected = person.every(Leukapheresis)
            return collected[0].on if collected else None
        case Origin.INFUSION:
            return person.infusion.on if person.infusion else None
        case Origin.FIRST_RESPONSE | Origin.FIRST_REMISSION:
            first_of_all = endpoint.origin is Origin.FIRST_RESPONSE
            counted = responses_that_count(study.protocol) if first_of_all else endpoint.responses
            return next((one.on for one in assessments(person) if one.response.value in counted), None)
