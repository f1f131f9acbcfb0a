"""Rules for the delegation log: one role at a time, and only a role that is held can end."""

import datetime as dt
from collections.abc import Iterator

from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.study.refusal import Reason
from earlyphase.study.state import Study
from earlyphase.study.team import Delegation, delegation_log, role_of


def delegation(study: Study, payload: RoleGranted | RoleEnded) -> Iterator[Reason]:
    """A person has one role at a time, and what ends is a role that has not ended."""
    held = _open(study, payload.person, payload.on)
    if isinstance(payload, RoleGranted) and held is not None:
        yield Reason(
            "one role",
            f"{payload.person} is {held.role} of {study.name} since {held.since} (entry {held.entry}).",
            remedy="End that role first.",
        )
    if isinstance(payload, RoleEnded):
        yield from _can_end(study, payload, held)


def still_on_the_team(study: Study, person: str | None, name: str, role: str, at: dt.datetime) -> Iterator[Reason]:
    """Who acts under a user name has that role at the moment of acting."""
    if person is not None and role_of(study, person, at.astimezone(dt.UTC).date()) != role:
        yield Reason(
            "team",
            f"{name} ({person}) is not {role} of {study.name} now.",
            remedy="Ask for the role: the delegation log says who has which.",
        )


def _can_end(study: Study, payload: RoleEnded, held: Delegation | None) -> Iterator[Reason]:
    if held is None:
        yield Reason(
            "no role", f"{payload.person} has no role in {study.name} that could end.", remedy="Look at the team."
        )
    elif payload.on < held.since:
        yield Reason(
            "no role",
            f"{payload.person} is {held.role} since {held.since}: that cannot end on {payload.on}, before it began.",
            remedy="Correct the date.",
        )


def _open(study: Study, person: str, day: dt.date) -> Delegation | None:
    """Find the role of a person that was not ended, and does not run out before a day."""
    for one in delegation_log(study):
        if one.person == person and one.ended_entry is None and (one.until is None or one.until >= day):
            return one
    return None
