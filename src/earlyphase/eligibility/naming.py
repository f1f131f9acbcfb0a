"""Checks the names of an expression against the vocabulary: is the term known, and can this be asked of it?"""

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.mistake import Mistake
from earlyphase.eligibility.vocabulary import Vocabulary, nearest
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.terms import Term, TermKind
from earlyphase.quantities import InvalidQuantity, Quantity, conversion

_WANTED: dict[type[n.Leaf], tuple[frozenset[TermKind], str]] = {
    n.Measured: (frozenset({TermKind.QUANTITY}), "is compared with a limit, but is no measured value."),
    n.Counted: (frozenset({TermKind.EVENT}), "is counted, but is no event."),
    n.Lasted: (frozenset({TermKind.EVENT}), "is asked for its duration, but is no event."),
    n.OneOf: (frozenset({TermKind.CODE}), "is compared with a word, but is no code."),
    n.Holds: (frozenset({TermKind.STATUS, TermKind.EVENT}), "stands alone, but is neither a status nor an event."),
}
_USES = {
    TermKind.QUANTITY: "Compare it: {name} <= … {unit}.",
    TermKind.STATUS: "Write {name}, or not {name}.",
    TermKind.CODE: "Write {name} = one of: {choices}.",
    TermKind.EVENT: "Write {name}, count({name}) >= … or duration({name}) <= ….",
}


def check_names(node: n.Node, known: Vocabulary) -> None:
    """Check every leaf of an expression.

    Raises:
        Mistake: a term is not known, or is asked for what it does not have.
    """
    for leaf in n.leaves(node):
        subject = n.subject_of(leaf)
        if subject is not None:
            _check(leaf, subject, known)


def _check(leaf: n.Leaf, subject: n.Subject, known: Vocabulary) -> None:
    term = known.get(subject.term)
    if term is None:
        raise Mistake(subject.at, subject.term, "is not a known term.", nearest(subject.term, known))
    kinds, rule = _WANTED[type(leaf)]
    if term.kind not in kinds:
        remedy = _USES[term.kind].format(name=subject.term, unit=term.unit, choices=", ".join(term.choices))
        raise Mistake(subject.at, subject.term, rule, remedy)
    if isinstance(leaf, n.Measured) and isinstance(leaf.limit, Quantity):
        _check_unit(subject, term, leaf.limit)
    if isinstance(leaf, n.OneOf):
        _check_words(leaf, subject, term)
    if subject.window is not None:
        _check_anchor(subject.window, known)


def _check_unit(subject: n.Subject, term: Term, limit: Quantity) -> None:
    try:
        conversion(limit.unit, term.unit or "1", term.analyte)
    except InvalidQuantity:
        rule = f"is given in {term.unit}, and its limit in {limit.unit} does not convert."
        raise Mistake(subject.at, subject.term, rule, f"Give the limit in {term.unit}.") from None


def _check_words(leaf: n.OneOf, subject: n.Subject, term: Term) -> None:
    for word in leaf.words:
        if word not in term.choices:
            remedy = nearest(word, term.choices) or f"Choices: {', '.join(term.choices)}."
            raise Mistake(subject.at, word, f"is not among the choices of {subject.term}.", remedy)


def _check_anchor(window: n.Window, known: Vocabulary) -> None:
    stages = [stage.value for stage in Stage]
    term = known.get(window.anchor)
    if window.anchor in stages or (term is not None and term.kind is TermKind.EVENT):
        return
    events = [name for name, one in known.items() if one.kind is TermKind.EVENT]
    remedy = nearest(window.anchor, [*stages, *events]) or f"Anchors: {', '.join(stages)}, or an event."
    raise Mistake(window.at, window.anchor, "is no anchor: neither a stage of the study nor an event.", remedy)
