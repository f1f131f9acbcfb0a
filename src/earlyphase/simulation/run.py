"""Runs a study from its activation to its end, or to a day, in simulated time."""

import datetime as dt
from collections.abc import Callable

from earlyphase.dates import add_days
from earlyphase.journal.store import MemoryJournal
from earlyphase.protocol.versions import Protocols
from earlyphase.simulation.chance import ARRIVALS, PAPER, PEOPLE, YEAR, Chance
from earlyphase.simulation.committee import Committee
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.screening import Screening
from earlyphase.simulation.site import Site
from earlyphase.simulation.treatment import Ward
from earlyphase.simulation.truth import Truth
from earlyphase.study.cohorts import Phase, escalation
from earlyphase.study.roles import Role
from earlyphase.study.state import Study

Progress = Callable[[dt.date, Study], None]


def simulate(
    protocols: Protocols, truth: Truth, seed: int, until: dt.date | None = None, progress: Progress | None = None
) -> MemoryJournal:
    """Simulate a study through the same commands as a real one.

    Args:
        protocols: the versions of the study's protocol; the first is activated.
        truth: what decides the fate of virtual participants.
        seed: the same seed gives the same journal, byte for byte.
        until: the last day on which something is entered; by default the study runs to its data lock.
        progress: is told every simulated day and the study as it stands.

    Returns:
        The journal. Its purpose is `simulation`.
    """
    journal = MemoryJournal(next(iter(protocols.values())).protocol.study)
    Simulation(Site(journal, protocols, truth, seed)).run(until, progress)
    return journal


class Simulation:
    """Referral, slots and the passing of the days."""

    def __init__(self, site: Site) -> None:
        """Begin with nobody."""
        self.site = site
        self.ward = Ward(site)
        self.committee = Committee(site)
        self.arrivals = Chance(site.seed, ARRIVALS)
        self.referred = 0
        self.waiting: list[Patient] = []
        self.screenings: list[Screening] = []

    def run(self, until: dt.date | None, progress: Progress | None) -> None:
        """Pass the days, and lock the data when nothing is left to be done."""
        site = self.site
        site.record(Role.SPONSOR, "protocol_activated", on=site.today, purpose="simulation",
                    approval="Simulated approval; no ethics committee was asked.")  # fmt: skip
        end = add_days(site.today, int(site.truth.give_up_after_years * YEAR))
        self._await_referral()
        for day in site.calendar.days(min(until or end, end)):
            self.committee.look()
            self._fill_slots()
            if progress:
                progress(day, site.study)
        if site.calendar.empty:
            site.record(Role.SPONSOR, "data_lock", on=site.today, because="Follow-up is complete.")
            site.sign(Role.SPONSOR, "The data are complete and locked.")

    def _await_referral(self) -> None:
        if not self._closed:
            days = int(self.arrivals.after_rate(12 * self.site.truth.accrual_per_month)) + 1
            self.site.calendar.after(days, self._refer)

    def _refer(self) -> None:
        self.referred += 1
        chance = Chance(self.site.seed, PEOPLE, self.referred)
        paper = Chance(self.site.seed, PAPER, self.referred)
        until = add_days(self.site.today, chance.days(self.site.truth.patience_days))
        self.waiting.append(Patient(self.referred, until, chance, paper))
        self._await_referral()

    def _fill_slots(self) -> None:
        """Take consent of those who wait, as long as there are slots for all who are being screened."""
        self.waiting = [patient for patient in self.waiting if patient.until >= self.site.today]
        self.screenings = [screening for screening in self.screenings if not screening.over]
        free = 0 if self.site.study.suspended else escalation(self.site.study).slots_free
        for patient in self.waiting[: max(0, free - len(self.screenings))]:
            self.waiting.remove(patient)
            patient.number = f"{len(self.site.study.participants) + 1:03}"
            self.screenings.append(Screening(self.site, self.ward, patient))

    @property
    def _closed(self) -> bool:
        """Whether nobody will be taken any more."""
        now = escalation(self.site.study)
        return now.opening.phase is Phase.CLOSED or (now.opening.phase is Phase.EXPANSION and now.slots_free == 0)
