"""Signatures as they stand: what each covers, whether that has changed since, and what this means for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.journal.entry import GENESIS, Entry, Kind
from earlyphase.journal.payloads import kind_of
from earlyphase.journal.payloads.conduct import DoseDecision, Signature
from earlyphase.journal.payloads.entering import Enrolment
from earlyphase.journal.payloads.leaving import LossToFollowUp, Withdrawal
from earlyphase.journal.payloads.payload import Payload
from earlyphase.journal.payloads.safety import Death, DltAdjudication
from earlyphase.journal.payloads.treatment import Infusion, ProductFailed, ProductReleased
from earlyphase.study.discordance import Discordance, discordant_decisions
from earlyphase.study.state import Fact, Study


class SignatureState(StrEnum):
    """Whether a signature still covers what it was put under."""

    VALID = "valid"
    BROKEN = "broken"
    """Something that it covers was corrected or voided since."""
    NOT_IN_CHAIN = "not in the chain"
    """The journal has no entry with the hash that was signed: it was altered, or the signature is of another one."""


RESTS_ON: tuple[type[Payload], ...] = (
    Enrolment,
    Infusion,
    ProductReleased,
    ProductFailed,
    DltAdjudication,
    Withdrawal,
    LossToFollowUp,
    Death,
)
"""What a decision on the dose rests on: all that a participant's standing towards the DLT rate is made from."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that was corrected or voided after somebody had signed it."""

    entry: int
    by: int
    kind: type[Payload]


@dataclass(frozen=True, slots=True)
class SignatureNow:
    """One signature, and what became of what it covers."""

    signature: Fact[Signature]
    covers: int | None
    """The last entry that it covers; None where no entry has that hash."""
    changed: tuple[Change, ...]
    """What it covers and was corrected or voided since."""

    @property
    def state(self) -> SignatureState:
        """Whether it still holds."""
        if self.covers is None:
            return SignatureState.NOT_IN_CHAIN
        return SignatureState.BROKEN if self.changed else SignatureState.VALID


class DecisionState(StrEnum):
    """How far one can lean on a decision."""

    VALID = "valid"
    NOT_SIGNED = "not signed"
    BROKEN = "signature broken"
    """Something that it rests on was corrected or voided since, or the chain does not hold what was signed."""
    DISCORDANT = "discordant"
    """By what is known now, the design would recommend something else."""


@dataclass(frozen=True, slots=True)
class DecisionNow:
    """One decision with its signatures, and what they are worth today."""

    decision: Fact[DoseDecision]
    signatures: tuple[SignatureNow, ...]
    based_on: int | None
    """The entry whose head the committee saw; None where no entry has that hash."""
    discordance: Discordance | None

    @property
    def state(self) -> DecisionState:
        """What matters most."""
        if self.discordance is not None:
            return DecisionState.DISCORDANT
        if not self.signatures:
            return DecisionState.NOT_SIGNED
        lost = self.based_on is None or any(one.covers is None for one in self.signatures)
        return DecisionState.BROKEN if lost or self.broken_by else DecisionState.VALID

    @property
    def broken_by(self) -> tuple[Change, ...]:
        """What it rests on and was changed since it was signed."""
        return tuple(one for one in self._changed if one.kind in RESTS_ON)

    @property
    def corrected_beside(self) -> tuple[Change, ...]:
        """What was known then and was changed since, and has no part in the decision."""
        return tuple(one for one in self._changed if one.kind not in RESTS_ON)

    @property
    def _changed(self) -> tuple[Change, ...]:
        return tuple(dict.fromkeys(one for signature in self.signatures for one in signature.changed))


def signatures_now(study: Study, entries: Sequence[Entry]) -> tuple[SignatureNow, ...]:
    """Hold every signature against the journal as it is now.

    Args:
        study: the state.
        entries: the entries that it was made from, in order.
    """
    places = _places(entries)
    changes = [
        Change(entry.supersedes, entry.seq, kind_of(entry))
        for entry in entries
        if entry.supersedes and entry.kind in _CHANGES
    ]
    return tuple(_now(fact, places.get(fact.payload.covers), changes) for fact in study.all(Signature))


def _now(fact: Fact[Signature], covers: int | None, changes: Sequence[Change]) -> SignatureNow:
    if covers is None or covers != fact.entry - 1:  # a signature stands just after what it covers: it was not moved
        return SignatureNow(fact, None, ())
    return SignatureNow(fact, covers, tuple(one for one in changes if one.entry <= covers and one.by > fact.entry))


def decisions_now(study: Study, entries: Sequence[Entry]) -> tuple[DecisionNow, ...]:
    """Say of every decision whether it is signed, and how far one can lean on it today.

    Args:
        study: the state.
        entries: the entries that it was made from, in order.
    """
    places, signed = _places(entries), signatures_now(study, entries)
    otherwise = {one.entry: one for one in discordant_decisions(study)}
    return tuple(
        DecisionNow(fact, _under(fact, signed, study), places.get(fact.payload.based_on), otherwise.get(fact.entry))
        for fact in study.decisions
    )


_CHANGES = (Kind.CORRECTED, Kind.VOIDED)


def _places(entries: Sequence[Entry]) -> dict[str, int]:
    return {GENESIS: 0} | {entry.hash: entry.seq for entry in entries}


def _under(decision: Fact[DoseDecision], signed: tuple[SignatureNow, ...], study: Study) -> tuple[SignatureNow, ...]:
    """Find the signatures that were put under a decision: those that cover it, and came before anything else did."""
    later = min((fact.entry for fact in study.decisions if fact.entry > decision.entry), default=None)
    found = (one for one in signed if one.covers is None or one.covers >= decision.entry)
    return tuple(
        one for one in found if one.signature.entry > decision.entry and (later is None or one.signature.entry < later)
    )
