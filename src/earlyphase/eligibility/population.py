"""Evaluates criteria on a whole population at once: the same expressions and verdicts, on columns.

The facts of a population are brought into columns once; after that, changed limits cost next to nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import entered, holds
from earlyphase.eligibility.attrition import Attrition, CriterionCount
from earlyphase.eligibility.criteria_set import CriteriaSet, Rule
from earlyphase.eligibility.evaluating import answer_leaf
from earlyphase.eligibility.facts import Amount, Fact
from earlyphase.eligibility.measuring import latest
from earlyphase.eligibility.person import Person
from earlyphase.eligibility.verdict import Answer, Verdict
from earlyphase.protocol.criteria import Stage
from earlyphase.quantities import InvalidQuantity, Quantity, RoundingPolicy

Verdicts = NDArray[np.int8]
"""One verdict a person, in the order of NOT_MET, UNKNOWN, MET, so that the least of all is their `and`."""

NOT_MET, UNKNOWN, MET = 0, 1, 2
CODES = {Verdict.NOT_MET: NOT_MET, Verdict.UNKNOWN: UNKNOWN, Verdict.MET: MET}

HALF = 0.5
"""Rounding to a limit's decimals moves a value by at most this."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a column of numbers is of: a subject, in the unit of its limit or beside its limit of normal."""

    subject: n.Subject
    against: str | n.Normal


@dataclass(frozen=True, slots=True)
class Numbers:
    """Measured values of a population."""

    values: NDArray[np.float64]
    """In the unit asked for; for a limit of normal, in the unit of that limit. Not a number where it is unknown."""
    normals: NDArray[np.float64] | None
    """The limit of normal of each person, where that is asked for."""
    written: Mapping[int, float]
    """The same as it was written: rounding counts the decimals."""
    several: Mapping[int, tuple[tuple[float, float], ...]]
    """Persons with several latest values: each value with its limit of normal."""


@dataclass(frozen=True, slots=True)
class Population:
    """The facts of a population in columns."""

    size: int
    numbers: Mapping[Asked, Numbers]
    answers: Mapping[tuple[n.Leaf, str], Verdicts]
    """Questions that are not about numbers, answered; for what a person says, with the criterion that it is about."""
    settled: Mapping[str, Verdicts]
    """By criterion: what a statement settles where the criterion is unknown."""
    rounding: RoundingPolicy


def population(criteria: CriteriaSet, people: Sequence[Person]) -> Population:
    """Bring the facts that criteria ask for into columns.

    Args:
        criteria: the criteria; other limits in the same units can be asked of the columns later.
        people: the persons, prepared by `person_of`.
    """
    leaves = dict.fromkeys((leaf, rule.id) for rule in criteria.rules if rule.node for leaf in n.leaves(rule.node))
    numbers: dict[Asked, Numbers] = {}
    answers: dict[tuple[n.Leaf, str], Verdicts] = {}
    for leaf, criterion in leaves:
        if isinstance(leaf, n.Measured):
            asked = asked_of(leaf)
            numbers[asked] = numbers.get(asked) or _numbers(asked, people)
        elif _key(leaf, criterion) not in answers:
            found = [_code_of(leaf, person, criterion) for person in people]
            answers[_key(leaf, criterion)] = np.array(found, dtype=np.int8)
    settled = {rule.id: found for rule in criteria.rules if (found := _settled(rule, people)) is not None}
    return Population(len(people), numbers, answers, settled, criteria.rounding)


def _settled(rule: Rule, people: Sequence[Person]) -> Verdicts | None:
    """Give what statements say of a criterion; None where there are none."""
    said = [person.settled.get(rule.id) for person in people]
    if not any(said):
        return None
    return np.array([UNKNOWN if one is None else MET if one.met else NOT_MET for one in said], dtype=np.int8)


