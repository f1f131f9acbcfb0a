"""Names in another language: terms and classes of the dictionary, analytes, and the words of the studies' criteria."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from earlyphase.eligibility.vocabulary import vocabulary
from earlyphase.protocol.model import Protocol
from earlyphase.web.studies import site_studies

_ABBREVIATIONS = frozenset({"capd", "dlt", "ice", "mrd", "rp2d"})


def words_of(name: str) -> str:
    """Write a name as English words."""
    return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in name.split("_"))


@cache
def names_in(folder: Path) -> Mapping[str, str]:
    """Read the names that a language's folder holds, by their English names in lower case."""
    file = folder / "names.toml"
    tables = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    return {english.casefold(): other for table in tables.values() for english, other in table.items()}


def study_names() -> Mapping[str, str]:
    """Give what the protocols of the site's studies say in Chinese beside the English, by the English in lower case."""
    return _study_names(tuple(one.protocol for versions in site_studies().values() for one in versions.values()))


def agreed(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Give the names on which all agree: what two studies call otherwise has no name that both could read."""
    found = dict[str, str | None]()
    for english, other in pairs:
        key = english.casefold()
        found[key] = other if found.get(key, other) == other else None
    return {english: other for english, other in found.items() if other}


_kept: dict[tuple[int, ...], Mapping[str, str]] = {}
"""Of the last protocols that were asked for: a site has the same ones until it starts again."""


def _study_names(protocols: tuple[Protocol, ...]) -> Mapping[str, str]:
    key = tuple(map(id, protocols))
    if key not in _kept:
        _kept.clear()
        _kept[key] = agreed(pair for protocol in protocols for pair in _pairs(protocol))
    return _kept[key]


def _pairs(protocol: Protocol) -> Iterator[tuple[str, str]]:
    yield from protocol.translations.items()
    for name, term in vocabulary(protocol).items():
        for english in {term.en, name, name.replace("_", " ")}:
            yield english, term.zh
        for code, choice in term.choices.items():
            yield choice.en, choice.zh
            yield code, choice.zh
