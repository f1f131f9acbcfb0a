"""What a design that depends on time advises one study: with everyone known as with some pending."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from earlyphase.escalation.design import Act, Recommendation, Tally
from earlyphase.escalation.notation import require_tally
from earlyphase.escalation.underway import WAIT, Moves, TimedDesign, Underway
from earlyphase.faults import InvalidInput


class Pending(NamedTuple):
    """A participant without a DLT who is still in the window."""

    dose: int
    share: float
    """The share of the window that was followed, from 0 to below 1."""


class Seen(NamedTuple):
    """What is known of one study: outcomes, the pending, and responses at each dose where the design asks for them."""

    tally: Tally
    pending: tuple[Pending, ...] = ()
    responses: tuple[int, ...] = ()
    dlt_shares: tuple[float, ...] = ()
    """The share of the window after which each DLT came, in the order of the doses; the end where it is not given."""
    current: int | None = None
    """The dose that the escalation stands at; by default the highest of the pending, or that of the last outcome."""


@dataclass(frozen=True, slots=True)
class TimedRecommendation:
    """What a design advises while some are pending; the fields are those of `Recommendation`."""

    decision: Act | Literal["wait"]
    next_dose: int | None
    """The dose of the next cohort; None when the escalation is over or must wait."""
    cohort_size: int
    mtd: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """A design that depends on time, asked where everyone's outcome is known: so it answers as any other design.

    Source: the design's own.
    """

    design: TimedDesign
    by_response: bool = False
    """Whether the design goes by responses, of which a tally knows nothing."""

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from.

        Source: the design's own.
        """
        return self.design.doses

    def recommend(self, tally: Tally) -> Recommendation:
        """Answer a tally of complete observations with the next step.

        Raises:
            InvalidInput: the design goes by responses, or would wait.

        Source: the design's own.
        """
        if self.by_response and tally.current is not None:
            remedy = "Ask `earlyphase design next` with --responses."
            raise InvalidInput("outcomes", None, "say nothing of responses, by which this design goes.", remedy)
        said = advise_underway(self.design, Seen(tally))
        if said.decision == "wait":
            raise InvalidInput("outcomes", None, f"leave the design waiting: {said.reason}", "Say who is pending.")
        return Recommendation(said.decision, said.next_dose, said.cohort_size, said.mtd, said.reason)


def advise_underway(design: TimedDesign, seen: Seen) -> TimedRecommendation:
    """Advise one study.

    Args:
        design: a design that depends on time.
        seen: outcomes, the pending, responses.

    Raises:
        InvalidInput: what was seen cannot be.

    Source: the design's own.
    """
    underway = one_study(seen, design.doses)
    moves = design.decide(underway)
    dose, tally = int(moves.dose[0]), seen.tally
    if tally.current is None and not seen.pending:
        reason = f"Nobody has been treated: start at dose {tally.name(dose)}."
        return TimedRecommendation(Act.START, dose, int(moves.size[0]), None, reason)
    reason = f"{_count(underway, tally)}; {design.explain(underway, moves)}: {_what(underway, tally, moves)}."
    if dose == WAIT:
        return TimedRecommendation("wait", None, 0, None, reason)
    if dose == 0:
        mtd = int(moves.mtd[0])
        chosen = int(design.select_many(underway.states())[0]) if mtd < 0 else mtd
        end = f" The MTD is dose {tally.name(chosen)}." if chosen else " There is no MTD."
        return TimedRecommendation(Act.STOP, None, 0, chosen or None, reason + end)
    current = int(underway.current[0])
    act = Act.ESCALATE if dose > current else Act.STAY if dose == current else Act.DE_ESCALATE
    return TimedRecommendation(Act.STAY if moves.aside[0] else act, dose, int(moves.size[0]), None, reason)


def one_study(seen: Seen, doses: int) -> Underway:
    """Give one study as a batch of one.

    Raises:
        InvalidInput: what was seen cannot be.

    Source: bookkeeping.
    """
    tally = seen.tally
    require_tally(tally, doses)
    _require(seen, doses)
    known = [(dose, hit < dlts) for dose, (n, dlts) in enumerate(tally.doses, start=1) for hit in range(n)]
    dose = np.array([[one] for one, _ in known] + [[each.dose] for each in seen.pending], np.int64).reshape(-1, 1)
    dlt = np.array([[hit] for _, hit in known] + [[False]] * len(seen.pending), np.bool_).reshape(-1, 1)
    share = np.array([[1.0]] * len(known) + [[each.share] for each in seen.pending]).reshape(-1, 1)
    until = np.ones_like(share)
    if seen.dlt_shares:
        until[dlt] = seen.dlt_shares
    response = np.zeros_like(dlt)
    for at, count in enumerate(seen.responses, start=1):
        response[np.flatnonzero((dose[:, 0] == at) & (share[:, 0] == 1))[:count]] = True
    current = seen.current or max((each.dose for each in seen.pending), default=tally.current or 0)
    aside = (share < 1) & (dose < current)
    return Underway(doses, dose, dlt, share, until, response, aside, np.array([current]))


def _require(seen: Seen, doses: int) -> None:
    """Refuse pending participants and responses that cannot be."""
    for each in seen.pending:
        if not 1 <= each.dose <= doses:
            raise InvalidInput("--pending", each.dose, f"is not a dose: there are {doses}.")
        if not 0 <= each.share < 1:
            rule = "of the window were followed: who reached its end is not pending."
            raise InvalidInput("--pending", f"{each.share:.0%}", rule, "Give days below --window.")
    if seen.responses and len(seen.responses) != doses:
        raise InvalidInput("--responses", seen.responses, f"are not one number for each of the {doses} doses.")
    for dose, (count, row) in enumerate(zip(seen.responses, seen.tally.doses, strict=False), start=1):
        if not 0 <= count <= row.evaluable:
            raise InvalidInput("--responses", count, f"at dose {dose} is not among its {row.evaluable} participants.")
    hits = sum(row.dlts for row in seen.tally.doses)
    if seen.dlt_shares and len(seen.dlt_shares) != hits:
        raise InvalidInput("--dlt-days", len(seen.dlt_shares), f"is not the number of DLTs, {hits}.")


def _count(underway: Underway, tally: Tally) -> str:
    """Say what was seen at the current dose."""
    treated, dlts, pending, followed = (part[0] for part in underway.here)
    still = f", {pending} pending with {followed:.2f} windows of follow-up" if pending else ""
    return f"{dlts} of {treated} at dose {tally.name(int(underway.current[0]))} had a DLT{still}"


def _what(underway: Underway, tally: Tally, moves: Moves) -> str:
    """Say what follows."""
    dose, current = int(moves.dose[0]), int(underway.current[0])
    if dose == WAIT:
        return "wait, nobody is treated until more is known"
    if dose == 0:
        return "the escalation is over"
    if moves.aside[0]:
        return f"treat the next one at dose {tally.name(dose)}, beside the escalation"
    if dose == current:
        return "stay"
    return f"{'escalate' if dose > current else 'de-escalate'} to dose {tally.name(dose)}"
