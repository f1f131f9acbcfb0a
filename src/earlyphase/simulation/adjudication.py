"""The reviewers: they look at each DLT window once, when it is over or when a toxicity is known to be dose-limiting."""

from typing import Any

from earlyphase.dates import add_days
from earlyphase.protocol.escalation import NotEvaluable
from earlyphase.simulation.events import Event
from earlyphase.simulation.fate import Fate
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.study.roles import Role
from earlyphase.study.standing import dose_received_percent

SEVERE = 3
"""A grade that a reviewer can take for a DLT. Source: CTCAE v5.0, grade 3 is severe."""


class Adjudication:
    """One participant's DLT window."""

    def __init__(self, site: Site, patient: Patient, fate: Fate, entries: dict[Event, int]) -> None:
        """Plan the review."""
        self.site, self.patient, self.fate, self.entries = site, patient, fate, entries
        window, end = site.protocol.dlt.window_days, fate.departure.day
        limiting = fate.dlt if fate.dlt and fate.dlt.known <= end else None
        self.event = limiting.event.cut(end) if limiting else None
        self.cut_short = self._cut_short(window)
        due = limiting.known if limiting else end if self.cut_short and end < window else window
        site.calendar.on(add_days(site.today, due + patient.chance.days(site.truth.adjudication_days)), self.review)

    def review(self) -> None:
        """Find, as soon as what is found is written down."""
        site = self.site
        if self.event is not None and self.event not in self.entries:
            site.calendar.after(1, self.review)
            return
        needed, finding = site.protocol.dlt.reviewers, self._finding()
        reviewers = [f"Simulated reviewer {number}" for number in range(1, needed + 2)]
        if needed == 1:
            self._record("dlt_adjudication", reviewers=reviewers[:1], **finding)
            return
        doubt = self._doubt() if finding["verdict"] == "no DLT" else None
        for number in range(1, needed + 1):
            said = doubt if doubt and number == needed else finding
            self._record("dlt_review", reviewer=reviewers[number - 1], **said)
        if doubt:
            self._record("dlt_review", reviewer=reviewers[needed], **finding)
        self._record("dlt_adjudication", because=finding["because"])

    def _record(self, record: str, /, **payload: Any) -> None:  # noqa: ANN401 - any field of any payload
        self.site.record(Role.COMMITTEE, record, self.patient.number, on=self.site.today, **payload)

    def _doubt(self) -> dict[str, Any] | None:
        """Give what a reviewer says who takes a severe event for a DLT, where the others do not."""
        severe = [
            (event, entry)
            for event, entry in self.entries.items()
            if event.grade >= SEVERE and 0 <= event.onset <= self.site.protocol.dlt.window_days
        ]
        if not severe or not self.patient.paper.happens(self.site.truth.reviewers_differ):
            return None
        event, entry = severe[0]
        because = f"{event.term} of grade {event.grade} is severe enough in my view."
        return {"verdict": "DLT", "adverse_event": entry, "because": because}

    def _finding(self) -> dict[str, Any]:
        if self.event is not None:
            because = f"{self.event.term} of grade {self.event.grade} meets the definition of the protocol."
            return {"verdict": "DLT", "adverse_event": self.entries[self.event], "because": because}
        infusion = self.site.person(self.patient.number).infusion
        least = self.site.protocol.escalation.evaluability.minimum_dose_percent
        short = self.cut_short
        if short is None and infusion and dose_received_percent(infusion) < least:
            short = NotEvaluable.UNDER_DOSED
        if short is not None:
            return {"verdict": "not evaluable", "not_evaluable": short, "because": f"Not evaluable: {short}."}
        return {"verdict": "no DLT", "because": "No event in the window meets the definition of the protocol."}

    def _cut_short(self, window: int) -> NotEvaluable | None:
        """Say what cuts the window short, if anything does."""
        departure, progression = self.fate.departure, self.fate.progression
        if departure.day < window:
            return {
                "death": NotEvaluable.DISEASE_DEATH,
                "withdrawal": NotEvaluable.WITHDRAWAL,
                "loss": NotEvaluable.LOST,
            }.get(departure.how)
        return NotEvaluable.PROGRESSION if progression is not None and progression < window else None
