"""All that can be true of a person, as far as expressions can tell persons apart."""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import compared, holds
from earlyphase.eligibility.showing import show_leaf, show_qualifiers, show_time
from earlyphase.eligibility.verdict import Verdict, verdict_of
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.protocol.terms import Term, TermKind
from earlyphase.quantities import Quantity, shown_unit

MOST = 20_000
"""So many kinds of person are tried; expressions that tell more apart are left."""

DAYS = {n.Span.HOURS: 1 / 24, n.Span.DAYS: 1.0, n.Span.WEEKS: 7.0, n.Span.MONTHS: 30.4375, n.Span.YEARS: 365.25}
"""Lengths of time are put in order by these; months and years of a person's calendar are counted elsewhere."""

NEVER = math.inf

Value = float | str | bool

_BEYOND = 2.0
"""A value above the highest limit, as a multiple of it."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a person has one value of."""

    about: str
    """`level`, `multiple`, `count`, `length`, `nearest`, `freshness`, `age`, `word`, or `answer`."""
    subject: n.Subject | None = None
    """Without its window."""
    beside: str = ""
    """The limit of normal, or the side and the anchor of a window."""
    leaf: n.Leaf | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of person: a value for everything that is asked."""

    values: Mapping[Key, Value]
    known: Vocabulary

    def answer(self, leaf: n.Leaf) -> Verdict:
        """Answer a question with all facts at hand."""
        if isinstance(leaf, n.Undefined):
            return Verdict.UNKNOWN
        fresh = self.values.get(_freshness(leaf)) if _window(leaf) else None
        if fresh is not None and float(fresh) > _limit(leaf, self.known, window=True):
            return Verdict.UNKNOWN
        return verdict_of(self._is_so(leaf, self.values[_key(leaf, self.known)]))

    def _is_so(self, leaf: n.Leaf, value: Value) -> bool:
        match leaf:
            case n.OneOf():
                return value in leaf.words
            case n.Measured() | n.Counted() | n.Aged() | n.Lasted():
                return value != NEVER and holds(leaf.op, compared(float(value), _limit(leaf, self.known)))
            case n.Holds() if self.known[leaf.subject.term].kind is TermKind.EVENT:
                within = leaf.subject.window is not None
                return float(value) <= _limit(leaf, self.known, window=True) if within else value != 0
            case _:
                return value is True

    def describe(self) -> str:
        """Say what kind of person it is."""
        return "; ".join(_said(key, value, self.known) for key, value in self.values.items())


def kinds(nodes: Iterable[n.Node], known: Vocabulary, *, stale: bool = False) -> Iterator[Kind] | None:
    """Go through all kinds of person that expressions tell apart; None where there are too many.

    Args:
        nodes: the expressions.
        known: the terms that they use.
        stale: whether values can be too old for one window and not for another.
    """
    domains = _domains([leaf for node in nodes for leaf in n.leaves(node)], known, stale=stale)
    if math.prod(len(values) for values in domains.values()) > MOST:
        return None
    return (Kind(dict(zip(domains, values, strict=True)), known) for values in itertools.product(*domains.values()))


def kleene(node: n.Node, answer: Callable[[n.Leaf], Verdict]) -> Verdict:
    """Answer an expression from the answers to its questions."""
    match node:
        case n.All():
            return _every(kleene(part, answer) for part in node.parts)
        case n.Any():
            return _every(kleene(part, answer).negated() for part in node.parts).negated()
        case n.Not():
            return kleene(node.part, answer).negated()
        case n.IfThen():
            return _every((kleene(node.condition, answer), kleene(node.then, answer).negated())).negated()
        case n.Except():
            return _every((kleene(node.main, answer), kleene(node.exception, answer).negated()))
        case _:
            return answer(node)


def _every(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET


def _window(leaf: n.Leaf) -> n.Window | None:
    subject = n.subject_of(leaf)
    return subject.window if subject else None


def _plain(subject: n.Subject) -> n.Subject:
    return replace(subject, window=None, at=0)


def _beside(window: n.Window | None) -> str:
    return f"{window.side} {window.anchor}" if window else ""


def _freshness(leaf: n.Leaf) -> Key:
    subject = n.subject_of(leaf)
    return Key("freshness", _plain(subject) if subject else None, _beside(_window(leaf)))


def _key(leaf: n.Leaf, known: Vocabulary) -> Key:  # noqa: PLR0911 - one for each kind of leaf
    """Say what a question asks about: questions about one thing have one key, whatever their limits."""
    match leaf:
        case n.Measured(limit=n.Multiple() as limit):
            return Key("multiple", _plain(leaf.subject), limit.of)
        case n.Measured():
            return Key("level", _plain(leaf.subject))
        case n.OneOf():
            return Key("word", _plain(leaf.subject))
        case n.Counted():
            return Key("count", leaf.subject)
        case n.Lasted():
            return Key("length", leaf.subject)
        case n.Aged():
            return Key("age")
        case n.Holds() if known[leaf.subject.term].kind is TermKind.EVENT:
            window = leaf.subject.window
            return Key("nearest", _plain(leaf.subject), _beside(window)) if window else Key("count", leaf.subject)
        case n.Holds():
            return Key("answer", leaf=n.Holds(_plain(leaf.subject)))
        case _:
            return Key("answer", leaf=leaf)


def _limit(leaf: n.Leaf, known: Vocabulary, *, window: bool = False) -> float:
    """Give the limit of a question as a number: in the usual unit of its term, as a multiple, a count, or in days."""
    found = _window(leaf)
    match leaf:
        case _ if window and found is not None:
            return _days(found.time)
        case n.Measured(limit=Quantity() as limit):
            return _usual(limit, known[leaf.subject.term])
        case n.Measured(limit=n.Multiple() as limit):
            return limit.factor
        case n.Counted():
            return leaf.limit
        case n.Lasted() | n.Aged():
            return _days(leaf.limit)
        case _:
            return 1


def _days(time: n.Time) -> float:
    return time.count * DAYS[time.unit]


def _domains(leaves: list[n.Leaf], known: Vocabulary, *, stale: bool) -> dict[Key, tuple[Value, ...]]:
    """Give the values that matter of everything that is asked."""
    limits: dict[Key, set[float]] = {}
    domains: dict[Key, tuple[Value, ...]] = {}
    windows: dict[Key, set[float]] = {}
    for leaf in leaves:
        if isinstance(leaf, n.Undefined):
            continue
        key = _key(leaf, known)
        about = limits.setdefault(key, set())
        about.add(_limit(leaf, known, window=key.about == "nearest"))
        domains[key] = _values(key, about, leaf, known)
        if stale and _window(leaf) and key.about in {"level", "multiple", "word", "answer"}:
            windows.setdefault(_freshness(leaf), set()).add(_limit(leaf, known, window=True))
    several = {key: _times(found) for key, found in windows.items() if len(found) > 1}
    return domains | several


def _values(key: Key, limits: set[float], leaf: n.Leaf, known: Vocabulary) -> tuple[Value, ...]:
    match key.about:
        case "level" if isinstance(leaf, n.Measured):
            return _samples(limits, known[leaf.subject.term])
        case "multiple" | "age":
            return _times(limits)
        case "count":
            return tuple(range(int(max(limits)) + 2))
        case "length" | "nearest":
            nothing = key.about == "nearest" or 0.0 in limits
            return (*(time for time in _times(limits) if time > 0 or nothing), NEVER)
        case "word" if isinstance(leaf, n.OneOf):
            return tuple(known[leaf.subject.term].choices)
        case _:
            return (False, True)


def _times(limits: set[float]) -> tuple[float, ...]:
    """Give values at, between and beyond limits, from nothing on."""
    edges = sorted({0.0, *limits})
    between = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
    return tuple(sorted({*edges, *between, edges[-1] * _BEYOND + 1}))


def _usual(limit: Quantity, term: Term) -> float:
    """Give a limit in the usual unit of its term."""
    return limit.to(term.unit or "1", term.analyte).value


def _samples(limits: set[float], term: Term) -> tuple[float, ...]:
    """Give values at, between and beyond limits, as far as a living person can have them."""
    edges = sorted(limits)
    between = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
    low = term.lowest if term.lowest is not None else edges[0] - abs(edges[0]) - 1
    high = term.highest if term.highest is not None else edges[-1] * _BEYOND + 1
    lower, upper = (low + edges[0]) / 2, (edges[-1] + high) / 2
    inside = [value for value in (*edges, *between, lower, upper, low, high) if low <= value <= high]
    return tuple(sorted(set(inside)))


def _said(key: Key, value: Value, known: Vocabulary) -> str:  # noqa: PLR0911 - one form for each kind of value
    if key.leaf is not None:
        return f"{show_leaf(key.leaf)}: {'yes' if value else 'no'}"
    if key.subject is None:
        return f"age: {_span(float(value))}"
    term = known[key.subject.term]
    name = f"{term.en}{show_qualifiers(key.subject)}"
    match key.about:
        case "level":
            return f"{name}: {value:g} {shown_unit(term.unit or '1')}".rstrip()
        case "multiple":
            return f"{name}: {value:g} × {key.beside}"
        case "length":
            return f"{name}: never" if value == NEVER else f"{name}: lasted {_span(float(value))}"
        case "nearest":
            return f"{name}: never" if value == NEVER else f"{name}: {_span(float(value))} {key.beside}"
        case "freshness":
            return f"{name}: recorded {_span(float(value))} {key.beside}"
        case _:
            return f"{name}: {value}"


def _span(days: float) -> str:
    """Say a length of time in the largest unit in which it is whole; else in days."""
    for unit in (n.Span.YEARS, n.Span.MONTHS, n.Span.WEEKS, n.Span.DAYS, n.Span.HOURS):
        count = days / DAYS[unit]
        if count >= 1 and math.isclose(count, round(count)):
            return show_time(n.Time(round(count), unit))
    return f"{days:.4g} days"