def _code_of(leaf: n.Leaf, person: Person, criterion: str) -> int:
    """Answer a question without its evidence, where that is plain; else as a single screening does."""
    subject = n.subject_of(leaf)
    if isinstance(leaf, n.Undefined):
        return UNKNOWN
    if isinstance(leaf, n.Stated) and not person.said:
        return UNKNOWN
    if subject is not None and not isinstance(leaf, n.Counted):
        facts = person.usable.get(subject.term, ())
        if not facts:
            return UNKNOWN
        plain = isinstance(leaf, n.Holds) and not (subject.having or subject.unless or subject.window)
        if plain and len(facts) == 1 and isinstance(facts[0].value, bool):
            return MET if facts[0].value else NOT_MET
    return CODES[answer_leaf(leaf, person, criterion).verdict]


def _key(leaf: n.Leaf, criterion: str) -> tuple[n.Leaf, str]:
    return leaf, criterion if isinstance(leaf, n.Stated) else ""


def asked_of(leaf: n.Measured) -> Asked:
    """Give the column that a comparison looks at."""
    return Asked(leaf.subject, leaf.limit.unit if isinstance(leaf.limit, Quantity) else leaf.limit.of)


def _numbers(asked: Asked, people: Sequence[Person]) -> Numbers:
    normal = isinstance(asked.against, n.Normal)
    values = np.full(len(people), np.nan)
    normals = np.full(len(people), np.nan) if normal else None
    written: dict[int, float] = {}
    several: dict[int, tuple[tuple[float, float], ...]] = {}
    for place, person in enumerate(people):
        pairs = _pairs(asked, person)
        if len(pairs) == 1:
            values[place] = pairs[0][0]
            if normals is not None:
                normals[place] = written[place] = pairs[0][1]
        elif pairs:
            several[place] = pairs
    return Numbers(values, normals, written, several)


def _pairs(asked: Asked, person: Person) -> tuple[tuple[float, float], ...]:
    """Give the latest values, each with its limit of normal; nothing where one of them cannot be used."""
    facts = latest(person, asked.subject)
    if isinstance(facts, Answer):
        return ()
    found = [_pair(asked, person, fact) for fact in facts]
    return tuple(pair for pair in found if pair) if all(found) else ()


def _pair(asked: Asked, person: Person, fact: Fact) -> tuple[float, float] | None:
    term = person.known[asked.subject.term]
    if fact.value is None or isinstance(fact.value, bool | str):
        return None
    try:
        value = entered(fact.value, term.unit)
        if not isinstance(asked.against, n.Normal):
            return value.to(asked.against, term.analyte).value, 0.0
        bound = _bound(fact, asked.against)
        if bound is None:
            return None
        normal = entered(bound, term.unit)
        return value.to(normal.unit, term.analyte).value, normal.value
    except InvalidQuantity:
        return None


def _bound(fact: Fact, normal: n.Normal) -> Amount | None:
    return fact.upper_limit if normal is n.Normal.UPPER else fact.lower_limit


def evaluate_all(node: n.Node, people: Population, criterion: str = "") -> Verdicts:  # noqa: PLR0911 - one for each kind of node
    """Answer an expression for everybody. Statements that settle a criterion are not part of it.

    Args:
        node: the expression.
        people: the population.
        criterion: the criterion's id, under which a statement may have been recorded.

    Raises:
        KeyError: the columns do not hold what it asks.
    """
    match node:
        case n.All():
            return np.minimum.reduce([evaluate_all(part, people, criterion) for part in node.parts])
        case n.Any():
            return np.maximum.reduce([evaluate_all(part, people, criterion) for part in node.parts])
        case n.Not():
            return _opposite(evaluate_all(node.part, people, criterion))
        case n.IfThen():
            none = _opposite(evaluate_all(node.condition, people, criterion))
            return np.maximum(none, evaluate_all(node.then, people, criterion))
        case n.Except():
            exception = evaluate_all(node.exception, people, criterion)
            return np.minimum(evaluate_all(node.main, people, criterion), _opposite(exception))
        case n.Measured():
            return _compared(node, people)
        case n.Undefined():
            return np.full(people.size, UNKNOWN, dtype=np.int8)
        case _:
            return people.answers[_key(node, criterion)]


def _opposite(verdicts: Verdicts) -> Verdicts:
    return (MET - verdicts).astype(np.int8)


