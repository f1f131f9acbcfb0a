"""Parses the criteria language. A mistake is told with its character, and with the nearest known word."""

from functools import lru_cache
from importlib.resources import files
from typing import Any, NoReturn

from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from earlyphase.eligibility.building import Builder
from earlyphase.eligibility.mistake import Mistake
from earlyphase.eligibility.naming import check_names
from earlyphase.eligibility.nodes import Node, children
from earlyphase.eligibility.vocabulary import Vocabulary, nearest, shared_terms
from earlyphase.faults import InvalidInput

LONGEST = 4000
"""Characters of one expression."""

DEEPEST = 40
"""Levels of nesting. A criterion that a person can read has three or four."""

_SPOKEN = {
    "_IF": "if", "_THEN": "then", "_AND": "and", "_OR": "or", "_NOT": "not", "_EXCEPT": "except", "_ANY": "any of",
    "_ALL": "all of", "_OF": "of", "OF": "of", "_IN": "in", "_WITH": "with", "_WITHIN": "within", "BEFORE": "before",
    "AFTER": "after", "_BY": "by", "_COUNT": "count", "_DURATION": "duration", "_AGE": "age",
    "SAYING": "judgement or attest", "_UNDEFINED": "undefined", "ATTRIBUTE": "method, specimen, state, purpose or dose",
    "SPAN": "hours, days, weeks, months or years", "NORMAL": "ULN or LLN", "OP": "<, <=, =, >= or >",
    "NUMBER": "a number", "UNIT": "a unit", "NAME": "a term", "STRING": 'a text in "quotes"', "LPAR": "(",
    "RPAR": ")", "COMMA": "a comma", "$END": "the end",
}  # fmt: skip
"""What people call the terminals of the grammar."""

_FEW = 6

WIDEST = 90
"""So many characters of an expression are shown before a mistake, and after it."""


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = (files("earlyphase.eligibility") / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", transformer=Builder(), maybe_placeholders=True)


def parse(text: str, known: Vocabulary | None = None, place: str = "criterion") -> Node:
    """Parse an expression of the criteria language.

    Args:
        text: the expression.
        known: the terms that there are; the shared ones by default.
        place: what to call it in a complaint: `criteria.I5.expression`.

    Raises:
        InvalidInput: it is no expression, or names what is not known; the message points at the character.
    """
    known = shared_terms() if known is None else known
    if len(text) > LONGEST:
        raise InvalidInput(place, None, f"is longer than {LONGEST} characters.", "Split it into several criteria.")
    try:
        grammar: Any = _grammar()
        node: Node = grammar.parse(text)
        _require_shallow(node)
        check_names(node, known)
    except UnexpectedInput as fault:
        _refuse(fault, text, known, place)
    except Mistake as fault:
        raise _pointed(text, fault.at, place, fault.value, fault.rule, fault.remedy) from None
    return node


def _require_shallow(node: Node) -> None:
    waiting = [(node, 1)]
    while waiting:
        here, depth = waiting.pop()
        if depth > DEEPEST:
            raise Mistake(0, None, f"is nested more than {DEEPEST} levels deep.", "Split it into several criteria.")
        waiting.extend((part, depth + 1) for part in children(here))


def _refuse(fault: UnexpectedInput, text: str, known: Vocabulary, place: str) -> NoReturn:
    """Say which word or character was not expected, and what was."""
    told: Any = fault
    at = int(told.pos_in_stream or 0)
    if isinstance(fault, UnexpectedCharacters):
        word, expected = _word_at(text, at), told.allowed
    elif isinstance(fault, UnexpectedToken) and told.token.type != "$END":
        word, expected = str(told.token), told.accepts or told.expected
    else:
        at, word, expected = len(text.rstrip()), None, getattr(told, "accepts", None) or getattr(told, "expected", ())
    rule = "stops too early." if word is None else "was not expected here."
    raise _pointed(text, at, place, word, rule, _remedy(word, set(expected or ()), known))


def _word_at(text: str, at: int) -> str:
    """Give the word that begins at a character, or the character."""
    end = at
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[at : max(end, at + 1)]


def _remedy(word: str | None, expected: set[str], known: Vocabulary) -> str:
    spoken = sorted({_SPOKEN.get(name, name) for name in expected})
    listed = (
        f"Expected {', '.join(spoken[:-1])} or {spoken[-1]}." if len(spoken) > 1 else f"Expected {', '.join(spoken)}."
    )
    single = [word for name in expected for word in _SPOKEN.get(name, "").replace(",", " or").split(" or ")]
    candidates = [*single, *(known if "NAME" in expected else ())]
    if word and word[0].isalpha() and (near := nearest(word, candidates)):
        return near
    return listed if 0 < len(spoken) <= _FEW else "Expected a term, or a word such as and, or, not, except, within."


def _pointed(text: str, at: int, place: str, value: object, rule: str, remedy: str) -> InvalidInput:
    """Make the complaint, with the line of the expression and a mark under the character."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    first = max(start, at - WIDEST)
    line = text[first : min(end if end >= 0 else len(text), at + WIDEST)]
    shown = f"\n  {line}\n  {' ' * (at - first)}^"
    return InvalidInput(f"{place}, character {at + 1}", value, rule, remedy + shown)
