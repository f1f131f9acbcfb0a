"""Finds the criteria of one version again in another, where they were renumbered or reworded."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import Rule

LIKE_ENOUGH = 0.5
"""Two criteria that share less than this are two criteria. One that kept its number needs half as much."""


def paired(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[tuple[Rule, Rule], ...]:
    """Pair the criteria of two versions, the likest first; what has no like stays alone."""
    scored = [(_likeness(old, new), old, new) for old in before for new in after]
    scored.sort(key=lambda one: (-one[0], before.index(one[1]), after.index(one[2])))
    found: list[tuple[Rule, Rule]] = []
    taken: set[tuple[str, str]] = set()
    for likeness, old, new in scored:
        enough = likeness >= (LIKE_ENOUGH / 2 if old.id == new.id else LIKE_ENOUGH)
        if enough and ("before", old.id) not in taken and ("after", new.id) not in taken:
            found.append((old, new))
            taken |= {("before", old.id), ("after", new.id)}
    return tuple(found)


def _likeness(old: Rule, new: Rule) -> float:
    """Say how like two criteria are: by their expression, their terms and their words; the number only breaks ties."""
    same_number = 0.01 * (old.id == new.id) + 0.005 * (old.criterion.kind == new.criterion.kind)
    if old.node is not None and old.node == new.node:
        return 2 + same_number
    words = similar(old.criterion.as_written, new.criterion.as_written)
    return max(words, _shared_terms(old, new)) + same_number


def similar(one: str, other: str) -> float:
    """Say how like two texts are, from 0 to 1, word by word."""
    here, there = words_of(one), words_of(other)
    return SequenceMatcher(None, here, there, autojunk=False).ratio() if here or there else 1.0


def words_of(text: str) -> list[str]:
    """Give the words and numbers of a text, without marks and case."""
    return re.findall(r"\d+(?:\.\d+)?|[^\W\d_]+", text.casefold())


def _shared_terms(old: Rule, new: Rule) -> float:
    here, there = _terms(old), _terms(new)
    return len(here & there) / len(here | there) if here | there else 0.0


def _terms(rule: Rule) -> set[str]:
    leaves = n.leaves(rule.node) if rule.node else ()
    return {subject.term for leaf in leaves if (subject := n.subject_of(leaf)) is not None}
