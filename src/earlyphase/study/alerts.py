"""What somebody must see to: what is due, what is late, what no longer fits together."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.journal.payloads.conduct import StudySuspended
from earlyphase.journal.payloads.safety import DltAdjudication
from earlyphase.study.changed_basis import changed_bases
from earlyphase.study.cohorts import Escalation, level_name
from earlyphase.study.completeness import overdue_visits
from earlyphase.study.deviations import deviations, not_eligible
from earlyphase.study.discordance import discordant_decisions
from earlyphase.study.dlt_review import not_as_reviewed, review_state
from earlyphase.study.queries import open_queries
from earlyphase.study.reporting import Clock, Progress, reporting_clocks
from earlyphase.study.standing import DltState, Standing
from earlyphase.study.state import Study
from earlyphase.study.stopping import stopping_states


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that somebody must see to."""

    what: str
    message: str
    participant: str | None = None
    """Whose, where it is one participant's."""


def alerts(study: Study, now: Escalation, today: dt.date) -> Iterator[Alert]:
    """Give what must be seen to, the gravest first.

    Args:
        study: the state, as of whichever moment of recording.
        now: the escalation as it stands in that state.
        today: the day from which it is looked at.
    """
    for state in stopping_states(study):
        if state.must_halt and not study.suspended:
            who = ", ".join(state.participants)
            yield Alert("stopping rule", f"{state.rule.id} is met ({who}): {state.rule.when} Suspend the study.")
    if study.suspended:
        halt = study.every(StudySuspended)[-1]
        yield Alert("suspended", f"the study has been suspended since {halt.on}: {halt.because}")
    yield from _reports(study, today)
    if now.decision_due:
        yield Alert("decision due", f"the committee can decide at level {level_name(now.opening.level or 0)}.")
    for one in now.standings:
        if _overdue(one, today):
            yield Alert("adjudication due", f"{one.waiting_for(today)}.", one.participant)
    yield from _deviating(study)
    for discordance in discordant_decisions(study):
        yield Alert("discordant decision", str(discordance))
    yield from _findings(study, today)
    yield from _visits(study, today)
    yield from _asked(study)


def _reports(study: Study, today: dt.date) -> Iterator[Alert]:
    """Give the events of which a report is still to be sent: the nearest day of each."""
    by_event: dict[int, list[Clock]] = defaultdict(list)
    for clock in reporting_clocks(study, today):
        if clock.progress.open:
            by_event[clock.entry].append(clock)
    for clocks in by_event.values():
        first = clocks[0]
        event = f"{first.participant}: {first.term}, grade {first.grade}"
        to = ", ".join(dict.fromkeys(clock.deadline.jurisdiction for clock in clocks))
        late = first.progress is Progress.OVERDUE
        when = f"was due on {first.deadline.due}" if late else f"is due by {first.deadline.due}"
        what = "report overdue" if late else "report due"
        yield Alert(what, f"{event}: the {first.deadline.report} {when} (to {to}).", first.participant)


def _deviating(study: Study) -> Iterator[Alert]:
    for deviation in deviations(study):
        yield Alert("protocol deviation", str(deviation), deviation.participant)
    for one in not_eligible(study):
        yield Alert("not eligible", str(one), one.participant)


def _findings(study: Study, today: dt.date) -> Iterator[Alert]:
    """Find the adjudications that their reviews, or the facts, no longer bear."""
    for person in study.enrolled:
        finding = person.last(DltAdjudication)
        if finding and (said := not_as_reviewed(review_state(study.protocol, person), finding)):
            yield Alert("adjudication not as reviewed", said, person.id)
    for basis in changed_bases(study, today):
        yield Alert("adjudication on changed facts", str(basis), basis.participant)


def _visits(study: Study, today: dt.date) -> Iterator[Alert]:
    late: dict[str, list[str]] = defaultdict(list)
    for visit in overdue_visits(study, today):
        late[visit.participant].append(f"{visit.name} (until {visit.last})")
    for participant, names in late.items():
        yield Alert("visit overdue", f"{participant}: {', '.join(names)} is not recorded.", participant)


def _asked(study: Study) -> Iterator[Alert]:
    found = open_queries(study)
    if found:
        who = ", ".join(dict.fromkeys(one.participant for one in found))
        waiting = sum(not one.answers for one in found)
        yield Alert("open queries", f"{len(found)} are not closed, {waiting} not answered: {who}.")


def _overdue(one: Standing, today: dt.date) -> bool:
    return one.state is DltState.PENDING and one.until is not None and today > one.until
