"""What a study's designs are judged by before anybody was treated: a target, and true curves, all of them assumed."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from earlyphase.escalation.characteristics import checked_truths
from earlyphase.escalation.interval import target_of
from earlyphase.escalation.options import Options
from earlyphase.escalation.scenarios import fixed_scenarios, true_mtd
from earlyphase.faults import InvalidInput
from earlyphase.protocol.doses import Doses
from earlyphase.protocol.reading import fit
from earlyphase.protocol.stated import Model
from earlyphase.protocol.yaml_tree import read_tree

FILE = "design.yaml"
"""The file of a study's folder that holds its planning."""

TARGET = 0.25
"""The target where a study states none. Source: halfway between 1 and 2 DLTs in six, where a 3+3 decides."""

BELOW = 0.5
"""How a level below the start is assumed to compare with the level above it, where nothing is stated. Source: none; a
stated assumption, half the DLT probability."""

Probability = Annotated[float, Field(ge=0, le=1)]


class Curve(Model):
    """A true DLT probability for each dose level, assumed."""

    name: str
    why: str
    """What the figures rest on."""
    dlt: dict[int, Probability]
    """By the number of the level."""

    def over(self, levels: tuple[int, ...]) -> tuple[float, ...]:
        """Give the probabilities of some levels, in order.

        Source: the assumption itself.
        """
        return tuple(self.dlt[level] for level in levels)


class Planning(Model):
    """What a study's designs are judged by."""

    target: Annotated[float, Field(gt=0, lt=1)]
    """The target DLT probability."""
    why: str
    """What the target rests on."""
    curves: Annotated[tuple[Curve, ...], Field(min_length=1)]


def planning_of(folder: Path, doses: Doses, target: float | None, truths: list[tuple[float, ...]]) -> Planning:
    """Give the planning of a study: from its folder, unless a user says otherwise.

    Args:
        folder: the study's folder; its file `design.yaml` may be missing.
        doses: the protocol's dose levels.
        target: a target instead of the stated one.
        truths: curves over the levels from the start upwards, instead of the stated ones.

    Raises:
        InvalidInput: the file says what it cannot say, or a curve has not one probability for each level.

    Source: the study's own file; without it, `fixed_scenarios`.
    """
    path = folder / FILE
    stated = fit(Planning, read_tree(path)[0], str(path), "the planning") if path.is_file() else None
    wanted = target_of(Options(target=target)) if target is not None else stated.target if stated else TARGET
    checked_truths(truths, len(from_start(doses)))
    if truths:
        curves = tuple(_curve(doses, truth, f"Curve {at}", "as given.") for at, truth in enumerate(truths, start=1))
    elif stated:
        curves = _complete(stated.curves, doses, path)
    else:
        curves = tuple(_fixed(doses, truth, wanted) for truth in fixed_scenarios(wanted, len(from_start(doses))))
    why = stated.why if stated and wanted == stated.target else "Assumed."
    return Planning(target=wanted, why=why, curves=curves)


def from_start(doses: Doses) -> tuple[int, ...]:
    """Give the levels from the starting one upwards.

    Source: the protocol's dose levels.
    """
    return doses.numbers[doses.numbers.index(doses.start) :]


def _complete(curves: tuple[Curve, ...], doses: Doses, path: Path) -> tuple[Curve, ...]:
    """Insist that a curve speaks of the levels that there are."""
    for curve in curves:
        for level in sorted(set(curve.dlt) ^ set(doses.numbers)):
            rule = "is not a level of the protocol." if level in curve.dlt else "has no DLT probability."
            raise InvalidInput(f"{path}, curve {curve.name}", f"level {level}", rule, "Give one for each level.")
    return curves


def _fixed(doses: Doses, truth: tuple[float, ...], target: float) -> Curve:
    """Name a curve of the fixed set by its MTD."""
    mtd = true_mtd(truth, target)
    name = f"MTD at level {from_start(doses)[mtd - 1]}" if mtd else "All levels too toxic"
    return _curve(doses, truth, name, "a logistic curve with the target at the MTD, neighbours one log odds apart.")


def _curve(doses: Doses, truth: tuple[float, ...], name: str, why: str) -> Curve:
    """Make a curve, the levels below the start included."""
    levels = from_start(doses)
    dlt = dict(zip(levels, truth, strict=True))
    for level in reversed(doses.numbers[: -len(levels)]):
        above = doses.numbers[doses.numbers.index(level) + 1]
        dlt[level] = BELOW * dlt[above]
    return Curve(name=name, why=why, dlt=dlt)
