"""Asks whether a person could qualify, with the fewest questions that settle it.

A screening looks at documented facts; an interview takes the word of somebody who knows the person, such as a referring
doctor. Windows of time are part of the question, and not checked against dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import compared, holds
from earlyphase.eligibility.needs import SETTLED, Ways, fewest, together, ways_to
from earlyphase.eligibility.possible import kleene
from earlyphase.eligibility.verdict import Need, Verdict, verdict_of
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.protocol.terms import Term
from earlyphase.quantities import InvalidQuantity, Quantity, RoundingPolicy

_YEARS = {
    n.Span.HOURS: 1 / 8766,
    n.Span.DAYS: 1 / 365.25,
    n.Span.WEEKS: 7 / 365.25,
    n.Span.MONTHS: 1 / 12,
    n.Span.YEARS: 1,
}
"""Units: years."""


class Form(StrEnum):
    """How a question is answered."""

    YES_NO = "yes or no"
    CHOICE = "choice"
    """One word of a code."""
    NUMBER = "number"
    """A number with its unit, and a limit of normal where one is asked for."""
    AGE = "age"
    """Units: years."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an interview."""

    key: str
    """Names it among the questions of the interview."""
    form: Form
    leaf: n.Leaf
    """The first thing that it is asked for; a number may answer several."""
    term: Term | None
    normal: n.Normal | None
    """The limit of normal that the answer needs."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered. None of it: the person asked does not know."""

    yes: bool | None = None
    word: str | None = None
    number: Quantity | None = None
    normal: Quantity | None = None
    age: float | None = None
    """Units: years."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion of an interview."""

    id: str
    inclusion: bool
    text: str
    node: n.Node | None


class Outcome(StrEnum):
    """How an interview stands."""

    COULD_QUALIFY = "could qualify"
    """All that can be asked comes out as it must."""
    DOES_NOT = "does not qualify"
    OPEN = "open"
    """There are questions left."""
    LEFT_TO_THE_TEAM = "left to the study team"
    """What is left nobody could answer, or the text does not define it."""


@dataclass(frozen=True, slots=True)
class Interview:
    """How far the questions have come."""

    outcome: Outcome
    next: tuple[Question, ...]
    """The questions of one examination, to be asked together; the first of the fewest that settle it."""
    rest: tuple[Question, ...]
    """The smallest set of questions that would settle it, in the order of the criteria."""
    against: tuple[Asked, ...]
    """The criteria that stand against the person."""
    for_the_team: tuple[Asked, ...]
    """The criteria that only the study team can settle."""

    @property
    def left(self) -> int:
        """How many questions could settle it."""
        return len(self.rest)


def interview(
    criteria: Sequence[Asked], replies: Mapping[str, Reply], known: Vocabulary, rounding: RoundingPolicy
) -> Interview:
    """Find out how an interview stands after some replies, and what to ask next.

    Args:
        criteria: what is asked for.
        replies: by the key of the question.
        known: the terms of the criteria.
        rounding: how a converted value meets a limit.
    """
    asking = _Asking(replies, known, rounding)
    against = [one for one in criteria if _verdict(one, asking) is _unwanted(one)]
    if against:
        return Interview(Outcome.DOES_NOT, (), (), tuple(against), ())
    ways, hopeless = SETTLED, list[Asked]()
    for one in criteria:
        its = ways_to(one.node, _wanted(one), asking.ways) if one.node else frozenset[frozenset[Need]]()
        if its:
            ways = together([ways, its])
        else:
            hopeless.append(one)
    needs = fewest(ways)
    if not needs:
        outcome = Outcome.LEFT_TO_THE_TEAM if hopeless else Outcome.COULD_QUALIFY
        return Interview(outcome, (), (), (), tuple(hopeless))
    questions = _in_order(criteria, {need.about for need in needs}, known)
    first = [one for one in questions if _examination(one) == _examination(questions[0])]
    return Interview(Outcome.OPEN, tuple(first), tuple(questions), (), tuple(hopeless))


