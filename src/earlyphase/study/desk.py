"""The only write path: read the head, reconstruct, check, append, or refuse."""

import datetime as dt
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Draft, Entry, Kind, write_time
from earlyphase.journal.payloads import label, payload_type, write_payload
from earlyphase.journal.payloads.conduct import DataLock, DoseDecision, ProtocolActivated, ProtocolAmended, Signature
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.store import HeadMoved, Journal
from earlyphase.protocol.versions import Protocols
from earlyphase.study import rules_conduct
from earlyphase.study.commands import Command, Correct, Record, Sign, Void, invalid_fields
from earlyphase.study.filling import filled
from earlyphase.study.reconstruct import Reconstruction
from earlyphase.study.refusal import Reason, Refused
from earlyphase.study.roles import may
from earlyphase.study.rules import (
    correction_reasons,
    missing_steps,
    new_course_reasons,
    not_in_the_future,
    reasons_against,
)
from earlyphase.study.rules_team import still_on_the_team
from earlyphase.study.state import Fact, Participant, Study

FINAL: tuple[type[Payload], ...] = (
    ProtocolActivated,
    ProtocolAmended,
    DoseDecision,
    DataLock,
    Signature,
    RoleGranted,
    RoleEnded,
)
"""Acts of the study that others have relied on: they are followed by another act, never corrected or voided."""


class Author(NamedTuple):
    """Who acts, and as what."""

    name: str
    role: str
    user: str | None = None
    """The user name, where somebody is logged in: then the delegation log must say that the role is theirs."""


class _Target(NamedTuple):
    """An entry that is to be corrected or voided, and whose it is."""

    person: Participant | None
    fact: Fact[Payload]


