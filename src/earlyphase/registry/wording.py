"""The words of a record's page in English and Chinese. What the sponsor wrote stays as it was written."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from earlyphase.registry.leaves import Leaf

Language = Literal["en", "zh"]


def in_language(language: Language, english: str) -> str:
    """Say a heading, a label or the words of a code; what has no translation stays English."""
    return _chinese().get(english, english) if language == "zh" else english


def worded(leaf: Leaf, language: Language) -> str:
    """Say a value: the words of a code in the language, what the sponsor wrote as it is."""
    code, colon, name = leaf.text.partition(": ")
    if colon and name == leaf.written:  # a name with the code of its kind before it
        return f"{in_language(language, code)}{colon}{name}"
    return in_language(language, leaf.text) if leaf.text != leaf.written else leaf.text


@lru_cache(maxsize=1)
def _chinese() -> Mapping[str, str]:
    text = (files("earlyphase.registry") / "chinese.toml").read_text(encoding="utf-8")
    return {english: said for table in tomllib.loads(text).values() for english, said in table.items()}
