"""The safety of the study: what is due, DLT windows, stopping rules, reports, syndromes day by day, every event."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from earlyphase.journal.payloads.safety import AdverseEvent, DltAdjudication, DltReview, DltVerdict, SafetyReport
from earlyphase.protocol.escalation import NotEvaluable
from earlyphase.study.computed_grades import computed_grades
from earlyphase.study.dlt_proposals import ParticipantProposal, Proposed, dlt_proposals
from earlyphase.study.dlt_review import ReviewState, review_state
from earlyphase.study.reporting import Clock, reporting_clocks, whose_clocks
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.study.stopping import stopping_states
from earlyphase.study.syndromes import syndrome_courses
from earlyphase.toxicity.clocks import load_jurisdictions
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.pages import study_page
from earlyphase.web.views.participant import Event, events_of

PAGE = 50
"""Events on a page."""
SEVERE = 3
DIFFERS = gettext_noop("differs")
SHOWS = ("", gettext_noop("grade 3 or more"), gettext_noop("serious"), gettext_noop("not resolved"), DIFFERS)
"""What the list of events can be narrowed to."""


Recorded = tuple[Participant, Fact[AdverseEvent]]
"""An event, and whose it is."""


@dataclass(frozen=True, slots=True)
class Window:
    """One participant's DLT window: what the protocol proposes, and how far the reviewers are."""

    proposal: ParticipantProposal
    review: ReviewState
    finding: DltVerdict | None
    why_not: NotEvaluable | None
    overdue: bool
    """Whether the window is over and nothing was adjudicated."""
    mine: str
    """What the person who looks can do: `review`, `adjudicate`, or nothing."""

    @property
    def due(self) -> bool:
        """Whether somebody must see to it now; a review of who is still observed can wait."""
        settled = self.proposal.proposed is not Proposed.PENDING
        return self.overdue or self.mine == "adjudicate" or (self.mine == "review" and settled)


@dataclass(frozen=True, slots=True)
class Reported:
    """One event with its reports, authority by authority."""

    first: Clock
    cells: tuple[tuple[Clock, ...], ...]
    """In the order of the authorities."""


@require_safe
@for_members
def safety(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what harms the participants, and what must be done about it by when."""
    study = member.seen.state
    today = today_of(study)
    clocks = reporting_clocks(study, today)
    codes = [code for code in load_jurisdictions() if any(one.deadline.jurisdiction == code for one in clocks)]
    wanted = {name: request.GET.get(name, "").strip() for name in ("participant", "show")}
    events = _events(study, today, wanted)
    start = _number(request.GET.get("from", ""))
    days = study.protocol.dlt.window_days
    found = tuple(windows(member, today))
    stopping = stopping_states(study)
    open_clocks = tuple(one for one in clocks if one.progress.open)
    due = bool(open_clocks) or any(one.due for one in found) or any(one.must_halt for one in stopping)
    context = {
        "today": today,
        "anything_due": due,
        "windows": found,
        "open_clocks": open_clocks,
        "jurisdictions": codes,
        "reported": tuple(_reported(clocks, codes)),
        "whose": whose_clocks(study.protocol),
        "assumed": tuple(dict.fromkeys(f"{one.entry}: {one.assumed}" for one in clocks if one.assumed)),
        "sources": tuple(dict.fromkeys((one.deadline.jurisdiction, one.deadline.source) for one in clocks)),
        "may_report": not member.reasons_against(SafetyReport),
        "stopping": stopping,
        "syndromes": syndrome_courses(study, days, today),
        "syndrome_days": range(days + 1),
        "events": tuple(_shown(events[start : start + PAGE], today)),
        "total": len(events),
        "next": start + PAGE if start + PAGE < len(events) else None,
        "wanted": wanted,
        "shows": SHOWS,
    }
    return study_page(request, "safety.html", member, context)


def windows(member: Member, today: dt.date) -> Iterator[Window]:
    """Give every DLT window, those that wait for the person who looks first, then those that are open."""
    study = member.seen.state
    found = [_window(member, one, today) for one in dlt_proposals(study, today)]
    found.sort(key=lambda one: (not one.mine, not one.overdue, one.finding is not None))
    yield from found


def _window(member: Member, proposal: ParticipantProposal, today: dt.date) -> Window:
    study = member.seen.state
    person = study.participants[proposal.participant]
    review, finding = review_state(study.protocol, person), person.last(DltAdjudication)
    late = finding is None and proposal.window_ends is not None and today > proposal.window_ends
    mine = next_act(member, review) if finding is None and proposal.infused_on else ""
    verdict, why = (finding.verdict, finding.not_evaluable) if finding else (None, None)
    return Window(proposal, review, verdict, why, late, mine)


def next_act(member: Member, review: ReviewState) -> str:
    """Say which form of a window is for the person who looks: `review`, `adjudicate`, or none."""
    if review.wants_review_of(member.person.full_name) and not member.reasons_against(DltReview):
        return "review"
    return "adjudicate" if review.wants_adjudication and not member.reasons_against(DltAdjudication) else ""


def _reported(clocks: tuple[Clock, ...], codes: list[str]) -> Iterator[Reported]:
    """Group the reports by event: those with an overdue one first, then by what is due next."""
    by_event = sorted(clocks, key=lambda one: one.entry)
    found = [(own := tuple(group), own[0]) for _, group in itertools.groupby(by_event, key=lambda one: one.entry)]
    found.sort(key=lambda pair: min((one.deadline.due for one in pair[0] if one.progress.open), default=dt.date.max))
    for own, first in found:
        yield Reported(first, tuple(tuple(one for one in own if one.deadline.jurisdiction == code) for code in codes))


def _events(study: Study, today: dt.date, wanted: dict[str, str]) -> list[Recorded]:
    """Find the events that are asked for. Grades are computed for all of them only where the question needs them."""
    people = [person for person in study.participants.values() if wanted["participant"] in ("", person.id)]
    found = [(person, fact) for person in people for fact in person.adverse_events if _matches(fact, wanted["show"])]
    if wanted["show"] != DIFFERS:
        return found
    differing = {one.event for person in people for one in computed_grades(person, today).values() if one.differs}
    return [(person, fact) for person, fact in found if fact.entry in differing]


def _shown(found: Sequence[Recorded], today: dt.date) -> Iterator[Event]:
    """Give the events of a page with their computed grades, person by person."""
    for person, group in itertools.groupby(found, key=lambda pair: pair[0]):
        entries = {fact.entry for _, fact in group}
        yield from (one for one in events_of(person, today) if one.fact.entry in entries)


def _matches(fact: Fact[AdverseEvent], show: str) -> bool:
    event = fact.payload
    match show:
        case "grade 3 or more":
            return event.grade >= SEVERE
        case "serious":
            return event.serious
        case "not resolved":
            return event.resolved is None
        case _:
            return True


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else 0
