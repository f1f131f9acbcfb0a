"""The sponsor: sends the expedited reports that serious events call for, mostly in time."""

import datetime as dt
from collections.abc import Callable

from earlyphase.dates import add_days
from earlyphase.simulation.chance import REPORTS, Chance
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.study.reporting import Clock, clocks_of, jurisdictions_of
from earlyphase.study.roles import Role


class Reports:
    """The reports on one participant's events."""

    def __init__(self, site: Site, patient: Patient) -> None:
        """Begin with none."""
        self.site, self.number = site, patient.number
        self.chance = Chance(site.seed, REPORTS, patient.index)

    def plan(self, entry: int) -> None:
        """Plan every report that an event calls for."""
        site, person = self.site, self.site.person(self.number)
        fact = next(fact for fact in person.adverse_events if fact.entry == entry)
        for clock in clocks_of(person, fact, site.today, jurisdictions_of(site.protocol)):
            site.calendar.on(self._day(clock), self._sends(clock))

    def _day(self, clock: Clock) -> dt.date:
        """Choose a day: some days before it is due, or after."""
        truth, due = self.site.truth, clock.deadline.due
        if self.chance.happens(truth.report_late):
            return add_days(due, self.chance.days(truth.report_late_days))
        return add_days(due, -self.chance.days(truth.report_before_days))

    def _sends(self, clock: Clock) -> Callable[[], None]:
        def send() -> None:
            self.site.record(
                Role.SPONSOR,
                "safety_report",
                self.number,
                on=self.site.today,
                adverse_event=clock.entry,
                jurisdiction=clock.deadline.jurisdiction,
                report=clock.deadline.report,
            )

        return send
