"""From referral to enrolment: consent, screening, eligibility, a slot."""

from earlyphase.journal.payloads.entering import Verdict
from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.simulation.treatment import Treatment, Ward
from earlyphase.simulation.verdicts import blasts_found, confirm, fact
from earlyphase.simulation.visits import examine, pre_infusion_visits
from earlyphase.study.refusal import Refused
from earlyphase.study.roles import Role

TRIES_AGAIN_AFTER = 7
"""Units: days."""


class Screening:
    """One patient on the way to a slot."""

    def __init__(self, site: Site, ward: Ward, patient: Patient) -> None:
        """Take the consent today."""
        self.site, self.ward, self.patient = site, ward, patient
        self.chance, self.number = patient.chance, patient.number
        patient.blasts = self.chance.days(site.truth.marrow_blasts_percent)
        self.over = False
        """Whether the patient is enrolled, or will not be."""
        given_by = (
            "legal representative" if self.chance.happens(site.truth.consent_by_representative) else "participant"
        )
        site.record(Role.COORDINATOR, "consent", self.number, on=site.today, version=f"consent {site.protocol.version}",
                    given_by=given_by)  # fmt: skip
        site.calendar.after(self.chance.days(site.truth.screening_days), self.screen)

    def screen(self) -> None:
        """Examine, and find the patient eligible or not."""
        site = self.site
        visits = pre_infusion_visits(site.protocol)
        if visits:
            examine(site, self.patient, visits[0])
        facts = [fact(finding, self.patient.paper, str(site.today)) for finding in site.truth.facts]
        facts.append(blasts_found(self.patient, str(site.today)))
        site.record(Role.COORDINATOR, "screening_facts", self.number, on=site.today, facts=facts)
        if self.chance.happens(site.truth.screen_failure):
            site.calendar.after(1, self.fail)
        else:
            site.calendar.after(self.chance.days(site.truth.enrolment_days), self.enrol)

    def fail(self) -> None:
        """Record the screen failure by one of the criteria of screening."""
        due = [criterion for criterion in self.site.protocol.criteria if criterion.stage is Stage.SCREENING]
        missed = [self.chance.one_of(due)] if due else []
        because = _failed(missed[0]) if missed else "The patient is not fit for the study."
        self._leave(because, [criterion.id for criterion in missed])

    def enrol(self) -> None:
        """Confirm eligibility and take a slot; where there is none, wait for one."""
        if not self.site.person(self.number).enrolment:
            confirm(self.site, self.patient, Stage.ENROLMENT)
        answer = self.site.ask(Role.COORDINATOR, "enrolment", self.number, on=self.site.today)
        if not isinstance(answer, Refused):
            self.over = True
            Treatment(self.site, self.ward, self.patient)
        elif self.site.today >= self.patient.until:
            self._leave("No slot came free in time: the patient is treated elsewhere.", [])
        else:
            self.site.calendar.after(TRIES_AGAIN_AFTER, self.enrol)

    def _leave(self, because: str, criteria: list[str]) -> None:
        self.over = True
        self.site.record(Role.COORDINATOR, "screen_failure", self.number, on=self.site.today, because=because,
                         criteria=criteria)  # fmt: skip


def _failed(criterion: Criterion) -> str:
    verdict = Verdict.NOT_MET if criterion.kind == "inclusion" else Verdict.MET
    return f"{criterion.kind.capitalize()} {criterion.id} is {verdict}: {criterion.as_interpreted}"[:2000]
