"""Writes an expression in the criteria language: parsing what is written gives the expression back."""

from typing import assert_never

from earlyphase.eligibility import nodes as n
from earlyphase.quantities import Quantity, shown_number


def show(node: n.Node) -> str:
    """Write an expression as its author would."""
    match node:
        case n.All(parts=parts, listed=True) | n.Any(parts=parts, listed=True):
            word = "all" if isinstance(node, n.All) else "any"
            return f"{word} of ({', '.join(show(part) for part in parts)})"
        case n.All() | n.Any():
            return _joined(node)
        case n.Not():
            return f"not {_tight(node.part, allow=(n.Not, n.Except))}"
        case n.IfThen():
            condition = f"({show(node.condition)})" if isinstance(node.condition, n.IfThen) else show(node.condition)
            return f"if {condition} then {show(node.then)}"
        case n.Except():
            return f"{_tight(node.main)} except {_tight(node.exception)}"
        case _:
            return show_leaf(node)


def _joined(node: n.All | n.Any) -> str:
    word, inner = ("and", n.Any) if isinstance(node, n.All) else ("or", n.All)
    loose = (n.Not, n.Except) if isinstance(node, n.All) else (n.Not, n.Except, inner)
    return f" {word} ".join(_tight(part, allow=loose) for part in node.parts)


def _tight(node: n.Node, allow: tuple[type, ...] = ()) -> str:
    """Put brackets around what binds less tightly than where it stands."""
    listed = isinstance(node, n.All | n.Any) and node.listed
    narrowed = isinstance(node, n.Measured | n.OneOf | n.Holds) and bool(node.subject.unless)
    if narrowed and n.Except in allow:
        return show(node)
    compound = narrowed or isinstance(node, n.All | n.Any | n.Not | n.IfThen | n.Except)
    return show(node) if listed or not compound or isinstance(node, allow) else f"({show(node)})"


def show_leaf(leaf: n.Leaf) -> str:  # noqa: PLR0911 - one form for each kind of leaf
    """Write a single question."""
    match leaf:
        case n.Measured():
            return f"{leaf.subject.term} {leaf.op} {show_limit(leaf.limit)}{show_qualifiers(leaf.subject)}"
        case n.OneOf(words=(word,)):
            return f"{leaf.subject.term} = {word}{show_qualifiers(leaf.subject)}"
        case n.OneOf():
            return f"{leaf.subject.term} in ({', '.join(leaf.words)}){show_qualifiers(leaf.subject)}"
        case n.Holds():
            return f"{leaf.subject.term}{show_qualifiers(leaf.subject)}"
        case n.Counted():
            return f"count({leaf.subject.term}{show_qualifiers(leaf.subject)}) {leaf.op} {leaf.limit}"
        case n.Lasted():
            return f"duration({leaf.subject.term}{show_qualifiers(leaf.subject)}) {leaf.op} {show_time(leaf.limit)}"
        case n.Aged():
            return f"age {leaf.op} {show_time(leaf.limit)}"
        case n.Stated():
            return f'{leaf.kind} "{leaf.text}"' + (f" by {leaf.by}" if leaf.by else "")
        case n.Undefined():
            return f'undefined "{leaf.text}"'
        case _:
            assert_never(leaf)


def show_limit(limit: Quantity | n.Multiple) -> str:
    """Write the limit of a comparison."""
    if isinstance(limit, n.Multiple):
        return f"{limit.factor!r} {limit.of}"
    return f"{limit.value!r}" if limit.unit == "1" else f"{limit.value!r} {limit.unit}"


SIGNS = {n.Op.LESS: "<", n.Op.AT_MOST: "≤", n.Op.MORE: ">", n.Op.AT_LEAST: "≥", n.Op.EQUAL: "="}
"""The operators as people write them."""


def show_asked(op: n.Op, limit: Quantity | n.Multiple) -> str:
    """Write what a value is asked for, for people: `≤ 51 µmol/L`, `≤ 3 × ULN`."""
    shown = f"{shown_number(limit.factor)} × {limit.of}" if isinstance(limit, n.Multiple) else str(limit)
    return f"{SIGNS[op]} {shown}"


def show_time(time: n.Time) -> str:
    """Write a length of time."""
    return f"{time.count} {time.unit.removesuffix('s') if time.count == 1 else time.unit}"


def show_qualifiers(subject: n.Subject) -> str:
    """Write what narrows a term."""
    having = "".join(f" with {_condition(one)}" for one in subject.having)
    window = subject.window
    within = f" within {show_time(window.time)} {window.side} {window.anchor}" if window else ""
    unless = f" except {' with '.join(_condition(one) for one in subject.unless)}" if subject.unless else ""
    return f"{having}{within}{unless}"


def _condition(condition: n.Condition) -> str:
    if isinstance(condition, n.Coded):
        return f"{condition.attribute} = {condition.word}"
    return f"{condition.attribute} {condition.op} {condition.limit.value!r} {condition.limit.unit}"
