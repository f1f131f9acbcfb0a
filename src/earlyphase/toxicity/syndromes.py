"""The syndromes of immune effector cells: under which names and on whose scale each is recorded."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from earlyphase.protocol.dlt import Scale
from earlyphase.toxicity.astct import load_scales

FURTHER = ("icaht-2023/grades.toml", "iec-hs-2023/scale.toml")
"""The tables of the scales beside CRS and ICANS."""


@dataclass(frozen=True, slots=True)
class Syndrome:
    """One syndrome."""

    scale: Scale
    label: str
    """Whose grades they are, as entries write it: `ASTCT 2019`."""
    terms: tuple[str, ...]
    """The names under which it is recorded; the first is the full one."""
    source: str


@lru_cache(maxsize=1)
def load_syndromes() -> Mapping[Scale, Syndrome]:
    """Read which syndromes have a scale of their own.

    Source: the table of each, which names its paper.
    """
    scales = load_scales()
    found = [Syndrome(Scale(name), scales.label, terms, scales.source) for name, terms in scales.terms.items()]
    data = resources.files("earlyphase.toxicity") / "data"
    for place in FURTHER:
        table = tomllib.loads((data / place).read_text(encoding="utf-8"))
        label = f"{table['name']} {table['version']}"
        found.append(Syndrome(Scale(table["scale"]), label, tuple(table["terms"]), table["source"]))
    return {one.scale: one for one in found}


def syndrome_of(scale: str, term: str) -> Syndrome | None:
    """Find the syndrome that an entry records, by the names of its scale and its term; None where it is none.

    The scale can be written as the publisher with its year (`ASTCT 2019`), the publisher alone, or the syndrome.

    Source: the names in the package's tables.
    """
    publisher, wanted = scale.partition(" ")[0].upper(), term.strip().lower()
    for one in load_syndromes().values():
        named = wanted in {name.lower() for name in one.terms}
        if publisher == one.scale or (publisher == one.label.partition(" ")[0].upper() and named):
            return one
    return None


def is_syndrome(scale: str, term: str) -> bool:
    """Tell whether an entry is graded as a syndrome.

    Source: the names in the package's tables.
    """
    return syndrome_of(scale, term) is not None
