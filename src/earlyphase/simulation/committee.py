"""The safety review committee: it follows the recommendation, and halts the study where a stopping rule says so."""

from earlyphase.journal.entry import Entry
from earlyphase.simulation.site import Site
from earlyphase.study.cohorts import escalation
from earlyphase.study.filling import AS_RECOMMENDED
from earlyphase.study.roles import Role
from earlyphase.study.stopping import stopping_states

MEMBERS = ("Simulated chair", "Simulated clinician", "Simulated statistician")


class Committee:
    """Who decides on the dose."""

    def __init__(self, site: Site) -> None:
        """Nothing has been decided."""
        self.site = site
        self._invited = False

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
        for state in stopping_states(site.study):
            if state.must_halt:
                because = f"{state.rule.id}: {state.rule.when}"
                site.record(Role.SPONSOR, "study_suspended", on=site.today, because=because)
                site.calendar.after(site.committee.days(site.truth.review_days), self._resume)
                return

    def _resume(self) -> None:
        because = "The committee has reviewed every case: the study goes on as planned."
        self.site.record(Role.COMMITTEE, "study_resumed", on=self.site.today, because=because)
