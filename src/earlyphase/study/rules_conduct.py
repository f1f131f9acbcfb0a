"""Rules for the study as a whole: activation, amendment, dose decisions, suspension, lock."""

from collections.abc import Iterator

from earlyphase.escalation.design import Act
from earlyphase.journal.payloads.conduct import (
    DataLock,
    DoseDecision,
    ProtocolActivated,
    ProtocolAmended,
    StudyResumed,
    StudySuspended,
)
from earlyphase.journal.payloads.delegation import RoleEnded, RoleGranted
from earlyphase.journal.payloads.payload import Payload
from earlyphase.study.cohorts import Escalation, Phase, escalation, level_name
from earlyphase.study.refusal import Reason
from earlyphase.study.state import Study


def activation(study: Study, payload: ProtocolActivated | ProtocolAmended) -> Iterator[Reason]:
    """A protocol is activated once, and amended by a version that is there and not in force."""
    if isinstance(payload, ProtocolActivated) and study.version is not None:
        yield Reason(
            "once", f"protocol version {study.version} is active already.", remedy="Record `protocol_amended`."
        )
    known = study.protocols.get(payload.version)
    if known is None:
        yield Reason(
            "version",
            f"the study folder holds no protocol version {payload.version}.",
            remedy=f"It holds {', '.join(study.protocols)}.",
        )
    elif known.sha256 != payload.sha256:
        yield Reason(
            "version",
            f"the file of version {payload.version} is {known.sha256[:12]}…, not {payload.sha256[:12]}….",
            remedy="Leave `sha256` out: it is filled in from the file.",
        )
    if isinstance(payload, ProtocolAmended) and payload.version == study.version:
        yield Reason("version", f"version {payload.version} is in force already.")


def dose_decision(study: Study, decided: DoseDecision) -> Iterator[Reason]:
    """A decision waits for the pending, rests on what is known now, and says why it differs from the advice."""
    now = escalation(study)
    if now.opening.phase is not Phase.ESCALATION:
        yield Reason("escalation over", f"the escalation has ended: {now.seen.reason}", "escalation")
        return
    yield from _waits(now, decided)
    yield from _rests_on_what_is_known(study, now, decided)
    yield from _planned_levels(study, decided)
    yield from _says_why(now, decided)


def _waits(now: Escalation, decided: DoseDecision) -> Iterator[Reason]:
    level = level_name(now.opening.level or 0)
    if not now.settled:
        awaited = "; ".join(one.waiting_for(decided.on) for one in now.unresolved)
        yield Reason(
            "pending",
            f"the decision at level {level} waits: {awaited}.",
            "dlt.window_days",
            "Decide when their outcomes are known.",
        )
    elif now.slots_free:
        yield Reason(
            "cohort not full",
            f"the cohort at level {level} has {now.slots_free} free: {now.seen.reason}",
            "escalation.cohort_size",
            "Enrol into it, or suspend the study.",
        )


def _rests_on_what_is_known(study: Study, now: Escalation, decided: DoseDecision) -> Iterator[Reason]:
    if decided.recommended != now.seen:
        yield Reason(
            "advice",
            f"the recommendation is now: {now.seen.reason} The committee saw: {decided.recommended.reason}",
            remedy="The study has changed since: look again.",
        )
    if decided.protocol_version != study.version:
        yield Reason("version", f"protocol version {study.version} is in force, not {decided.protocol_version}.")


def _planned_levels(study: Study, decided: DoseDecision) -> Iterator[Reason]:
    for level in (decided.next_level, decided.rp2d):
        if level is not None and level not in study.protocol.doses.numbers:
            yield Reason(
                "wrong level",
                f"the protocol has no level {level_name(level)}.",
                "doses.levels",
                f"Its levels are {', '.join(map(level_name, study.protocol.doses.numbers))}.",
            )


def _says_why(now: Escalation, decided: DoseDecision) -> Iterator[Reason]:
    seen = now.seen
    same = (decided.decision, decided.next_level) == (seen.decision, seen.next_level)
    if decided.decision is Act.STOP:
        same = same and decided.rp2d == seen.mtd
    else:
        same = same and decided.cohort_size == now.recommendation.cohort_size
    if not same and decided.differs_because is None:
        yield Reason(
            "differs",
            f"the decision ({decided.decision}) is not the recommendation ({seen.decision}: {seen.reason})",
            "escalation",
            "Say why in `differs_because`.",
        )


def suspension(study: Study, payload: StudySuspended | StudyResumed) -> Iterator[Reason]:
    """A study is suspended when it runs, and resumed when it is suspended."""
    if isinstance(payload, StudySuspended) and study.suspended:
        yield Reason("suspended", "the study is suspended already.")
    if isinstance(payload, StudyResumed) and not study.suspended:
        yield Reason("suspended", "the study is not suspended.")


def active(study: Study, payload: Payload) -> Iterator[Reason]:
    """Nothing happens before activation, and nothing is edited after the lock; the team can always change."""
    if isinstance(payload, RoleGranted | RoleEnded):
        return
    if study.version is None and not isinstance(payload, ProtocolActivated):
        yield Reason("not active", "the protocol is not active.", remedy="Record `protocol_activated` first.")
    if study.locked and not isinstance(payload, DataLock):
        yield Reason("locked", f"the data were locked on {study.every(DataLock)[-1].on}.")
    if study.locked and isinstance(payload, DataLock):
        yield Reason("locked", "the data are locked already.")


def running(study: Study) -> Iterator[Reason]:
    """While the study is suspended nobody is enrolled or treated."""
    if study.suspended:
        halt = study.every(StudySuspended)[-1]
        yield Reason(
            "suspended",
            f"the study has been suspended since {halt.on}: {halt.because}",
            remedy="Record `study_resumed` when it may go on.",
        )
