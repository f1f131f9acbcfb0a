"""Who may do what: one table."""

from collections.abc import Iterator

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
