"""The smallest set of tests and questions that could settle that a person is eligible."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import Rule
from earlyphase.eligibility.evaluating import answer_leaf
from earlyphase.eligibility.person import Person
from earlyphase.eligibility.verdict import Cause, Need, Verdict

WIDEST = 400
"""So many alternative sets are followed at once; beyond it the smallest are kept."""

Needs = frozenset[Need]
Ways = frozenset[Needs]
"""Alternative sets of needs, none of which holds another."""

SETTLED: Ways = frozenset({frozenset[Need]()})
"""Nothing is needed."""

Ask = Callable[[n.Leaf, Verdict], Ways]
"""What must be known for a single question to come out as wanted."""

IMPOSSIBLE: Ways = frozenset()
"""No test can bring it about."""


def fewest_tests(rules: Sequence[Rule], person: Person) -> tuple[Need, ...]:
    """Find the smallest set of needs that could make every criterion come out as it must.

    Sets are compared by the number of different tests, then of single results.

    Args:
        rules: the criteria that are unsettled.
        person: the person.

    Returns:
        The needs, by test; empty where no test can bring it about now.
    """
    ways = SETTLED
    for rule in rules:
        ways = together([ways, _rule(rule, person)])
    return fewest(ways)


def fewest(ways: Ways) -> tuple[Need, ...]:
    """Give the smallest of alternative sets, by test; empty where there is none."""
    if not ways:
        return ()
    return tuple(sorted(min(ways, key=_size), key=lambda need: (need.test, need.about)))


def _rule(rule: Rule, person: Person) -> Ways:
    if rule.node is None:
        need = Need("statement by the investigator, with its reason", rule.criterion.as_interpreted)
        return frozenset({frozenset({need})})
    wanted = Verdict.MET if rule.inclusion else Verdict.NOT_MET
    return ways_to(rule.node, wanted, partial(leaf_ways, person, rule.id))


def ways_to(node: n.Node, wanted: Verdict, ask: Ask) -> Ways:
    """Find what must be known for a verdict to come out as wanted."""
    opposite = wanted.negated()
    match node:
        case n.Not():
            return ways_to(node.part, opposite, ask)
        case n.All() | n.Any():
            each = [ways_to(part, wanted, ask) for part in node.parts]
            every = isinstance(node, n.All) == (wanted is Verdict.MET)
            return together(each) if every else _one_of(each)
        case n.IfThen():
            none = ways_to(node.condition, opposite, ask)
            then = ways_to(node.then, wanted, ask)
            if wanted is Verdict.MET:
                return _one_of([none, then])
            return together([ways_to(node.condition, Verdict.MET, ask), then])
        case n.Except():
            main = ways_to(node.main, wanted, ask)
            exception = ways_to(node.exception, opposite, ask)
            return together([main, exception]) if wanted is Verdict.MET else _one_of([main, exception])
        case _:
            return ask(node, wanted)


def leaf_ways(person: Person, criterion: str, leaf: n.Leaf, wanted: Verdict) -> Ways:
    """Find the tests of a person for a single question to come out as wanted."""
    answer = answer_leaf(leaf, person, criterion)
    if answer.verdict is wanted:
        return SETTLED
    if answer.verdict is not Verdict.UNKNOWN:
        return IMPOSSIBLE
    return frozenset({frozenset(one.need for one in answer.unknowns if one.cause is not Cause.NOT_DUE)})


def together(each: Iterable[Ways]) -> Ways:
    """Find the sets that settle all."""
    ways = SETTLED
    for other in each:
        ways = _smallest(one | two for one in ways for two in other)
    return ways


def _one_of(each: Iterable[Ways]) -> Ways:
    """Find the sets that settle at least one."""
    return _smallest(one for ways in each for one in ways)


def _smallest(sets: Iterable[Needs]) -> Ways:
    """Keep the sets that hold no other; the smallest ones where there are too many."""
    kept: list[Needs] = []
    for one in sorted(set(sets), key=_size):
        if not any(other <= one for other in kept):
            kept.append(one)
    return frozenset(kept[:WIDEST])


def _size(needs: Needs) -> tuple[int, int, list[tuple[str, str]]]:
    """Order sets by tests, then by results, then by name, so that the answer is always the same."""
    return len({need.test for need in needs}), len(needs), sorted((need.test, need.about) for need in needs)
