"""Facts that settle a criterion as it is wanted: what screening finds of a virtual patient, besides what is drawn."""

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any, assert_never

from earlyphase.dates import add_days
from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import compared, holds
from earlyphase.eligibility.calendar import days_of, shifted
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.person import Person
from earlyphase.eligibility.verdict import Verdict
from earlyphase.protocol.terms import TermKind
from earlyphase.quantities import Quantity
from earlyphase.simulation.chance import Chance

LIMIT_OF_NORMAL = 40
"""The laboratory's limit of normal, where nothing else says it. Units: those of the term."""

NEAR, FAR = 0.05, 0.6
"""How far from a limit values are drawn, as a share of the room on that side."""

AGO, APART = 60, 45
"""The last event lies so long back, and events so far apart. Units: days."""

BORN_BESIDE = 10
"""How far from a limit of age somebody is. Units: years."""

Found = dict[str, Any]
"""A screening fact as the journal takes it; `birth_date` stands for itself."""


def bring_about(node: n.Node, wanted: Verdict, person: Person, criterion: str, chance: Chance) -> Iterator[Found]:
    """Find facts that turn an unknown answer into the one that is wanted.

    What is known already is left as it is; what is undefined stays unknown.
    """
    if evaluate(node, person, criterion).verdict is not Verdict.UNKNOWN:
        return
    for part, verdict in _parts(node, wanted, person, criterion, chance):
        if part is node:
            yield from _leaf(part, verdict, person, chance)
        else:
            yield from bring_about(part, verdict, person, criterion, chance)


def _parts(
    node: n.Node, wanted: Verdict, person: Person, criterion: str, chance: Chance
) -> Iterator[tuple[n.Node, Verdict]]:
    """Say which parts of a node must come out how; a leaf is its own part."""
    match node:
        case n.Not():
            yield node.part, wanted.negated()
        case n.All() | n.Any():
            open_ = [part for part in node.parts if evaluate(part, person, criterion).verdict is Verdict.UNKNOWN]
            every = isinstance(node, n.All) == (wanted is Verdict.MET)
            yield from ((part, wanted) for part in (open_ if every else [chance.one_of(open_)]))
        case n.IfThen():
            condition = evaluate(node.condition, person, criterion).verdict
            if wanted is Verdict.MET and condition is Verdict.UNKNOWN and chance.happens(0.5):
                yield node.condition, Verdict.NOT_MET
            else:
                yield from ((node.condition, Verdict.MET), (node.then, wanted))
        case n.Except():
            yield node.main, wanted
            if wanted is Verdict.MET:
                yield node.exception, Verdict.NOT_MET
        case _:
            yield node, wanted


def _leaf(leaf: n.Node, wanted: Verdict, person: Person, chance: Chance) -> Iterator[Found]:
    match leaf:
        case n.Measured():
            yield _measured(leaf, wanted, person, chance)
        case n.OneOf():
            others = [word for word in person.known[leaf.subject.term].choices if word not in leaf.words]
            words = list(leaf.words) if wanted is Verdict.MET else others
            if words:
                yield _found(leaf.subject, person, value=chance.one_of(words))
        case n.Holds():
            yield _held(leaf.subject, wanted, person)
        case n.Counted():
            yield from _counted(leaf, wanted, person)
        case n.Lasted():
            yield _lasted(leaf, wanted, person)
        case n.Aged():
            yield {"birth_date": str(_born(leaf, wanted, person))[:7]}
        case n.Stated():
            said = {"about": leaf.text[:200], "by": leaf.by or "participant"}
            yield {"term": leaf.kind.value, "value": wanted is Verdict.MET, "on": str(person.today), **said}
        case n.Undefined() | n.All() | n.Any() | n.Not() | n.IfThen() | n.Except():
            return
        case _:
            assert_never(leaf)


def _found(subject: n.Subject, person: Person, **said: Any) -> Found:  # noqa: ANN401 - any field of a fact
    """Say a fact of a subject as the subject asks for it, on a day on which it counts."""
    coded = {one.attribute.value: one.word for one in subject.having if isinstance(one, n.Coded)}
    anchor = person.anchors.get(subject.window.anchor) if subject.window else None
    day = min(days_of(subject.window, anchor).last, person.today) if subject.window and anchor else person.today
    return {"term": subject.term, "on": str(day), **coded, **said}


def _measured(leaf: n.Measured, wanted: Verdict, person: Person, chance: Chance) -> Found:
    term = person.known[leaf.subject.term]
    if isinstance(leaf.limit, Quantity):
        limit, unit, normal = leaf.limit.value, leaf.limit.unit, {}
    else:
        limit, unit = leaf.limit.factor * LIMIT_OF_NORMAL, term.unit or "1"
        which = "upper_limit" if leaf.limit.of is n.Normal.UPPER else "lower_limit"
        normal = {which: {"value": LIMIT_OF_NORMAL, "unit": unit}}
    same = unit == term.unit
    ends = (term.lowest or 0.0 if same else 0.0, term.highest if same else None)
    value = {"value": _beside(leaf.op, limit, wanted, ends, chance), "unit": unit}
    return _found(leaf.subject, person, value=value, **normal)


def _beside(op: n.Op, limit: float, wanted: Verdict, ends: tuple[float, float | None], chance: Chance) -> float:
    """Draw a value on the side of a limit that is wanted."""
    low, high = ends
    right = wanted is Verdict.MET
    if op is n.Op.EQUAL and right:
        return limit
    below = right is (op in (n.Op.LESS, n.Op.AT_MOST))
    room = limit - low if below else min(limit or 1.0, math.inf if high is None else high - limit)
    share = chance.between(NEAR, FAR) * room
    power = 1 if room >= BORN_BESIDE else 10 if room >= 1 else 1000
    drawn = math.floor((limit - share) * power) if below else math.ceil((limit + share) * power)
    return drawn if power == 1 else drawn / power


def _held(subject: n.Subject, wanted: Verdict, person: Person) -> Found:
    met = wanted is Verdict.MET
    if met and person.known[subject.term].kind is TermKind.EVENT:
        return _found(subject, person)
    return _found(subject, person, value=met)


def _counted(leaf: n.Counted, wanted: Verdict, person: Person) -> Iterator[Found]:
    """Find the fewest events that come out as wanted, and the word that there were no others."""
    met = wanted is Verdict.MET
    times = next((each for each in range(leaf.limit + 2) if holds(leaf.op, compared(each, leaf.limit)) is met), 0)
    for each in range(times):
        on = add_days(person.today, -AGO + APART * (each - times + 1))
        yield _found(leaf.subject, person) | ({} if leaf.subject.window else {"on": str(on)})
    yield _found(leaf.subject, person, value=False)


def _lasted(leaf: n.Lasted, wanted: Verdict, person: Person) -> Found:
    short = (wanted is Verdict.MET) is (leaf.op in (n.Op.LESS, n.Op.AT_MOST))
    whole = (shifted(person.today, leaf.limit, 1) - person.today).days
    end = add_days(person.today, -2 * AGO - APART)
    return _found(leaf.subject, person) | {
        "on": str(add_days(end, -(whole // 2 if short else 2 * whole))),
        "until": str(end),
    }


def _born(leaf: n.Aged, wanted: Verdict, person: Person) -> dt.date:
    young = (wanted is Verdict.MET) is (leaf.op in (n.Op.LESS, n.Op.AT_MOST))
    beside = n.Time(BORN_BESIDE, n.Span.YEARS)
    born = shifted(shifted(person.today, leaf.limit, -1), beside, 1 if young else -1)
    return min(born, person.today)
