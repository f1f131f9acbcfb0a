"""The safety review committee: it follows the recommendation, and halts the study where a stopping rule says so."""

from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads.safety import AdverseEvent, DltAdjudication, DltVerdict
from earlyphase.protocol.dlt import Cause
from earlyphase.protocol.model import StoppingRule
from earlyphase.simulation.site import Site
from earlyphase.study.cohorts import escalation
from earlyphase.study.filling import AS_RECOMMENDED
from earlyphase.study.roles import Role
from earlyphase.study.state import Participant, Study

GRADE_5 = 5
MEMBERS = ("Simulated chair", "Simulated clinician", "Simulated statistician")


class Committee:
    """Who decides on the dose."""

    def __init__(self, site: Site) -> None:
        """Nothing has been decided or halted."""
        self.site = site
        self._invited = False
        self._reviewed: dict[str, int] = {}
        """How many had been counted when a stopping rule was last reviewed."""

    def look(self) -> None:
        """Look at the study at the end of a day: is a decision due, is a stopping rule met."""
        site = self.site
        self._halt_where_due()
        if not self._invited and escalation(site.study).decision_due:
            self._invited = True
            site.calendar.after(site.committee.days(site.truth.committee_days), self.decide)

    def decide(self) -> None:
        """Meet, and decide as recommended; where something has changed since the invitation, wait for the next."""
        site = self.site
        self._invited = False
        if not escalation(site.study).decision_due:
            return
        answer = site.ask(Role.COMMITTEE, "dose_decision", on=site.today, decision=AS_RECOMMENDED, members=MEMBERS)
        if isinstance(answer, Entry):
            site.sign(Role.COMMITTEE, f"The dose decision of {site.today} (entry {answer.seq}) is the committee's.")

    def _halt_where_due(self) -> None:
        site = self.site
        if site.study.suspended:
            return
        for rule in site.protocol.stopping_rules:
            count = counted(site.study, rule)
            if count >= rule.at_least and count > self._reviewed.get(rule.id, 0):
                self._reviewed[rule.id] = count
                site.record(Role.SPONSOR, "study_suspended", on=site.today, because=f"{rule.id}: {rule.when}")
                site.calendar.after(site.committee.days(site.truth.review_days), self._resume)
                return

    def _resume(self) -> None:
        because = "The committee has reviewed every case: the study goes on as planned."
        self.site.record(Role.COMMITTEE, "study_resumed", on=self.site.today, because=because)


def counted(study: Study, rule: StoppingRule) -> int:
    """Count the participants that a stopping rule speaks of."""
    infused = [person for person in study.participants.values() if person.infusion]
    infused.sort(key=lambda person: (person.infusion.on if person.infusion else None, person.order))
    return sum(_has(person, rule) for person in infused[: rule.among_first])


def _has(person: Participant, rule: StoppingRule) -> bool:
    match rule.measure:
        case "dlt":
            return any(finding.verdict is DltVerdict.DLT for finding in person.every(DltAdjudication))
        case "death":
            return person.death is not None
        case "grade 5":
            events = person.every(AdverseEvent)
            return any(event.grade == GRADE_5 and event.cause is not Cause.DISEASE for event in events)