def _compared(leaf: n.Measured, people: Population) -> Verdicts:
    """Compare a column with its limit; the few values that rounding can move are compared one by one."""
    column = people.numbers[asked_of(leaf)]
    limits = _limits(leaf, column)
    with np.errstate(invalid="ignore"):
        verdicts = np.where(_OPERATORS[leaf.op](column.values, limits), MET, NOT_MET).astype(np.int8)
        close = np.abs(column.values - limits) <= HALF
    verdicts[np.isnan(column.values)] = UNKNOWN
    if people.rounding is not RoundingPolicy.UNROUNDED:
        for place in np.flatnonzero(close).tolist():
            verdicts[place] = _one(
                leaf, float(column.values[place]), _times(leaf, column.written.get(place, 0.0)), people.rounding
            )
    for place, pairs in column.several.items():
        found = {_one(leaf, value, _times(leaf, normal), people.rounding) for value, normal in pairs}
        verdicts[place] = found.pop() if len(found) == 1 else UNKNOWN
    return verdicts


def _limits(leaf: n.Measured, column: Numbers) -> NDArray[np.float64] | float:
    if isinstance(leaf.limit, Quantity) or column.normals is None:
        return float(_times(leaf, 0.0))
    return leaf.limit.factor * column.normals


def _times(leaf: n.Measured, normal: float) -> float:
    return leaf.limit.value if isinstance(leaf.limit, Quantity) else leaf.limit.factor * normal


def _one(leaf: n.Measured, value: float, limit: float, rounding: RoundingPolicy) -> int:
    """Compare one value as a single screening does."""
    order = Quantity(value, "1").compare(Quantity(limit, "1"), None, rounding)
    return MET if holds(leaf.op, order) else NOT_MET


_Operator = Callable[[NDArray[np.float64], NDArray[np.float64] | float], NDArray[np.bool_]]

_OPERATORS: Mapping[n.Op, _Operator] = {
    n.Op.LESS: np.less,
    n.Op.AT_MOST: np.less_equal,
    n.Op.MORE: np.greater,
    n.Op.AT_LEAST: np.greater_equal,
    n.Op.EQUAL: np.equal,
}


def _all_of(rule: Rule, people: Population) -> Verdicts:
    """Answer a criterion for everybody; a statement settles what stays unknown, and nothing else."""
    unknown = np.full(people.size, UNKNOWN, dtype=np.int8)
    verdicts = unknown if rule.node is None else evaluate_all(rule.node, people, rule.id)
    settled = people.settled.get(rule.id)
    return verdicts if settled is None else np.where(verdicts == UNKNOWN, settled, verdicts)


def narrowing(criteria: CriteriaSet, people: Population, stage: Stage) -> Attrition:
    """Count how a population narrows, criterion by criterion, as `attrition` does for single screenings."""
    left = np.ones(people.size, dtype=np.bool_)
    open_ = np.zeros(people.size, dtype=np.bool_)
    failures = np.zeros(people.size, dtype=np.int64)
    failed_by: dict[str, NDArray[np.bool_]] = {}
    counts: list[tuple[str, int, int, int, int, int]] = []
    for rule in criteria.due_at(stage):
        verdicts = _all_of(rule, people)
        failed = verdicts == (NOT_MET if rule.inclusion else MET)
        unsettled = verdicts == UNKNOWN
        here, left, open_ = int((left & failed).sum()), left & ~failed, open_ | unsettled
        failures, failed_by[rule.id] = failures + failed, failed
        stay = (int(left.sum()), here, int((left & unsettled).sum()), int(failed.sum()), int(unsettled.sum()))
        counts.append((rule.id, *stay))
    alone = {name: int((failed & (failures == 1)).sum()) for name, failed in failed_by.items()}
    rows = tuple(CriterionCount(*count, alone[count[0]]) for count in counts)
    eligible, unsettled = int((left & ~open_).sum()), int((left & open_).sum())
    return Attrition(people.size, rows, eligible, unsettled, people.size - eligible - unsettled)
