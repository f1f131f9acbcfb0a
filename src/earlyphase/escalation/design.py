"""The one interface of all dose-escalation designs: a tally goes in, a recommendation and its sentence come out."""

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import NamedTuple, Protocol


class DoseTally(NamedTuple):
    """What has been seen at one dose: DLT-evaluable participants, and how many of them had a DLT."""

    evaluable: int
    dlts: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What has been seen at every dose of the study, lowest first.

    Doses are counted from 1, the lowest planned dose (a planned dose −1 included).
    """

    doses: tuple[DoseTally, ...]
    current: int | None = None
    """The dose that was given last; None before the first participant."""
    names: tuple[str, ...] = ()
    """What the study calls its doses, for sentences: `−1`, `1`, `2`; by default as they are counted."""

    def name(self, dose: int) -> str:
        """Give the name of a dose that is counted from 1.

        Source: the protocol's dose levels.
        """
        return self.names[dose - 1] if self.names else str(dose)


class Act(StrEnum):
    """What a design can ask for."""

    START = "start"
    ESCALATE = "escalate"
    STAY = "stay"
    DE_ESCALATE = "de-escalate"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a design advises after a tally. It is computed, never stored as truth: a committee decides."""

    decision: Act
    next_dose: int | None
    """The dose of the next cohort, counted from 1; None when the escalation is over."""
    cohort_size: int
    """How many more evaluable participants the next cohort needs; 0 when the escalation is over."""
    mtd: int | None
    """The maximum tolerated dose, once the escalation is over and there is one."""
    reason: str
    """One sentence, with the counts and the rule that decided."""

    def in_short(self) -> str:
        """Say it in a few words.

        Source: bookkeeping.
        """
        if self.next_dose is None:
            return f"over, MTD dose {self.mtd}" if self.mtd else "over, no MTD"
        return f"{self.decision}, {self.cohort_size} at dose {self.next_dose}"

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return f"<p><strong>{escape(self.in_short())}</strong></p><p>{escape(self.reason)}</p>"


class Design(Protocol):
    """A dose-escalation design: a value that answers a tally with a recommendation."""

    @property
    def doses(self) -> int:
        """Give how many doses the design chooses from."""
        ...

    def recommend(self, tally: Tally) -> Recommendation:
        """Answer a tally of complete observations with the next step."""
        ...
