"""Makes nodes of what the grammar finds. One method for each rule of the grammar."""

from dataclasses import replace
from typing import Any

from lark import Token, Transformer

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.mistake import Mistake
from earlyphase.eligibility.vocabulary import nearest
from earlyphase.quantities import InvalidQuantity, Quantity, ucum

_SIGNS = {"≤": n.Op.AT_MOST, "≥": n.Op.AT_LEAST}

Qualifiers = tuple[tuple[n.Condition, ...], n.Window | None]


class Builder(Transformer[Token, n.Node]):
    """Called by the parser, from the leaves upwards."""

    def if_then(self, parts: list[Any]) -> n.Node:
        """Make `if … then …`."""
        return n.IfThen(parts[0], parts[1])

    def either(self, parts: list[Any]) -> n.Node:
        """Make `… or …`."""
        return n.Any(tuple(parts))

    def both(self, parts: list[Any]) -> n.Node:
        """Make `… and …`."""
        return n.All(tuple(parts))

    def negation(self, parts: list[Any]) -> n.Node:
        """Make `not …`."""
        return n.Not(parts[0])

    def except_node(self, parts: list[Any]) -> n.Node:
        """Make `… except …`."""
        return n.Except(parts[0], parts[1])

    def except_conditions(self, parts: list[Any]) -> n.Node:
        """Make `… except dose < 10 mg/d`: facts that are so do not count."""
        main, conditions = parts
        if not isinstance(main, n.Measured | n.OneOf | n.Holds):
            rule = "`except` with a method, specimen, state, purpose or dose follows a single term."
            raise Mistake(0, None, rule, "Put it behind the term that it narrows.")
        return replace(main, subject=replace(main.subject, unless=conditions))

    def any_of(self, parts: list[Any]) -> n.Node:
        """Make `any of (…, …)`."""
        return n.Any(tuple(parts), listed=True)

    def all_of(self, parts: list[Any]) -> n.Node:
        """Make `all of (…, …)`."""
        return n.All(tuple(parts), listed=True)

    def measured(self, parts: list[Any]) -> n.Node:
        """Make a comparison of a measured value."""
        name, op, limit, qualifiers = parts
        return n.Measured(_subject(name, qualifiers), _op(op), limit)

    def coded(self, parts: list[Any]) -> n.Node:
        """Make `sex = female`."""
        name, op, word, qualifiers = parts
        if _op(op) is not n.Op.EQUAL:
            raise Mistake(_at(op), str(op), "cannot compare words.", "Write = or in (…).")
        return n.OneOf(_subject(name, qualifiers), (str(word),))

    def one_of(self, parts: list[Any]) -> n.Node:
        """Make `diagnosis in (t_all, t_lbl)`."""
        name, *words, qualifiers = parts
        return n.OneOf(_subject(name, qualifiers), tuple(str(word) for word in words))

    def holds(self, parts: list[Any]) -> n.Node:
        """Make a status or an event that stands alone."""
        return n.Holds(_subject(parts[0], parts[1]))

    def counted(self, parts: list[Any]) -> n.Node:
        """Make `count(…) >= 2`."""
        subject, op, number = parts
        return n.Counted(subject, _op(op), _whole(number))

    def lasted(self, parts: list[Any]) -> n.Node:
        """Make `duration(…) <= 12 months`."""
        return n.Lasted(parts[0], _op(parts[1]), parts[2])

    def aged(self, parts: list[Any]) -> n.Node:
        """Make `age >= 18 years`."""
        return n.Aged(_op(parts[0]), parts[1])

    def stated(self, parts: list[Any]) -> n.Node:
        """Make a judgement or an attestation."""
        kind, text, by = parts
        return n.Stated(n.Saying(str(kind).lower()), _text(text), str(by) if by else None)

    def undefined(self, parts: list[Any]) -> n.Node:
        """Make what the text does not define."""
        return n.Undefined(_text(parts[0]))

    def subject(self, parts: list[Any]) -> n.Subject:
        """Make the subject of a count or a duration."""
        name, qualifiers, conditions = parts
        return replace(_subject(name, qualifiers), unless=conditions or ())

    def qualifiers(self, parts: list[Any]) -> Qualifiers:
        """Gather what narrows a term."""
        *conditions, window = parts
        return tuple(conditions), window

    def conditions(self, parts: list[Any]) -> tuple[n.Condition, ...]:
        """Gather conditions."""
        return tuple(parts)

    def word_condition(self, parts: list[Any]) -> n.Condition:
        """Make `method = flow`."""
        attribute, op, word = parts
        if _op(op) is not n.Op.EQUAL:
            raise Mistake(_at(op), str(op), "cannot compare words.", "Write =.")
        return n.Coded(n.Attribute(str(attribute).lower()), str(word))

    def dose_condition(self, parts: list[Any]) -> n.Condition:
        """Make `dose < 10 mg/d`."""
        attribute, op, number, unit = parts
        if attribute.lower() != n.Attribute.DOSE:
            raise Mistake(_at(attribute), str(attribute), "is a word, not an amount.", "Only dose has an amount.")
        return n.Dosed(n.Attribute.DOSE, _op(op), _quantity(number, unit))

    def window(self, parts: list[Any]) -> n.Window:
        """Make `within 72 hours before infusion`."""
        time, side, anchor = parts
        return n.Window(time, side, str(anchor), _at(anchor))

    def side(self, parts: list[Any]) -> n.Side:
        """Make the side of a window."""
        return n.Side(str(parts[0]).lower())

    def time(self, parts: list[Any]) -> n.Time:
        """Make a length of time."""
        number, unit = parts
        return n.Time(_whole(number), n.Span(str(unit).lower().rstrip("s") + "s"))

    def with_unit(self, parts: list[Any]) -> Quantity:
        """Make a limit with a unit."""
        return _quantity(parts[0], parts[1])

    def pure(self, parts: list[Any]) -> Quantity:
        """Make a limit that is a pure number."""
        return _quantity(parts[0], None)

    def multiple(self, parts: list[Any]) -> n.Multiple:
        """Make a multiple of a limit of normal."""
        return n.Multiple(_number(parts[0]), n.Normal(str(parts[1]).upper()))


