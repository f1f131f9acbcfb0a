"""Words, units and limits that the checks use: data, each table with its source."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Read one of the tables beside this file."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Give a pattern of `phrases.toml`."""
    return re.compile(table("phrases")[name]["pattern"], re.IGNORECASE)


@cache
def words(name: str) -> tuple[str, ...]:
    """Give a list of `words.toml`."""
    return tuple(table("words")[name]["words"])
