"""The words of a record's page in English and Chinese. What the sponsor wrote stays as it was written."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "zh"]


def in_language(language: Language, english: str) -> str:
    """Say a heading, a label or the words of a code; what has no translation stays English."""
    return _chinese().get(english, english) if language == "zh" else english


@lru_cache(maxsize=1)
def _chinese() -> Mapping[str, str]:
    text = (files("earlyphase.registry") / "chinese.toml").read_text(encoding="utf-8")
    return {english: said for table in tomllib.loads(text).values() for english, said in table.items()}