def _subject(name: Token, qualifiers: Qualifiers) -> n.Subject:
    having, window = qualifiers
    return n.Subject(str(name), having, window, at=_at(name))


def _op(token: Token) -> n.Op:
    return _SIGNS.get(str(token)) or n.Op(str(token))


def _text(token: Token) -> str:
    text = " ".join(str(token)[1:-1].split())
    if not text:
        raise Mistake(_at(token), '""', "is empty.", "Say in words what is meant.")
    return text


def _number(token: Token) -> int | float:
    text = str(token)
    value = float(text)
    if abs(value) > LARGEST:
        raise Mistake(_at(token), text, "is too large a number.", "Check its digits.")
    return int(text) if text.lstrip("-").isdecimal() else value


LARGEST = 1e15
"""No limit of a criterion comes near."""


def _whole(token: Token) -> int:
    value = _number(token)
    if not isinstance(value, int) or value < 0:
        raise Mistake(_at(token), str(token), "is not a whole number.", "Write 2, or a smaller unit of time.")
    return value


def _quantity(number: Token, unit: Token | None) -> Quantity:
    try:
        return Quantity(_number(number), "1" if unit is None else ucum(str(unit)))
    except InvalidQuantity as fault:
        if near := nearest(str(unit), ("ULN", "LLN")):
            raise Mistake(_at(unit or number), fault.value, fault.rule, near) from None
        raise Mistake(_at(unit or number), fault.value, fault.rule, fault.remedy) from None


def _at(token: Token) -> int:
    return token.start_pos or 0
