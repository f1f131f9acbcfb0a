"""Says in English what was typed in Chinese: records are written in English, whoever reads them."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_CHINESE = re.compile("[\u3400-\u9fff]")


def in_english(text: str) -> str | None:
    """Give a question with every Chinese name that is known in English; None where there is none."""
    if not _CHINESE.search(text):
        return None
    known, found = _table("terms"), _pattern()
    said = " ".join(found.sub(lambda one: f" {known[one[0].upper()]} ", text).split())
    return said if said != " ".join(text.split()) else None


def city_in_english(name: str) -> str:
    """Give the name of a city as records write it; what is not known stays."""
    bare = name.strip()
    return _table("cities").get(bare.removesuffix("市"), bare)


@cache
def _pattern() -> re.Pattern[str]:
    """Find the names, the longest first."""
    names = sorted(_table("terms"), key=lambda name: -len(name))
    return re.compile("|".join(map(re.escape, names)), re.IGNORECASE)


@cache
def _table(name: str) -> Mapping[str, str]:
    text = (Path(__file__).parent / "data" / "chinese.toml").read_text("utf-8")
    return tomllib.loads(text)[name]