def questions_of(criteria: Sequence[Asked], known: Vocabulary) -> dict[str, Question]:
    """Give every question that the criteria can lead to, by its key, in the order of the criteria."""
    found: dict[str, Question] = {}
    for one in criteria:
        for leaf in n.leaves(one.node) if one.node else ():
            question = _question(leaf, known)
            held = found.setdefault(question.key, question)
            if question.normal and not held.normal:
                found[question.key] = replace(held, normal=question.normal)
    return {key: question for key, question in found.items() if not isinstance(question.leaf, n.Undefined)}


def _in_order(criteria: Sequence[Asked], keys: set[str], known: Vocabulary) -> list[Question]:
    return [question for key, question in questions_of(criteria, known).items() if key in keys]


def _examination(question: Question) -> str:
    return question.term.test if question.term else question.key


def _wanted(one: Asked) -> Verdict:
    return Verdict.MET if one.inclusion else Verdict.NOT_MET


def _unwanted(one: Asked) -> Verdict:
    return _wanted(one).negated()


def _verdict(one: Asked, asking: "_Asking") -> Verdict:
    return kleene(one.node, asking.answer) if one.node else Verdict.UNKNOWN


def _question(leaf: n.Leaf, known: Vocabulary) -> Question:
    subject = n.subject_of(leaf)
    term = known[subject.term] if subject else None
    match leaf:
        case n.Measured():
            said = " ".join(str(one) for one in leaf.subject.having)
            normal = leaf.limit.of if isinstance(leaf.limit, n.Multiple) else None
            return Question(f"{leaf.subject.term} {said}".strip(), Form.NUMBER, leaf, term, normal)
        case n.OneOf():
            return Question(leaf.subject.term, Form.CHOICE, leaf, term, None)
        case n.Aged():
            return Question("age", Form.AGE, leaf, None, None)
        case n.Stated() | n.Undefined():
            return Question(leaf.text, Form.YES_NO, leaf, None, None)
        case _:
            return Question(repr(leaf), Form.YES_NO, leaf, term, None)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Answers single questions from the replies."""

    replies: Mapping[str, Reply]
    known: Vocabulary
    rounding: RoundingPolicy

    def ways(self, leaf: n.Leaf, wanted: Verdict) -> Ways:
        """Say what must be asked for a question to come out as wanted."""
        verdict = self.answer(leaf)
        if verdict is wanted:
            return SETTLED
        key = _question(leaf, self.known).key
        if verdict is not Verdict.UNKNOWN or isinstance(leaf, n.Undefined) or key in self.replies:
            return frozenset()
        return frozenset({frozenset({Need(key, key)})})

    def answer(self, leaf: n.Leaf) -> Verdict:
        """Answer a question; unknown where nothing was replied, or what was replied does not say."""
        reply = self.replies.get(_question(leaf, self.known).key)
        if reply is None:
            return Verdict.UNKNOWN
        match leaf:
            case n.Undefined():
                return Verdict.UNKNOWN
            case n.Measured():
                return self._measured(leaf, reply)
            case n.OneOf():
                return Verdict.UNKNOWN if reply.word is None else verdict_of(reply.word in leaf.words)
            case n.Aged():
                return _aged(leaf, reply)
            case _:
                return Verdict.UNKNOWN if reply.yes is None else verdict_of(reply.yes)

    def _measured(self, leaf: n.Measured, reply: Reply) -> Verdict:
        number, limit = reply.number, leaf.limit
        if isinstance(limit, n.Multiple):
            limit = None if reply.normal is None else Quantity(limit.factor * reply.normal.value, reply.normal.unit)
        if number is None or limit is None:
            return Verdict.UNKNOWN
        try:
            order = number.compare(limit, self.known[leaf.subject.term].analyte, self.rounding)
        except InvalidQuantity:
            return Verdict.UNKNOWN
        return verdict_of(holds(leaf.op, order))


def _aged(leaf: n.Aged, reply: Reply) -> Verdict:
    """Compare an age in completed years, as people say it: at 75 one is at most 75."""
    if reply.age is None:
        return Verdict.UNKNOWN
    return verdict_of(holds(leaf.op, compared(reply.age, leaf.limit.count * _YEARS[leaf.limit.unit])))
