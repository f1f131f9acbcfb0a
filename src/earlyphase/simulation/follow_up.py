"""What a site writes down after an infusion: visits, events, the disease, and how observation ends."""

import datetime as dt
from typing import Any

from earlyphase.dates import add_days
from earlyphase.protocol.schedule import Visit
from earlyphase.simulation.adjudication import Adjudication
from earlyphase.simulation.bedside import chart_days, chart_row
from earlyphase.simulation.events import CTCAE, Event
from earlyphase.simulation.fate import Fate, draw_fate
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.reports import Reports
from earlyphase.simulation.site import Site
from earlyphase.simulation.visits import examine
from earlyphase.study.roles import Role

SURVIVAL = ("survival", "adverse_events")
"""What is still asked for after relapse or progression."""


class FollowUp:
    """One participant from the infusion to the end of observation."""

    def __init__(self, site: Site, patient: Patient) -> None:
        """Draw what is to happen, and plan when it is written down."""
        self.site, self.patient, self.number = site, patient, patient.number
        self.infused_on = patient.infused_on = site.today
        level = site.person(patient.number).level or 0
        self.fate: Fate = draw_fate(site.truth, site.protocol, level, patient.chance)
        patient.fate = self.fate
        self.entries: dict[Event, int] = {}
        """The entries of the events that have been written down."""
        self.reports = Reports(site, patient)
        self._plan_visits()
        for event in self.fate.events:
            site.calendar.on(self._entry_day(event), lambda event=event: self._enter_event(event))
            self._plan_chart(event)
        self._plan_disease()
        site.calendar.on(self._day(self.fate.departure.day), self._depart)
        Adjudication(site, patient, self.fate, self.entries)

    def _day(self, day: int) -> dt.date:
        return add_days(self.infused_on, day)

    def _plan_visits(self) -> None:
        chance, end = self.patient.chance, self.fate.departure.day
        for visit in self.site.protocol.schedule.visits:
            day = visit.day if visit.first == visit.last else visit.day + int(chance.between(-2, 3))
            day = min(max(day, visit.first), visit.last)
            late = visit.day > self.site.protocol.dlt.window_days
            missed = late and chance.happens(self.site.truth.missed_visit)
            if 0 <= day <= end and not missed:
                self.site.calendar.on(self._day(day), lambda visit=visit, day=day: self._see(visit, day))

    def _see(self, visit: Visit, day: int) -> None:
        if self.fate.progression is not None and day > self.fate.progression:
            visit = visit.model_copy(update={"assessments": tuple(a for a in visit.assessments if a in SURVIVAL)})
        examine(self.site, self.patient, visit)

    def _plan_chart(self, event: Event) -> None:
        """CRS and ICANS are charted at the bedside, and the rows written down on their day."""
        for day in chart_days(event, self.fate.departure.day - 1):
            self.site.calendar.on(self._day(day), lambda day=day: self._chart(event, day))

    def _chart(self, event: Event, day: int) -> None:
        row = chart_row(event, day)
        self.site.record(Role.COORDINATOR, "bedside_chart", self.number, on=self._day(day), **row)

    def _entry_day(self, event: Event) -> dt.date:
        """An event is entered when the site knows of it; the one that kills, when it has."""
        known = max(event.onset, 0) if event.grade < DEATH else self.fate.departure.day
        return self.site.entered(self.patient, self._day(known))

    def _enter_event(self, event: Event) -> None:
        site = self.site
        entry = site.record(Role.INVESTIGATOR, "adverse_event", self.number, **self._payload(event))
        self.entries[event] = entry.seq
        self.reports.plan(entry.seq)
        if event.ends is not None and self._day(event.ends) > site.today:
            resolved = site.entered(self.patient, self._day(event.ends))
            site.calendar.on(resolved, lambda: self._resolve(event, entry.seq))

    def _resolve(self, event: Event, entry: int) -> None:
        reason = f"The event resolved on {self._day(event.ends or 0)}."
        self.site.correct(Role.INVESTIGATOR, entry, reason, self._payload(event))

    def _payload(self, event: Event) -> dict[str, Any]:
        today = self.site.today
        steps = [(self._day(day), grade) for day, grade in event.steps]
        resolved = self._day(event.ends) if event.ends is not None else None
        known: dict[str, Any] = {
            "course": [{"on": on, "grade": grade} for on, grade in steps if on <= today],
            "resolved": str(resolved) if resolved and resolved <= today else None,
            "cause": event.cause,
            "aware_on": self._day(max(event.onset, 0)) if event.serious else None,
        }
        return {name: value for name, value in known.items() if value} | {
            "term": event.term,
            "system_class": event.system_class,
            "dictionary": event.dictionary,
            "scale": event.scale,
            "grade": event.grade,
            "onset": str(self._day(event.onset)),
            "relatedness": "related" if event.related and event.scale != CTCAE else _RELATED[event.related],
            "serious": event.serious,
        }

    def _plan_disease(self) -> None:
        disease, end = self.fate.disease, self.fate.departure.day
        known = "relapse" if disease.response else "progression"
        for day, record, payload in (
            (disease.progression, "relapse", {"kind": known, "site": "marrow"}),
            (disease.transplant, "transplant", {"kind": "allogeneic"}),
            (disease.new_therapy, "new_therapy", {"therapy": "chemotherapy"}),
        ):
            if day is not None and day <= end:
                on = self._day(day)
                entered = self.site.entered(self.patient, on)
                self.site.calendar.on(entered, lambda r=record, p=payload, on=on: self._enter(r, on=on, **p))

    def _depart(self) -> None:
        departure = self.fate.departure
        match departure.how:
            case "death":
                self.site.calendar.on(self.site.entered(self.patient, self.site.today), self._die)
            case "withdrawal":
                because = "The participant no longer wishes to be followed."
                self._enter("withdrawal", on=self.site.today, leaves="study", because=because)
            case "loss":
                seen = self._day(max(departure.day - 1, 0))
                after = self.site.calendar.after
                after(30, lambda: self._enter("loss_to_follow_up", on=self.site.today, last_contact=seen))
            case "last visit":
                return

    def _die(self) -> None:
        departure = self.fate.departure
        fatal = [seq for event, seq in self.entries.items() if event.grade == DEATH]
        named = {"adverse_event": fatal[0]} if departure.cause == "adverse event" and fatal else {}
        self._enter("death", on=self._day(departure.day), cause=departure.cause,
                    cause_text=_CAUSES[departure.cause or "other"], **named)  # fmt: skip

    def _enter(self, record: str, /, **payload: Any) -> None:  # noqa: ANN401 - any field of any payload
        self.site.record(Role.INVESTIGATOR, record, self.number, **payload)


DEATH = 5

_RELATED = {True: "possibly related", False: "not related"}

_CAUSES = {
    "disease": "Progression of the disease.",
    "adverse event": "Toxicity of the treatment.",
    "other": "Infection in remission.",
}
