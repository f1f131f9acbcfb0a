"""From referral to enrolment: consent, screening, eligibility, a slot."""

from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.simulation.findings import Found
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.simulation.treatment import Treatment, Ward
from earlyphase.simulation.verdicts import asked_by, blasts_found, confirm, fact, record_facts, right, settling
from earlyphase.simulation.visits import examine, pre_infusion_visits
from earlyphase.study.evidence import criteria_of
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
        if self.chance.happens(site.truth.screen_failure):
            missed = self._missed()
            record_facts(site, self.patient, self._failing(missed, facts))
            site.calendar.after(1, lambda: self.fail(missed))
        else:
            rules = criteria_of(site.study).due_at(Stage.ENROLMENT)
            wanted = [(rule, right(rule.criterion)) for rule in rules]
            record_facts(site, self.patient, settling(site, self.patient, Stage.ENROLMENT, wanted, facts))
            site.calendar.after(self.chance.days(site.truth.enrolment_days), self.enrol)

    def _missed(self) -> Criterion | None:
        """Draw the criterion of screening that is to fail."""
        due = [criterion for criterion in self.site.protocol.criteria if criterion.stage is Stage.SCREENING]
        return self.chance.one_of(due) if due else None

    def _failing(self, missed: Criterion | None, facts: list[Found]) -> list[Found]:
        """Let the facts fail the criterion that is missed."""
        if missed is None:
            return facts
        rule = criteria_of(self.site.study).rule(missed.id)
        kept = [each for each in facts if each["term"] not in asked_by(rule)]
        return settling(self.site, self.patient, Stage.SCREENING, [(rule, right(missed).negated())], kept)

    def fail(self, missed: Criterion | None) -> None:
        """Record the screen failure by the criterion that was missed."""
        because = _failed(missed) if missed else "The patient is not fit for the study."
        self._leave(because, [missed.id] if missed else [])

    def enrol(self) -> None:
        """Confirm eligibility and take a slot; where there is none, wait for one."""
        if not self.site.person(self.number).enrolment:
            kept_out = confirm(self.site, self.patient, Stage.ENROLMENT)
            if kept_out:
                self._leave(f"Not eligible by what screening found: {', '.join(kept_out)}.", list(kept_out))
                return
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
    return f"{criterion.kind.capitalize()} {criterion.id} is {right(criterion).negated()}: {criterion.as_interpreted}"[
        :2000
    ]
