"""The ASTCT consensus scales as data, and what CRS and ICANS grading share: components, of which the worst decides."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity

DEATH = 5
"""The grade of an event that the participant died of, on every scale."""


@dataclass(frozen=True, slots=True)
class Range:
    """The grades that a finding can mean."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Scales:
    """The consensus as read from the table."""

    label: str
    """`ASTCT 2019`."""
    source: str
    confirmed: str
    """What was read to confirm the tables."""
    fever: Quantity
    coldest: Quantity
    hottest: Quantity
    """Beyond these two no body temperature lies."""
    low_flow: Quantity
    onset_grade: int
    same_episode_within: Quantity
    """Findings that return within this time belong to the same episode; assumed, the consensus is silent."""
    terms: Mapping[str, tuple[str, ...]]
    """The names under which adverse events of each scale are recorded."""
    crs: Mapping[str, Mapping[str, Range]]
    """By component and finding."""
    icans: Mapping[str, Mapping[str, Range]]
    """By component and finding."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a grade: what was found, and what it means."""

    name: str
    finding: str | None
    """None where it was not assessed."""
    grade_min: int
    grade_max: int
    missing: str | None = None
    """What would narrow its grade."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A CRS or ICANS grade of one moment. Grade 0 is none."""

    scale: str
    """`CRS` or `ICANS`."""
    version: str
    """`ASTCT 2019`."""
    grade_min: int
    grade_max: int
    components: tuple[Component, ...]
    missing: tuple[str, ...]
    """What was not assessed and could raise the grade."""
    reason: str
    source: str

    @property
    def grade(self) -> int | None:
        """The grade, where the findings decide it; else None."""
        return self.grade_min if self.grade_min == self.grade_max else None


@lru_cache(maxsize=1)
def load_scales() -> Scales:
    """Read the consensus from the package's table.

    Source: ASTCT consensus, Lee et al. 2019, Biol Blood Marrow Transplant 25:625.
    """
    folder = resources.files("earlyphase.toxicity") / "data" / "astct-2019"
    table = tomllib.loads((folder / "scales.toml").read_text(encoding="utf-8"))
    crs = {name: _ranges(table["crs"][name]) for name in ("hypotension", "oxygen")}
    icans = {name: _ranges(part) for name, part in table["icans"].items()}
    return Scales(
        label=f"{table['name']} {table['version']}",
        source=table["source"],
        confirmed=table["confirmed"],
        fever=Quantity.read(table["crs"]["fever"]),
        coldest=Quantity.read(table["crs"]["coldest"]),
        hottest=Quantity.read(table["crs"]["hottest"]),
        low_flow=Quantity.read(table["crs"]["low_flow"]),
        onset_grade=table["crs"]["onset_grade"],
        same_episode_within=Quantity.read(table["same_episode_within"]),
        terms={scale: tuple(names) for scale, names in table["terms"].items()},
        crs=crs,
        icans=icans,
    )


def _ranges(part: Mapping[str, str]) -> dict[str, Range]:
    return {finding: _range(grade) for finding, grade in part.items()}


def _range(grade: str) -> Range:
    low, _, high = grade.partition("-")
    return Range(int(low), int(high or low))


def component(name: str, finding: str | None, grades: Mapping[str, Range]) -> Component:
    """Grade one component by its finding; an unassessed one can mean anything.

    Raises:
        InvalidInput: the table does not know the finding.

    Source: ASTCT consensus, Lee et al. 2019.
    """
    if finding is None:
        return Component(name, None, 0, max(grade.high for grade in grades.values()), name)
    if finding not in grades:
        raise InvalidInput(name, finding, "is not a finding of the scale.", f"Known: {', '.join(grades)}.")
    return Component(name, finding, grades[finding].low, grades[finding].high)


def worst(components: Iterable[Component]) -> tuple[int, int, tuple[str, ...]]:
    """Let the worst component decide.

    Returns: lowest and highest possible grade, and what would narrow them.

    Source: ASTCT consensus, Lee et al. 2019: the most severe component not due to another cause.
    """
    known = tuple(components)
    low = max((one.grade_min for one in known), default=0)
    high = max((one.grade_max for one in known), default=0)
    return low, high, tuple(one.missing for one in known if one.missing and one.grade_max > low)


def decided_by(components: Iterable[Component], grade: int) -> str:
    """Name the findings that give a grade.

    Source: ASTCT consensus, Lee et al. 2019.
    """
    return " and ".join(
        f"{one.name}: {one.finding}" for one in components if one.finding and one.grade_max >= grade > 0
    )
