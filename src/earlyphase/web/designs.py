"""What a study's design does, from the start and from here, and what other designs would do: as a page shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from earlyphase.analysis.from_here import Scenario, chances_from_here
from earlyphase.escalation.characteristics import Characteristics, characteristics
from earlyphase.escalation.comparison import Verdict, compare, judge
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.options import Options
from earlyphase.escalation.planning import Curve, Planning, from_start, planning_of
from earlyphase.escalation.scenarios import true_mtd
from earlyphase.escalation.three_plus_three import FULL
from earlyphase.protocol.model import Protocol
from earlyphase.study.cohorts import design_of, level_name
from earlyphase.study.state import Study

OTHERS = {"3+3": "3+3", "boin": "BOIN", "keyboard": "keyboard", "mtpi2": "mTPI-2", "i3+3": "i3+3", "crm": "CRM"}
"""The designs that stand side by side, by their names in the catalogue: those that counts alone decide, and that need
nothing but a target."""

WIDE = 7.0
"""A piece of a bar has room for its figure from this width on. Units: percent."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a bar: what may come of it, and how likely that is."""

    name: str
    style: str
    """`none`, or the place of the level from the lowest."""
    left: float
    percent: float
    """Units: percent, as `left`."""

    @property
    def middle(self) -> float:
        """Where its figure stands."""
        return self.left + self.percent / 2

    @property
    def wide(self) -> bool:
        """Whether the figure fits in."""
        return self.percent >= WIDE


@dataclass(frozen=True, slots=True)
class Course:
    """What comes of the escalation under one curve, from one point on."""

    pieces: tuple[Piece, ...]
    participants: float
    """Expected, of those who are still to be observed."""
    dlts: float
    most: int
    """Participants at most."""


@dataclass(frozen=True, slots=True)
class UnderCurve:
    """Everything under one assumed curve."""

    name: str
    why: str
    truth: tuple[str, ...]
    """The assumed DLT probabilities, lowest level first."""
    mtd: str
    """The level that is nearest to the target."""
    planned: Course
    from_here: Course | None
    """None when the escalation is over."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One design under one curve."""

    design: str
    verdict: Verdict

    @property
    def correct(self) -> float:
        """Units: percent."""
        return 100 * self.verdict.correct

    @property
    def too_low(self) -> float:
        """Units: percent; none chosen although there is an MTD counts here."""
        return 100 * (self.verdict.too_low + self.verdict.none)

    @property
    def too_high(self) -> float:
        """Units: percent."""
        return 100 * self.verdict.too_high

    @property
    def above(self) -> float:
        """Units: percent of the participants."""
        return 100 * self.verdict.above


@dataclass(frozen=True, slots=True)
class Designs:
    """What the page shows."""

    planning: Planning
    levels: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]
    """The name and the style of each outcome, for the legend."""
    curves: tuple[UnderCurve, ...]
    beside: tuple[tuple[str, tuple[Beside, ...]], ...]
    """By curve: the designs, over the levels from the starting one upwards."""
    most: int
    """Participants at most, for the designs that need a maximum."""


def designs_of(study: Study, folder: Path) -> Designs:
    """Compute what the page shows. Everything is exact.

    Raises:
        InvalidInput: the study's planning says what it cannot say.
    """
    protocol = study.protocol
    planning = planning_of(folder, protocol.doses, None, [])
    scenarios = [Scenario(curve.name, curve.over(protocol.doses.numbers)) for curve in planning.curves]
    start = characteristics(every_end(design_of(protocol)), [one.truth for one in scenarios])
    here = chances_from_here(study, scenarios)
    return Designs(
        planning=planning,
        levels=tuple(level_name(number) for number in protocol.doses.numbers),
        outcomes=tuple(_outcomes(protocol)),
        curves=tuple(
            _under(protocol, planning, curve, planned, here[at].chances if here else None)
            for at, (curve, planned) in enumerate(zip(planning.curves, start, strict=True))
        ),
        beside=tuple(_beside(protocol, planning)),
        most=FULL * len(from_start(protocol.doses)),
    )


def _outcomes(protocol: Protocol) -> Iterator[tuple[str, str]]:
    yield "no dose", "none"
    for at, number in enumerate(protocol.doses.numbers):
        yield f"level {level_name(number)}", f"level{at}"


def _under(
    protocol: Protocol, planning: Planning, curve: Curve, planned: Characteristics, here: Characteristics | None
) -> UnderCurve:
    levels = from_start(protocol.doses)
    mtd = true_mtd(curve.over(levels), planning.target)
    return UnderCurve(
        curve.name,
        curve.why,
        tuple(f"{100 * p:g} %" for p in curve.over(protocol.doses.numbers)),
        f"level {level_name(levels[mtd - 1])}" if mtd else "no dose",
        _course(protocol, planned),
        _course(protocol, here) if here is not None else None,
    )


def _course(protocol: Protocol, found: Characteristics) -> Course:
    return Course(
        tuple(_pieces(protocol, (found.no_mtd, *found.select))),
        found.total_patients,
        sum(found.dlts),
        found.total_distribution[-1][0],
    )


def _pieces(protocol: Protocol, chances: Sequence[float]) -> Iterator[Piece]:
    left = 0.0
    for (name, style), chance in zip(_outcomes(protocol), chances, strict=True):
        yield Piece(name, style, left, 100 * chance)
        left += 100 * chance


def _beside(protocol: Protocol, planning: Planning) -> Iterator[tuple[str, tuple[Beside, ...]]]:
    levels = from_start(protocol.doses)
    options = Options(
        doses=len(levels),
        variant=protocol.escalation.rule.variant.value,
        target=planning.target,
        cohort_size=(protocol.escalation.cohort_size,),
        max_n=FULL * len(levels),
        prior_mtd=(len(levels) + 1) // 2,
    )
    found = compare(tuple(OTHERS), options, [curve.over(levels) for curve in planning.curves])
    for at, curve in enumerate(planning.curves):
        yield curve.name, tuple(Beside(OTHERS[one.name], judge(one.results[at], planning.target)) for one in found)
