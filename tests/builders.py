"""Builders for tests: a protocol, and a site that acts on a study day by day in the words of its people."""

import datetime as dt
import json
from typing import Any

from earlyphase.journal.entry import Entry
from earlyphase.journal.store import MemoryJournal
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.versions import ProtocolVersion
from earlyphase.study.commands import read_command
from earlyphase.study.desk import Author, Desk
from earlyphase.study.refusal import Refused
from earlyphase.study.state import Study

DAY_ONE = dt.date(2026, 1, 5)
UNIT = "10*6/kg"
SHA = "a" * 64
ASSUMED = {"basis": "assumed", "source": {"document": "builder", "place": "tests"}}

CRITERIA = (
    ("I1", "inclusion", "screening", "the disease is there"),
    ("E1", "exclusion", "enrolment", "another study"),
    ("E2", "exclusion", "infusion", "a steroid within 72 h"),
)


def a_protocol(**changes: Any) -> Protocol:
    """Make a small protocol: levels −1 to 3, 3+3, stagger of 28 and 14 days, a DLT window of 28 days."""
    levels = changes.pop("levels", ((-1, 0.25), (1, 0.5), (2, 1.0), (3, 2.0)))
    variant = changes.pop("variant", "six_at_mtd")
    stagger = changes.pop("stagger", {"after_first_of_level": 28, "between_others": 14})
    fields: dict[str, Any] = {
        "schema": 1,
        "study": "S1",
        "title": "A study of a product",
        "version": "1.0",
        "disease": "a leukaemia",
        "product": "a product",
        "planned_enrolment": {**ASSUMED, "count": 30},
        "doses": {
            **ASSUMED,
            "of": "cells",
            "tolerance_percent": 20,
            "levels": [{"level": level, "dose": {"value": dose, "unit": UNIT}} for level, dose in levels],
        },
        "escalation": {
            **ASSUMED,
            "rule": {**ASSUMED, "rule": "3+3", "variant": variant},
            "cohort_size": 3,
            "stagger": {**ASSUMED, **stagger},
            "evaluability": {
                **ASSUMED,
                "minimum_dose_percent": 80,
                "replaced": ["not infused", "under-dosed", "withdrawal before the end of the window"],
            },
        },
        "dlt": {
            **ASSUMED,
            "window_days": 28,
            "reviewers": 2,
            "clauses": [{"id": "any-4", "says": "any grade 4", "scale": "CTCAE", "min_grade": 4}],
        },
        "lymphodepletion": {**ASSUMED, "agents": ["fludarabine 30 mg/m2"], "first_day": -5, "last_day": -3},
        "schedule": {**ASSUMED, "assessments": {}, "visits": []},
        "criteria": [
            {**ASSUMED, "id": name, "kind": kind, "as_written": text, "as_interpreted": text, "stage": stage}
            for name, kind, stage, text in CRITERIA
        ],
        "endpoints": [],
        "expansion": {**ASSUMED, "total": 30},
    }
    return Protocol.model_validate(fields | changes)


