"""All that can be true of a person, as far as an expression can tell persons apart."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import compared, holds
from earlyphase.eligibility.showing import show_leaf, show_qualifiers
from earlyphase.eligibility.verdict import Verdict, verdict_of
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.protocol.terms import Term
from earlyphase.quantities import Quantity, shown_unit

MOST = 20_000
"""So many kinds of person are tried; an expression that tells more apart is left."""

Value = float | str | bool
Key = n.Subject | n.Leaf
"""What a person has one value of."""

_BEYOND = 2.0
"""A value above the highest limit, as a multiple of it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of person: a value for everything that is asked."""

    values: Mapping[Key, Value]
    known: Vocabulary

    def answer(self, leaf: n.Leaf) -> Verdict:
        """Answer a question with all facts at hand."""
        match leaf:
            case n.Undefined():
                return Verdict.UNKNOWN
            case n.Measured(limit=Quantity() as limit):
                usual = _usual(limit, self.known[leaf.subject.term])
                return verdict_of(holds(leaf.op, compared(float(self.values[leaf.subject]), usual)))
            case n.Counted():
                return verdict_of(holds(leaf.op, compared(float(self.values[leaf.subject]), leaf.limit)))
            case n.OneOf():
                return verdict_of(self.values[leaf.subject] in leaf.words)
            case _:
                return verdict_of(self.values[leaf] is True)

    def describe(self) -> str:
        """Say what kind of person it is."""
        return "; ".join(_said(key, value, self.known) for key, value in self.values.items())


def kinds(nodes: Iterable[n.Node], known: Vocabulary) -> Iterator[Kind] | None:
    """Go through all kinds of person that expressions tell apart; None where there are too many."""
    domains = _domains([leaf for node in nodes for leaf in n.leaves(node)], known)
    size = 1
    for values in domains.values():
        size *= len(values)
    if size > MOST:
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


def _domains(leaves: list[n.Leaf], known: Vocabulary) -> dict[Key, tuple[Value, ...]]:
    """Give the values that matter of everything that is asked."""
    limits: dict[n.Subject, set[float]] = {}
    domains: dict[Key, tuple[Value, ...]] = {}
    for leaf in leaves:
        match leaf:
            case n.Undefined():
                continue
            case n.Measured(limit=Quantity() as limit):
                limits.setdefault(leaf.subject, set()).add(_usual(limit, known[leaf.subject.term]))
                domains[leaf.subject] = _samples(limits[leaf.subject], known[leaf.subject.term])
            case n.Counted():
                limits.setdefault(leaf.subject, set()).add(leaf.limit)
                domains[leaf.subject] = tuple(range(int(max(limits[leaf.subject])) + 2))
            case n.OneOf():
                domains[leaf.subject] = tuple(known[leaf.subject.term].choices)
            case _:
                domains[leaf] = (False, True)
    return domains


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


def _said(key: Key, value: Value, known: Vocabulary) -> str:
    if not isinstance(key, n.Subject):
        return f"{show_leaf(key)}: {'yes' if value else 'no'}"
    term = known[key.term]
    name = f"{term.en}{show_qualifiers(key)}"
    if isinstance(value, bool | str) or term.unit is None:
        return f"{name}: {value}"
    return f"{name}: {value:g} {shown_unit(term.unit)}".rstrip()
