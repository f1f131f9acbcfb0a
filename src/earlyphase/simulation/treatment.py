"""From enrolment to infusion: leukapheresis, manufacture, release, lymphodepletion, the re-check, the infusion."""

import datetime as dt
from collections.abc import Callable

from earlyphase.dates import add_days
from earlyphase.journal.entry import Entry
from earlyphase.protocol.criteria import Stage
from earlyphase.simulation.follow_up import FollowUp
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.simulation.verdicts import confirm
from earlyphase.simulation.visits import examine, pre_infusion_visits
from earlyphase.study.cohorts import Phase, opening_of
from earlyphase.study.refusal import Refused
from earlyphase.study.roles import Role
from earlyphase.study.stagger import earliest_infusion

TRIES_AGAIN_AFTER = 7
"""Units: days."""

PASSES = frozenset({"stagger", "suspended"})
"""The rules that say "not yet"; all others say no."""


class Ward:
    """Where participants are infused: while they wait for one another, one at a time is prepared."""

    def __init__(self, site: Site) -> None:
        """Begin with nobody."""
        self._site = site
        self._waiting: list[Callable[[], None]] = []
        self._taken = False

    def join(self, prepare: Callable[[], None]) -> None:
        """Wait for the ward."""
        self._waiting.append(prepare)
        self._call()

    def leave(self) -> None:
        """Make place for the next."""
        self._taken = False
        self._call()

    def _call(self) -> None:
        while self._waiting and not (self._taken and self._one_at_a_time):
            self._taken = True
            self._waiting.pop(0)()

    @property
    def _one_at_a_time(self) -> bool:
        stagger = self._site.protocol.escalation.stagger
        if opening_of(self._site.study).phase is Phase.EXPANSION:
            return stagger.in_expansion > 0
        return max(stagger.after_first_of_level, stagger.between_others) > 0


