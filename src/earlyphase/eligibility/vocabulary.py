"""The words that criteria can use: the shared terms, and those that a study adds."""

import difflib
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import TypeAdapter

from earlyphase.protocol.model import Protocol
from earlyphase.protocol.terms import Term

Vocabulary = Mapping[str, Term]


@lru_cache(maxsize=1)
def shared_terms() -> Vocabulary:
    """Give the terms that come with the package."""
    text = (files("earlyphase.eligibility") / "data" / "terms.toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Term]).validate_python(tomllib.loads(text))


def vocabulary(protocol: Protocol | None = None) -> Vocabulary:
    """Give the shared terms and those of a study; a study's own term stands before a shared one of that name."""
    return {**shared_terms(), **(protocol.terms if protocol else {})}


def nearest(word: str, known: Mapping[str, object] | list[str] | tuple[str, ...]) -> str:
    """Suggest the known words that are nearest to one that is not."""
    spelled = {one.lower(): one for one in known}
    near = difflib.get_close_matches(word.lower(), spelled, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(spelled[one] for one in near)}?" if near else ""
