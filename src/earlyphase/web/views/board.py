"""The study board: where the study stands."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyphase.escalation.design import Recommendation
from earlyphase.journal.payloads import TYPES
from earlyphase.journal.payloads.conduct import DoseDecision, SeenRecommendation, Signature
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.journal.payloads.entering import Consent
from earlyphase.study.alerts import Alert
from earlyphase.study.cohorts import Escalation, Phase, design_of, escalation, in_levels, what_if
from earlyphase.study.roles import may
from earlyphase.study.standing import Standing
from earlyphase.study.state import Study
from earlyphase.study.status import InWindow, LevelCount, Status
from earlyphase.study.verification import not_in_the_chain
from earlyphase.web.access import Member, for_members
from earlyphase.web.clock import today_of
from earlyphase.web.computed import Bounded, status_now
from earlyphase.web.moments import moment_typed
from earlyphase.web.pages import study_page
from earlyphase.web.studies import SiteStudy

OWN_PAGES = (DoseDecision, Signature, RoleGranted, RoleEnded)
"""What has a page of its own."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One dose level of the ladder."""

    count: LevelCount
    people: tuple[Standing, ...]
    here: bool
    """Whether it takes participants now."""
    free: range
    """Its free slots."""
    days: tuple[InWindow, ...]
    """Who is in the DLT window, and since when."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one way in which the pending participants turn out leads to."""

    evaluable: int
    dlts: int
    advice: SeenRecommendation


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts of one kind."""

    what: str
    alerts: tuple[Alert, ...]
    page: str
    """The page that deals with them; empty where each names its participant."""

    @property
    def folded(self) -> bool:
        """Whether there are so many that they are shown on request."""
        return len(self.alerts) > FOLDED


@dataclass(frozen=True, slots=True)
class Board:
    """What the board shows, the page's own frame apart."""

    status: Status
    rungs: tuple[Rung, ...]
    consequences: tuple[Consequence, ...]
    alerts: tuple[AlertGroup, ...]


FOLDED = 3
"""More alerts of one kind than this are folded."""

PAGES = {
    "decision due": "decision",
    "discordant decision": "decision",
    "open queries": "data",
    "verification failed": "verify",
}
"""Where alerts are dealt with."""

_boards: Bounded[Board] = Bounded(24)


@require_safe
@for_members
def board(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the board, as of now or as of a day of the past."""
    given = request.GET.get("as_of", "").strip()
    moment = moment_typed(given)
    shown = member.seen.as_of(moment) if moment else member.seen
    state, today = shown.state, today_of(shown.state, moment)
    context = {
        "board": _boards.get((member.study, state.head.hash, today), lambda: _board(shown, today)),
        "as_of": given,
        "today": today,
        "others": tuple(_not_enrolled(state)),
        "may_consent": not member.reasons_against(Consent),
        "study_records": () if given else tuple(study_records(member)),
    }
    return study_page(request, "board.html", member, context | {"shown": state})


def _board(shown: SiteStudy, today: dt.date) -> Board:
    status, now = status_now(shown.state, today), escalation(shown.state)
    found = (*_damage(shown), *status.alerts)
    kinds = dict.fromkeys(one.what for one in found)
    return Board(
        status,
        tuple(_rungs(status, now)),
        tuple(consequences(shown.state, now)),
        tuple(AlertGroup(kind, tuple(one for one in found if one.what == kind), PAGES.get(kind, "")) for kind in kinds),
    )


def _damage(shown: SiteStudy) -> Iterator[Alert]:
    """Hold the entries against what was signed and decided on them."""
    entries = shown.entries[: shown.state.head.seq]
    for one in not_in_the_chain(shown.state, entries):
        yield Alert("verification failed", one.message)


def consequences(study: Study, now: Escalation) -> Iterator[Consequence]:
    """Give what each outcome of those who are awaited would lead to."""
    level = now.opening.level
    if level is None or now.opening.phase is not Phase.ESCALATION or not now.unresolved:
        return
    protocol = study.protocol
    answers: dict[tuple[int, int], Recommendation] = what_if(
        design_of(protocol), now.tally, protocol.doses.index(level), len(now.unresolved)
    )
    for (evaluable, dlts), answer in answers.items():
        yield Consequence(evaluable, dlts, in_levels(protocol, answer))


def study_records(member: Member) -> Iterator[str]:
    """Name the records of the whole study that the person may add."""
    for kind in TYPES:
        if kind.about == "study" and kind not in OWN_PAGES and not list(may(member.role, kind)):
            yield kind.record


def _rungs(status: Status, now: Escalation) -> Iterator[Rung]:
    for count in sorted(status.levels, key=lambda one: -one.level):
        here = count.level == status.open_level
        people = tuple(one for one in now.standings if one.level == count.level)
        days = tuple(one for one in status.in_window if one.level == count.level)
        yield Rung(count, people, here, range(status.slots.free if here else 0), days)


def _not_enrolled(study: Study) -> Iterator[str]:
    return (number for number, person in study.participants.items() if not person.enrolment)