class Site:
    """A study team in a test: each method is something that a person does, on a day, and answers as the desk does."""

    def __init__(self, protocol: Protocol | None = None, *, active: bool = True) -> None:
        """Open a study; its journal lies in memory."""
        self.protocol = protocol or a_protocol()
        self.protocols = {self.protocol.version: ProtocolVersion(self.protocol, SHA)}
        self.journal = MemoryJournal(self.protocol.study)
        self.desk = Desk(self.journal, self.protocols)
        self.now = dt.datetime.combine(DAY_ONE, dt.time(8), dt.UTC)
        if active:
            assert isinstance(self.activate(), Entry)

    @property
    def study(self) -> Study:
        """The state as it stands."""
        return self.desk.study

    def says(self, command: str, role: str, participant: str | None = None, /, **payload: Any) -> Entry | Refused:
        """Give a command, dated and recorded on its own day."""
        day = payload.get("on")
        if isinstance(day, dt.date):
            self.now = max(self.now, dt.datetime.combine(day, dt.time(8), dt.UTC))
        fields = {key: str(value) if isinstance(value, dt.date) else value for key, value in payload.items()}
        text = json.dumps({"command": command, "participant": participant, "payload": fields})
        return self.desk.do(read_command(text, "line 1"), Author("Li Wei", role), self.now)

    def activate(self, **changes: Any) -> Entry | Refused:
        """Activate the protocol on the first day."""
        fields = {"on": DAY_ONE, "purpose": "training", "approval": "Ethics committee, 2026-01-02"}
        return self.says("protocol_activated", "sponsor", **(fields | changes))

    def consents(self, participant: str, on: dt.date) -> Entry | Refused:
        """Take a consent."""
        return self.says("consent", "coordinator", participant, on=on, version="1.0")

    def confirms(self, participant: str, on: dt.date, stage: str = "enrolment", **changes: Any) -> Entry | Refused:
        """Confirm eligibility at a stage; every criterion is settled the right way unless changed by its id."""
        verdicts = [
            changes.get(name, {"criterion": name, "verdict": "met" if kind == "inclusion" else "not met"})
            for name, kind, _, _ in CRITERIA
        ]
        given = [verdict for verdict in verdicts if verdict is not None]
        return self.says("eligibility_confirmed", "investigator", participant, on=on, stage=stage, verdicts=given)

    def enrols(self, participant: str, on: dt.date, **changes: Any) -> Entry | Refused:
        """Enrol at the open level."""
        return self.says("enrolment", "coordinator", participant, on=on, **changes)

    def admits(self, participant: str, on: dt.date) -> Entry | Refused:
        """Take consent, confirm eligibility and enrol, on one day."""
        self.consents(participant, on)
        self.confirms(participant, on)
        return self.enrols(participant, on)

    def prepares(self, participant: str, infusion: dt.date) -> None:
        """Collect, release, condition and re-check for an infusion on a day."""
        for command, before, fields in (
            ("leukapheresis", 20, {}),
            ("product_released", 8, {"lot": f"lot-{participant}"}),
            ("lymphodepletion", 3, {"agents": ["fludarabine"], "first_day": infusion - dt.timedelta(5)}),
        ):
            day = infusion - dt.timedelta(before)
            answer = self.says(command, "coordinator", participant, on=day, **fields)
            assert isinstance(answer, Entry), answer
        assert isinstance(self.confirms(participant, infusion, "infusion"), Entry)

    def infuses(self, participant: str, on: dt.date, given: float | None = None, **changes: Any) -> Entry | Refused:
        """Infuse; the assigned dose unless another was given."""
        person = self.study.participants.get(participant)
        level = changes.get("level", person.level if person else None)
        dose = given if given is not None else self.protocol.doses.dose(level or 1).value
        fields = {"administered": {"value": dose, "unit": UNIT}, "lot": f"lot-{participant}"}
        return self.says("infusion", "coordinator", participant, on=on, **(fields | changes))

    def treats(self, participant: str, infusion: dt.date) -> Entry:
        """Take a participant from consent to infusion."""
        admitted = self.admits(participant, infusion - dt.timedelta(21))
        assert isinstance(admitted, Entry), admitted
        self.prepares(participant, infusion)
        answer = self.infuses(participant, infusion)
        assert isinstance(answer, Entry), answer
        return answer

    def sees(self, participant: str, onset: dt.date, grade: int = 4, **changes: Any) -> Entry | Refused:
        """Record an adverse event."""
        fields = {
            "term": "Seizure",
            "system_class": "Nervous system disorders",
            "grade": grade,
            "onset": onset,
            "relatedness": "related",
        }
        self.now = max(self.now, dt.datetime.combine(onset, dt.time(8), dt.UTC))
        return self.says("adverse_event", "investigator", participant, **(fields | changes))

    def finds(self, participant: str, on: dt.date, verdict: str = "no DLT", **changes: Any) -> Entry | Refused:
        """Have the two reviewers review a DLT window alike, and adjudicate it."""
        fields = {"on": on, "verdict": verdict, "reviewers": ["A. Reviewer", "B. Reviewer"], "because": "reviewed"}
        fields |= changes
        for reviewer in fields["reviewers"]:
            self.reviews(participant, reviewer, **{name: fields[name] for name in fields if name != "reviewers"})
        return self.says("dlt_adjudication", "committee", participant, **fields)

    def reviews(
        self, participant: str, reviewer: str, on: dt.date, verdict: str = "no DLT", **changes: Any
    ) -> Entry | Refused:
        """Review a DLT window as one reviewer."""
        fields = {"on": on, "verdict": verdict, "reviewer": reviewer, "because": "reviewed"}
        return self.says("dlt_review", "committee", participant, **(fields | changes))

    def finds_dlt(self, participant: str, on: dt.date) -> Entry | Refused:
        """Record a grade 4 event on a day, and find it a DLT on the same day."""
        event = self.sees(participant, on)
        assert isinstance(event, Entry), event
        return self.finds(participant, on, "DLT", adverse_event=event.seq)

    def decides(self, on: dt.date, decision: str = "as recommended", **changes: Any) -> Entry | Refused:
        """Decide on the dose."""
        return self.says("dose_decision", "committee", on=on, decision=decision, members=["C. Chair"], **changes)


def day(number: int) -> dt.date:
    """Give a day of the test's calendar; day 0 is the activation."""
    return DAY_ONE + dt.timedelta(number)


def three_treated(site: Site, first: int = 30, names: tuple[str, ...] = ("001", "002", "003")) -> tuple[int, ...]:
    """Treat three participants at the open level as early as the stagger allows; give the days of their infusions."""
    days = (first, first + 28, first + 42)
    for name, infusion in zip(names, days, strict=True):
        site.treats(name, day(infusion))
    return days


def rules_of(answer: Entry | Refused) -> set[str]:
    """Give the rules that refused; none when it was recorded."""
    return {reason.rule for reason in answer.reasons} if isinstance(answer, Refused) else set()
