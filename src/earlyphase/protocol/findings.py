"""What a check finds in a protocol: assumptions, interpretations, contradictions, and what is left undecided."""

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What is found."""

    CONTRADICTION = "contradiction"
    """Two statements that cannot both hold, or words that do not stand where they are said to."""
    UNDECIDED = "undecided"
    """A situation in which the protocol does not say what to do."""
    INTERPRETATION = "interpretation"
    """A source read in a certain way: a named person confirms it when a study runs."""
    ASSUMPTION = "assumption"
    """A value about which the sources are silent: every report prints it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that whoever uses the protocol must know."""

    kind: FindingKind
    place: str
    """The item of the protocol: `escalation.stagger`."""
    says: str
    """A sentence."""
    source: str = ""
    """The document and place that it rests on."""
    why: str = ""
    """For an interpretation or assumption: the reason given."""
    resolved: str = ""
    """For a contradiction: how the protocol resolves it; empty while it is open."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a check found, the gravest first."""

    items: tuple[Finding, ...]

    def of(self, kind: FindingKind) -> tuple[Finding, ...]:
        """Give the findings of one kind, in the order of the protocol."""
        return tuple(finding for finding in self.items if finding.kind is kind)

    @property
    def contradictions(self) -> tuple[Finding, ...]:
        """The contradictions, open ones and resolved ones."""
        return self.of(FindingKind.CONTRADICTION)

    @property
    def undecided(self) -> tuple[Finding, ...]:
        """What the protocol leaves undecided."""
        return self.of(FindingKind.UNDECIDED)

    @property
    def interpretations(self) -> tuple[Finding, ...]:
        """How sources are read."""
        return self.of(FindingKind.INTERPRETATION)

    @property
    def assumptions(self) -> tuple[Finding, ...]:
        """What is assumed."""
        return self.of(FindingKind.ASSUMPTION)