class Treatment:
    """One participant from enrolment to infusion."""

    def __init__(self, site: Site, ward: Ward, patient: Patient) -> None:
        """Plan the leukapheresis."""
        self.site, self.ward, self.patient = site, ward, patient
        self.number, self.chance = patient.number, patient.chance
        self.level = site.person(patient.number).level or 0
        self.lot = f"LOT-{patient.number}"
        site.calendar.after(patient.chance.days(site.truth.leukapheresis_days), self.collect)

    def collect(self) -> None:
        """Collect the cells, and see what becomes of them."""
        site, truth, chance = self.site, self.site.truth, self.chance
        answer = site.ask(Role.COORDINATOR, "leukapheresis", self.number, on=site.today, collection=f"LK-{self.number}")
        if isinstance(answer, Refused):
            site.calendar.after(TRIES_AGAIN_AFTER, self.collect)
            return
        for visit in pre_infusion_visits(site.protocol)[1:-1]:
            examine(site, self.patient, visit)
        if any(criterion.stage is Stage.LEUKAPHERESIS for criterion in site.protocol.criteria):
            kept_out = confirm(site, self.patient, Stage.LEUKAPHERESIS)
            if kept_out:
                self._withdraw(f"Not eligible by what was found: {', '.join(kept_out)}.")
                return
        takes = chance.days(truth.vein_to_vein_days)
        if chance.happens(truth.bridging):
            site.calendar.after(takes // 3, self.bridge)
        if chance.happens(truth.gone_before_infusion):
            site.calendar.after(max(takes - 2, takes // 3 + 1), self.go)
        elif chance.happens(truth.manufacturing_failure):
            site.calendar.after(takes, self.fail)
        else:
            site.calendar.after(takes, self.release)

    def bridge(self) -> None:
        """Hold the disease while the product is made."""
        self.site.record(
            Role.COORDINATOR, "new_therapy", self.number, on=self.site.today, therapy="chemotherapy", purpose="bridging"
        )

    def go(self) -> None:
        """Leave the study before the infusion."""
        site = self.site
        if self.chance.happens(site.truth.died_of_those_gone):
            site.record(Role.INVESTIGATOR, "death", self.number, on=site.today, cause="disease",
                        cause_text="Progression of the disease while the product was made.")  # fmt: skip
        else:
            self._withdraw("The participant no longer wishes to take part.")

    def fail(self) -> None:
        """Find that there is no product."""
        because = self.chance.one_of(("Too few cells after expansion.", "Contamination of the culture.",
                                      "Transduction below the specification."))  # fmt: skip
        self.site.record(Role.COORDINATOR, "product_failed", self.number, on=self.site.today, lot=self.lot,
                         because=because)  # fmt: skip
        self.site.calendar.after(3, lambda: self._withdraw("There is no product."))

    def release(self) -> None:
        """Release the product and wait for the ward."""
        out = {"out_of_specification": "Viability slightly below the specification; released by the sponsor."}
        extra = out if self.chance.happens(self.site.truth.out_of_specification) else {}
        self.site.record(Role.COORDINATOR, "product_released", self.number, on=self.site.today, lot=self.lot, **extra)
        self.ward.join(self.prepare)

    def prepare(self) -> None:
        """Set the day of the infusion: the first that the stagger allows, after the lymphodepletion."""
        wait = earliest_infusion(self.site.study, self.level, without=self.number).on
        soonest = add_days(self.site.today, 1 + self.chance.days(self.site.truth.enrolment_days) - self._first_day)
        infusion = max(soonest, wait or soonest)
        self.site.calendar.on(add_days(infusion, self._last_day), lambda: self.deplete(infusion))

    def deplete(self, infusion: dt.date) -> None:
        """Record the lymphodepletion on its last day."""
        site = self.site
        plan = site.protocol.lymphodepletion
        first = add_days(infusion, self._first_day)
        answer = site.ask(Role.COORDINATOR, "lymphodepletion", self.number, on=site.today, first_day=first,
                          agents=plan.agents if plan else ())  # fmt: skip
        if isinstance(answer, Refused):
            site.calendar.after(TRIES_AGAIN_AFTER, lambda: self.deplete(add_days(infusion, TRIES_AGAIN_AFTER)))
            return
        for visit in pre_infusion_visits(site.protocol)[1:][-1:]:
            examine(site, self.patient, visit)
        put_off = self.chance.days(site.truth.postponed_days) if self.chance.happens(site.truth.postponed) else 0
        site.calendar.on(add_days(infusion, put_off), self.infuse)

    def infuse(self) -> None:
        """Check again and infuse; where a rule says "not yet", wait for the day that it names."""
        site = self.site
        if any(criterion.stage is Stage.INFUSION for criterion in site.protocol.criteria):
            kept_out = confirm(site, self.patient, Stage.INFUSION)
            if kept_out:
                self._withdraw(f"Not eligible on the day of the infusion: {', '.join(kept_out)}.")
                self.ward.leave()
                return
        dose = site.protocol.doses.dose(self.level)
        share = self._share_of_dose()
        given = {"value": float(f"{dose.value * share:.3g}"), "unit": dose.unit}
        answer = site.ask(Role.INVESTIGATOR, "infusion", self.number, on=site.today, administered=given, lot=self.lot)
        if isinstance(answer, Entry):
            FollowUp(site, self.patient)
            self.ward.leave()
        elif all(reason.rule in PASSES for reason in answer.reasons):
            wait = earliest_infusion(site.study, self.level, without=self.number).on
            site.calendar.on(max(wait or site.today, add_days(site.today, 1)), self.infuse)
        else:
            self._withdraw(f"Treated outside the study: dose level {self.level} takes nobody any more.")
            self.ward.leave()

    def _withdraw(self, because: str) -> None:
        self.site.record(
            Role.INVESTIGATOR, "withdrawal", self.number, on=self.site.today, leaves="study", because=because
        )

    def _share_of_dose(self) -> float:
        truth, tolerance = self.site.truth, self.site.protocol.doses.tolerance_percent
        if self.chance.happens(truth.under_dosing):
            return self.chance.days(truth.under_dose_percent) / 100
        return 1 + self.chance.between(-tolerance, tolerance) / 200

    @property
    def _first_day(self) -> int:
        plan = self.site.protocol.lymphodepletion
        return plan.first_day if plan else -1

    @property
    def _last_day(self) -> int:
        plan = self.site.protocol.lymphodepletion
        return plan.last_day if plan else -1
