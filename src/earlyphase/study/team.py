"""The team of a study: who has which role on a day, by the delegation log."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.journal.payloads.delegation import Role, RoleEnded, RoleGranted
from earlyphase.study.state import Fact, Study


@dataclass(frozen=True, slots=True)
class Delegation:
    """One line of the delegation log: a role, from its grant to its end."""

    entry: int
    """The entry of the grant."""
    person: str
    """The user name."""
    printed_name: str
    role: Role
    tasks: tuple[str, ...]
    since: dt.date
    until: dt.date | None
    """The last day that the grant names."""
    granted_by: str
    ended_on: dt.date | None = None
    """The first day without the role, where it was ended."""
    ended_entry: int | None = None
    ended_by: str | None = None
    because: str | None = None
    """Why it was ended."""

    def stands(self, day: dt.date) -> bool:
        """Whether the person has the role on a day."""
        begun = self.since <= day and (self.until is None or day <= self.until)
        return begun and (self.ended_on is None or day < self.ended_on)


def delegation_log(study: Study) -> tuple[Delegation, ...]:
    """Give every role that was ever granted, in the order of the grants."""
    return tuple(_lines(study))


def team(study: Study, day: dt.date) -> tuple[Delegation, ...]:
    """Give who has a role on a day."""
    return tuple(one for one in delegation_log(study) if one.stands(day))


def role_of(study: Study, person: str, day: dt.date) -> Role | None:
    """Give the role of a person on a day, by the user name; None for who is not on the team."""
    return next((one.role for one in team(study, day) if one.person == person), None)


def _lines(study: Study) -> Iterator[Delegation]:
    ends = study.all(RoleEnded)
    for granted in study.all(RoleGranted):
        payload = granted.payload
        after = (one for one in ends if one.payload.person == payload.person and one.entry > granted.entry)
        end = min(after, key=lambda one: one.entry, default=None)
        yield _line(granted, end)


def _line(granted: Fact[RoleGranted], end: Fact[RoleEnded] | None) -> Delegation:
    payload = granted.payload
    return Delegation(
        entry=granted.entry,
        person=payload.person,
        printed_name=payload.printed_name,
        role=payload.role,
        tasks=payload.tasks,
        since=payload.on,
        until=payload.until,
        granted_by=granted.recorded_by,
        ended_on=end.payload.on if end else None,
        ended_entry=end.entry if end else None,
        ended_by=end.recorded_by if end else None,
        because=end.payload.because if end else None,
    )
