"""Evaluates an expression on the facts of a person, by Kleene's three-valued logic. Nothing is guessed."""

from typing import assert_never

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import compared, holds
from earlyphase.eligibility.calendar import shifted
from earlyphase.eligibility.happening import counted, happened, lasted
from earlyphase.eligibility.measuring import coded, measured, status
from earlyphase.eligibility.person import Person, folded
from earlyphase.eligibility.showing import show_time
from earlyphase.eligibility.verdict import Answer, Cause, Evidence, Need, Unknown, Verdict, both, either, verdict_of
from earlyphase.protocol.terms import TermKind


def evaluate(node: n.Node, person: Person, criterion: str = "") -> Answer:
    """Answer an expression for a person.

    Args:
        node: the expression.
        person: the person, on the day on which eligibility is asked.
        criterion: the criterion's id, under which a statement may have been recorded.
    """
    match node:
        case n.All():
            return both([evaluate(part, person, criterion) for part in node.parts])
        case n.Any():
            return either([evaluate(part, person, criterion) for part in node.parts])
        case n.Not():
            return evaluate(node.part, person, criterion).negated()
        case n.IfThen():
            condition = evaluate(node.condition, person, criterion)
            return either([condition.negated(), evaluate(node.then, person, criterion)])
        case n.Except():
            exception = evaluate(node.exception, person, criterion)
            return both([evaluate(node.main, person, criterion), exception.negated()])
        case _:
            return answer_leaf(node, person, criterion)


def answer_leaf(leaf: n.Leaf, person: Person, criterion: str) -> Answer:
    """Answer a single question; one that was asked of the person before is not worked out again."""
    key = (leaf, criterion if isinstance(leaf, n.Stated) else "")
    answer = person.answered.get(key)
    if answer is None:
        answer = person.answered[key] = _answer(leaf, person, criterion)
    return answer


def _answer(leaf: n.Leaf, person: Person, criterion: str) -> Answer:  # noqa: PLR0911 - one for each kind of leaf
    match leaf:
        case n.Measured():
            return measured(person, leaf)
        case n.OneOf():
            return coded(person, leaf)
        case n.Holds():
            event = person.known[leaf.subject.term].kind is TermKind.EVENT
            return happened(person, leaf) if event else status(person, leaf)
        case n.Counted():
            return counted(person, leaf)
        case n.Lasted():
            return lasted(person, leaf)
        case n.Aged():
            return _aged(person, leaf)
        case n.Stated():
            return _stated(person, leaf, criterion)
        case n.Undefined():
            return _undefined(leaf)
        case _:
            assert_never(leaf)


def _aged(person: Person, leaf: n.Aged) -> Answer:
    """Compare an age: a birthday on which a limit is reached counts as reached."""
    if person.birth is None:
        need = Need("history", "date of birth")
        return Answer(
            Verdict.UNKNOWN, (), (Unknown(Cause.MISSING, "age", "age: the date of birth is not recorded.", need),)
        )
    orders = [
        compared(person.today, shifted(day, leaf.limit, 1)) for day in (person.birth.latest, person.birth.earliest)
    ]
    answers = {holds(leaf.op, order) for order in orders}
    if len(answers) > 1 or (leaf.op is n.Op.EQUAL and len(set(orders)) > 1):
        says = f"age: born {person.birth}, which leaves the age open."
        need = Need("history", "date of birth")
        return Answer(Verdict.UNKNOWN, (), (Unknown(Cause.MISSING, "age", says, need),))
    verdict = verdict_of(answers.pop())
    because = f"age {leaf.op} {show_time(leaf.limit)}"
    return Answer(verdict, (Evidence("age", f"born {person.birth}", str(person.today), None, because, verdict),))


def _stated(person: Person, leaf: n.Stated, criterion: str) -> Answer:
    """Find what somebody said on this text, or on this criterion."""
    said = person.said.get((leaf.kind.value, folded(leaf.text)), ())
    if criterion:
        said = (*said, *person.said.get((leaf.kind.value, folded(criterion)), ()))
    answers = [fact for fact in said if isinstance(fact.value, bool)]
    values = {fact.value is True for fact in answers}
    need = Need(f"{leaf.kind} by {leaf.by or 'a named person'}", leaf.text)
    if len(values) != 1:
        cause, says = (Cause.CONFLICT, "said to be both so and not so.") if values else (Cause.MISSING, "not stated.")
        return Answer(Verdict.UNKNOWN, (), (Unknown(cause, leaf.text, f"{leaf.text}: {says}", need),))
    fact = answers[-1]
    verdict = verdict_of(fact.value is True)
    value = f"{'yes' if fact.value else 'no'}, by {fact.by or leaf.by or 'unnamed'}"
    when = str(fact.on) if fact.on else None
    return Answer(verdict, (Evidence(leaf.text, value, when, fact.source, str(leaf.kind), verdict),))


def _undefined(leaf: n.Undefined) -> Answer:
    need = Need("statement by the investigator, with its reason", leaf.text)
    says = f"{leaf.text}: the criterion does not define it."
    return Answer(Verdict.UNKNOWN, (), (Unknown(Cause.UNDERSPECIFIED, leaf.text, says, need),))