class Desk:
    """Where a person acts on a study. It keeps the state between acts; the journal alone is the truth."""

    def __init__(self, journal: Journal, protocols: Protocols, read: Reconstruction | None = None) -> None:
        """Read the journal and reconstruct the study.

        Args:
            journal: where acts are written.
            protocols: the versions of the protocol.
            read: what the journal was found to say just before; then it is not read again.

        Raises:
            Broken: the journal is damaged.
        """
        self._journal = journal
        self._fold = read.copy() if read else Reconstruction(protocols)
        for entry in () if read else journal.read():
            self._fold.add(entry)
        self.study: Study = self._fold.study()

    def do(self, command: Command, by: Author, at: dt.datetime) -> Entry | Refused:
        """Carry out a command, or say why not.

        Args:
            command: what is asked.
            by: who asks, and in which role.
            at: the moment of recording.

        Raises:
            InvalidInput: the command's payload is malformed; nothing was written.
        """
        moment = command.recorded_at or at
        on_the_team = still_on_the_team(self.study, by.user, by.name, by.role, moment)
        if refused := (*self._not_now(command, moment), *on_the_team):
            return Refused(refused)
        match command:
            case Record():
                return self._record(command, by, moment)
            case Correct():
                return self._correct(command, by, moment)
            case Void():
                return self._void(command, by, moment)
            case Sign():
                return self._sign(command, by, moment)

    def _not_now(self, command: Command, moment: dt.datetime) -> list[Reason]:
        last = self.study.recorded_until
        if command.recorded_at is not None and not self.study.simulated:
            return [
                Reason("clock", "recorded_at cannot be given: in a study the clock decides.", remedy="Leave it out.")
            ]
        if last is not None and write_time(moment) < last:
            return [
                Reason(
                    "clock",
                    f"it is {write_time(moment)}, before the last entry ({last}).",
                    remedy="Set the clock right.",
                )
            ]
        return []

    def _record(self, command: Record, by: Author, at: dt.datetime) -> Entry | Refused:
        kind = payload_type(command.command, "command")
        try:
            payload = _validated(kind, filled(self.study, kind, command.participant, command.payload, by.name))
        except InvalidInput:
            if reasons := tuple(missing_steps(self.study, command.participant, kind)):
                return Refused(reasons)
            raise
        reasons = (*may(by.role, kind), *reasons_against(self.study, command.participant, payload, at))
        if reasons:
            return Refused(reasons)
        return self._append(
            Draft(at, by.name, by.role, Kind.RECORDED, label(kind), command.participant, write_payload(payload))
        )

    def _correct(self, command: Correct, by: Author, at: dt.datetime) -> Entry | Refused:
        target = self._target(command.entry)
        if isinstance(target, Refused):
            return target
        person, fact = target
        kind = type(fact.payload)
        payload = _validated(kind, command.payload)
        reasons = [*may(by.role, kind), *rules_conduct.active(self.study, payload), *not_in_the_future(payload, at)]
        if person is not None:
            reasons += correction_reasons(self.study, person, fact, payload)
        if payload == fact.payload:
            reasons.append(Reason("no change", f"entry {command.entry} says that already."))
        if reasons:
            return Refused(tuple(reasons))
        return self._append(
            Draft(
                at,
                by.name,
                by.role,
                Kind.CORRECTED,
                label(kind),
                _id(person),
                write_payload(payload),
                fact.latest,
                command.reason,
            )
        )

    def _void(self, command: Void, by: Author, at: dt.datetime) -> Entry | Refused:
        target = self._target(command.entry)
        if isinstance(target, Refused):
            return target
        person, fact = target
        kind = type(fact.payload)
        reasons = [*may(by.role, kind), *rules_conduct.active(self.study, fact.payload)]
        if person is not None:
            reasons += new_course_reasons(person, person.replacing(fact.entry, None))
        if reasons:
            return Refused(tuple(reasons))
        return self._append(
            Draft(at, by.name, by.role, Kind.VOIDED, label(kind), _id(person), "{}", fact.latest, command.reason)
        )

    def _sign(self, command: Sign, by: Author, at: dt.datetime) -> Entry | Refused:
        payload = Signature(meaning=command.meaning, printed_name=command.printed_name, covers=self.study.head.hash)
        reasons = list(may(by.role, Signature))
        if self.study.version is None:
            reasons.append(Reason("not active", "there is nothing to sign: the protocol is not active."))
        if reasons:
            return Refused(tuple(reasons))
        return self._append(Draft(at, by.name, by.role, Kind.SIGNED, label(Signature), None, write_payload(payload)))

    def _target(self, entry: int) -> _Target | Refused:
        for holder in (self.study, *self.study.participants.values()):
            for facts in holder.facts.values():
                for fact in facts:
                    if fact.latest == entry:
                        return _final(fact) or _Target(holder if isinstance(holder, Participant) else None, fact)
                    if fact.entry == entry:
                        return _refused(
                            "superseded",
                            f"entry {entry} was corrected by entry {fact.latest}.",
                            f"Name entry {fact.latest}.",
                        )
        return _refused(
            "no entry",
            f"there is no entry {entry} that stands: it was never made, or was voided.",
            "Look at the journal.",
        )

    def _append(self, draft: Draft) -> Entry | Refused:
        try:
            (entry,) = self._journal.append([draft], self.study.head)
        except HeadMoved as moved:
            return _refused("changed", f"{moved}.", "Nothing was written.")
        self._fold.add(entry)
        self.study = self._fold.study()
        return entry


def _validated(kind: type[Payload], fields: dict[str, Any]) -> Payload:
    try:
        return kind.model_validate_json(_as_json(fields))
    except ValidationError as fault:
        raise invalid_fields(kind.record, fault) from None


def _as_json(fields: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(fields)
    except TypeError as fault:
        raise InvalidInput("payload", None, f"is not JSON: {fault}.") from None


def _final(fact: Fact[Payload]) -> Refused | None:
    if isinstance(fact.payload, FINAL):
        return _refused(
            "final",
            f"entry {fact.latest} ({fact.payload.record}) is not corrected or voided.",
            "Follow it by another act.",
        )
    return None


def _refused(rule: str, message: str, remedy: str) -> Refused:
    return Refused((Reason(rule, message, remedy=remedy),))


def _id(person: Participant | None) -> str | None:
    return person.id if person else None
