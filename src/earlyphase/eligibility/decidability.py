"""Which criteria nobody can evaluate, everybody meets, read otherwise than they are meant, or collide."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import CriteriaSet, Rule, criteria_set
from earlyphase.eligibility.possible import kinds, kleene
from earlyphase.eligibility.showing import show, show_leaf
from earlyphase.eligibility.verdict import Verdict
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.protocol.model import Protocol


class Defect(StrEnum):
    """What is the matter with a criterion."""

    UNDECIDABLE = "nobody can evaluate it"
    PARTLY_UNDECIDABLE = "it cannot be evaluated for everyone"
    MET_BY_ALL = "everybody meets it"
    MET_BY_NONE = "nobody can meet it"
    READS_OTHERWISE = "it reads otherwise than it is meant"
    COLLIDES = "it cannot hold together with another"
    NO_EXPRESSION = "it has no expression"


@dataclass(frozen=True, slots=True)
class Undecided:
    """One thing to know about a criterion before the first person is screened."""

    criterion: str
    reading: str
    """`as written`, `as interpreted`, or both."""
    defect: Defect
    says: str
    question: str
    """What to ask the sponsor; empty where the protocol has no question."""


def decidability(protocol: Protocol) -> tuple[Undecided, ...]:
    """Find what screening cannot decide, in the order of the protocol.

    Raises:
        InvalidInput: an expression of a criterion is none.
    """
    criteria, written = criteria_set(protocol), criteria_set(protocol, as_written=True)
    pairs = zip(criteria.rules, written.rules, strict=True)
    found = [one for rule, literal in pairs for one in _rule(rule, literal.node, criteria.known)]
    return (*found, *_collisions(criteria))


def _rule(rule: Rule, literal: n.Node | None, known: Vocabulary) -> Iterator[Undecided]:
    question = rule.criterion.question or ""
    if rule.node is None or literal is None:
        yield Undecided(rule.id, "both", Defect.NO_EXPRESSION, rule.criterion.as_interpreted, question)
        return
    same = rule.node == literal
    readings = [("both", rule.node)] if same else [("as written", literal), ("as interpreted", rule.node)]
    for reading, node in readings:
        for defect, says in _reading(node, known):
            yield Undecided(rule.id, reading, defect, says, question)
    if not same:
        for says in _disagreements(literal, rule.node, known):
            yield Undecided(rule.id, "both", Defect.READS_OTHERWISE, says, question)


def _reading(node: n.Node, known: Vocabulary) -> Iterator[tuple[Defect, str]]:
    """Find what one reading can come out as, over all kinds of person; then the same for each comparison in it."""
    outcomes = _outcomes(node, known)
    undefined = ", ".join(f"“{leaf.text}”" for leaf in n.leaves(node) if isinstance(leaf, n.Undefined))
    if outcomes == {Verdict.UNKNOWN}:
        yield Defect.UNDECIDABLE, f"{undefined} is not defined: every person stays unknown."
    elif Verdict.UNKNOWN in outcomes:
        yield Defect.PARTLY_UNDECIDABLE, f"{undefined} is not defined: some persons stay unknown."
    elif outcomes == {Verdict.MET}:
        yield Defect.MET_BY_ALL, f"{show(node)} is true of every living person."
    elif outcomes == {Verdict.NOT_MET}:
        yield Defect.MET_BY_NONE, f"{show(node)} is true of no living person."
    yield from _parts(node, known)


def _parts(node: n.Node, known: Vocabulary) -> Iterator[tuple[Defect, str]]:
    """Find comparisons that tell nobody apart from anybody."""
    for leaf in n.leaves(node):
        if not isinstance(leaf, n.Measured) or leaf == node:
            continue
        outcomes = _outcomes(leaf, known)
        if outcomes == {Verdict.MET}:
            yield Defect.MET_BY_ALL, f"Its part {show_leaf(leaf)} is true of every living person."
        elif outcomes == {Verdict.NOT_MET}:
            yield Defect.MET_BY_NONE, f"Its part {show_leaf(leaf)} is true of no living person."


def _outcomes(node: n.Node, known: Vocabulary) -> set[Verdict]:
    people = kinds([node], known)
    return set() if people is None else {kleene(node, person.answer) for person in people}


def _disagreements(literal: n.Node, node: n.Node, known: Vocabulary) -> Iterator[str]:
    """Find a person for whom the two readings give opposite verdicts, one for each direction that there is."""
    told: set[Verdict] = set()
    for person in kinds([literal, node], known) or ():
        written, meant = kleene(literal, person.answer), kleene(node, person.answer)
        if {written, meant} == {Verdict.MET, Verdict.NOT_MET} and written not in told:
            told.add(written)
            yield f"{written.capitalize()} as written, {meant} as interpreted, for a person with: {person.describe()}."


def _collisions(criteria: CriteriaSet) -> Iterator[Undecided]:
    """Find two criteria of which no person can satisfy both."""
    rules = [rule for rule in criteria.rules if rule.node is not None]
    for one, other in itertools.combinations(rules, 2):
        if one.node is None or other.node is None or not _common(one.node, other.node):
            continue
        people = kinds([one.node, other.node], criteria.known)
        if people is not None and not any(_satisfies((one, other), person.answer) for person in people):
            says = f"No person satisfies both {one.id} and {other.id}."
            yield Undecided(one.id, "as interpreted", Defect.COLLIDES, says, one.criterion.question or "")


def _common(one: n.Node, other: n.Node) -> bool:
    subjects = [{n.subject_of(leaf) or leaf for leaf in n.leaves(node)} for node in (one, other)]
    return bool(subjects[0] & subjects[1])


def _satisfies(rules: tuple[Rule, ...], answer: Callable[[n.Leaf], Verdict]) -> bool:
    wanted = [(rule.node, Verdict.MET if rule.inclusion else Verdict.NOT_MET) for rule in rules]
    return all(node is None or kleene(node, answer) in (verdict, Verdict.UNKNOWN) for node, verdict in wanted)
