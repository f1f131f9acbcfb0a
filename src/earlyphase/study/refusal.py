"""Refusals: what a study site must expect, returned and never raised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that says no."""

    rule: str
    """The short name of the rule: `stagger`, `no slot`."""
    message: str
    """The whole sentence: the participant, the value with its unit, what the rule asks."""
    protocol: str | None = None
    """The section of the protocol that says so: `escalation.stagger`."""
    remedy: str | None = None
    """What to do next."""
    deviation_possible: bool = False
    """Whether it can still be recorded as what it was: a protocol deviation, with a reason."""

    def __str__(self) -> str:
        """Give the sentence, where it stands and what to do."""
        place = f" (protocol: {self.protocol})" if self.protocol else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.message}{place}{remedy}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that was not carried out. Nothing was written."""

    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        """Give every reason, a line each."""
        return "\n".join(str(reason) for reason in self.reasons)
