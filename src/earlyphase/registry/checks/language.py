"""Words that no clinician would use, and misspelt ones."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import table, words

_BASIS = "ClinicalTrials.gov Protocol Registration Quality Control Review Criteria, grammar and spelling"
_WORD = re.compile(r"\b[A-Za-z]{8,20}\b")


@cache
def _unlikely_words() -> tuple[re.Pattern[str], dict[str, str]]:
    row = table("words")["unlikely"]
    longest_first = sorted(row["words"], key=len, reverse=True)
    either = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"\b(?:{either})(?!\w)", re.IGNORECASE), dict(zip(row["words"], row["better"], strict=True))


def _unlikely(case: Case) -> Iterator[Remark]:
    looked_for, better = _unlikely_words()
    for span in case.spans(looked_for, case.texts):
        yield Remark(f'"{span.quoted}" reads like a translation: was "{better[span.quoted.lower()]}" meant?', span)


def _misspelt(case: Case) -> Iterator[Remark]:
    for span in case.spans(_WORD, case.texts):
        meant = _nearest(span.quoted.lower())
        if meant:
            yield Remark(f'"{span.quoted}" is misspelt: was "{meant}" meant?', span)


@cache
def _lexicon() -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    """Give the known words, those that are right besides, and the known words with one letter left out."""
    known = frozenset(words("lexicon"))
    shorter = {f"{word[:n]}{word[n + 1 :]}": word for word in known if len(word) > 8 for n in range(1, len(word) - 1)}  # noqa: PLR2004 - short words are too alike
    return known, frozenset(words("varieties")), shorter


@lru_cache(maxsize=50_000)
def _nearest(word: str) -> str:
    """Find the known word of which this is a slip: a letter dropped, added, or two changed round.

    A wrong letter is not looked for: too many right words differ by one (injections, infections).
    """
    known, right, shorter = _lexicon()
    if word in known or word in right:
        return ""
    cuts = (f"{word[:n]}{word[n + 1 :]}" for n in range(1, len(word) - 1))
    turns = (f"{word[:n]}{word[n + 1]}{word[n]}{word[n + 2 :]}" for n in range(1, len(word) - 2))
    candidates = [shorter.get(word), *(slip for slip in (*cuts, *turns) if slip in known)]
    meant = next((slip for slip in candidates if slip and slip[0] == word[0] and slip[-1] == word[-1]), "")
    return "" if _american(word) == _american(meant) else meant


def _american(word: str) -> str:
    """Take British and American spelling to one form."""
    return re.sub(r"ae|oe", "e", re.sub(r"([iy])s(?=e|a|i)", r"\1z", word)).replace("ou", "o").replace("ll", "l")


UNLIKELY_WORD = Check("unlikely-word", 12, Severity.ADVISORY, _BASIS, _unlikely)
MISSPELT_WORD = Check("misspelt-word", 12, Severity.ADVISORY, _BASIS, _misspelt)
