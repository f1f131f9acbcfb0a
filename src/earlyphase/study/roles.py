"""Who may do what: one table."""

from collections.abc import Iterator
from enum import StrEnum

from earlyphase.journal.payloads import TYPES, checking, conduct, delegation, entering, safety
from earlyphase.journal.payloads.delegation import Role
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.refusal import Reason

ADMINISTRATOR = "administrator"
"""Who runs the site, at its command line: not of the team, and may do nothing but say who is."""

BY_ADMINISTRATOR: frozenset[type[Payload]] = frozenset({delegation.RoleGranted, delegation.RoleEnded})
"""The acts by which a team comes into being."""

_SITE = frozenset({Role.INVESTIGATOR, Role.COORDINATOR})
_WHO_ASKS = frozenset({Role.MONITOR, Role.STATISTICIAN, Role.SPONSOR})

_SPECIAL: dict[type[Payload], frozenset[Role]] = {
    delegation.RoleGranted: frozenset({Role.SPONSOR, Role.INVESTIGATOR}),
    delegation.RoleEnded: frozenset({Role.SPONSOR, Role.INVESTIGATOR}),
    conduct.ProtocolActivated: frozenset({Role.SPONSOR, Role.INVESTIGATOR}),
    conduct.ProtocolAmended: frozenset({Role.SPONSOR, Role.INVESTIGATOR}),
    conduct.DoseDecision: frozenset({Role.COMMITTEE}),
    conduct.StudySuspended: frozenset({Role.SPONSOR, Role.INVESTIGATOR, Role.COMMITTEE}),
    conduct.StudyResumed: frozenset({Role.SPONSOR, Role.COMMITTEE}),
    conduct.DataLock: frozenset({Role.SPONSOR, Role.STATISTICIAN}),
    conduct.Signature: frozenset(Role) - {Role.MONITOR},
    checking.Query: _WHO_ASKS,
    checking.QueryClosed: _WHO_ASKS,
    checking.SourceVerified: frozenset({Role.MONITOR}),
    entering.EligibilityConfirmed: frozenset({Role.INVESTIGATOR}),
    safety.DltReview: frozenset({Role.INVESTIGATOR, Role.COMMITTEE}),
    safety.SafetyReport: frozenset({Role.SPONSOR, Role.INVESTIGATOR, Role.COORDINATOR}),
    safety.DltAdjudication: frozenset({Role.INVESTIGATOR, Role.COMMITTEE}),
}

ACTS: dict[type[Payload], frozenset[Role]] = {kind: _SPECIAL.get(kind, _SITE) for kind in TYPES}
"""The roles that may record each type of payload; whoever may record it may correct and void it."""


class AccountAct(StrEnum):
    """What is done with the account of somebody else. It is no part of a study, and stands in the account log."""

    ADD = "add people"
    ISSUE = "issue a first password"
    TAKE_FACTOR = "take away a second factor"
    UNLOCK = "end a lock-out"
    DEACTIVATE = "deactivate people"


_WHO_GIVES_ROLES = ACTS[delegation.RoleGranted]
_WHO_DECIDES_NOTHING_CLINICAL = frozenset({Role.SPONSOR})

ON_ACCOUNTS: dict[AccountAct, frozenset[Role]] = {
    AccountAct.ADD: _WHO_DECIDES_NOTHING_CLINICAL,
    AccountAct.ISSUE: _WHO_DECIDES_NOTHING_CLINICAL,
    AccountAct.TAKE_FACTOR: _WHO_DECIDES_NOTHING_CLINICAL,
    AccountAct.UNLOCK: _WHO_GIVES_ROLES,
    AccountAct.DEACTIVATE: _WHO_GIVES_ROLES,
}
"""The roles that may do each: who knows another's first password neither reviews nor decides."""


def may_on_accounts(role: str, act: AccountAct) -> Iterator[Reason]:
    """Refuse an act on an account to a role that may not do it."""
    allowed = ON_ACCOUNTS[act]
    if role not in allowed:
        who = ", ".join(sorted(allowed))
        yield Reason("role", f"{role} may not {act}: that is for {who}.", remedy="Ask one of them.")


def may(role: str, kind: type[Payload]) -> Iterator[Reason]:
    """Refuse an act to a role that may not do it."""
    allowed = ACTS[kind]
    if role == ADMINISTRATOR and kind in BY_ADMINISTRATOR:
        return
    if role not in allowed:
        who = ", ".join(sorted(allowed))
        known = "" if role in tuple(Role) else f" {role!r} is not a role; the roles are {', '.join(Role)}."
        yield Reason(
            "role", f"{role} may not record {kind.record}: that is for {who}.{known}", remedy="Ask one of them."
        )
