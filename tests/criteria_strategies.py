"""Expressions and facts of every kind, for property tests."""

from hypothesis import strategies as st

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.terms import TermKind
from earlyphase.quantities import Quantity

KNOWN = shared_terms()

WORD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word not in {
    "if", "then", "and", "or", "not", "except", "any", "all", "of", "in", "with", "within", "before", "after", "by",
    "count", "duration", "age", "judgement", "attest", "undefined", "method", "specimen", "state", "purpose", "dose",
})  # fmt: skip
TEXT = st.text(st.characters(exclude_characters='"', exclude_categories=["C", "Z"]), min_size=1, max_size=12)
NUMBER = st.integers(-1000, 10**6) | st.floats(-1e6, 1e6)
OP = st.sampled_from(n.Op)
TIME = st.builds(n.Time, st.integers(0, 5000), st.sampled_from(n.Span))
CODED = st.builds(n.Coded, st.sampled_from(n.Attribute), WORD)
DOSED = st.builds(
    n.Dosed, st.just(n.Attribute.DOSE), OP, st.builds(Quantity, NUMBER, st.sampled_from(["mg/d", "mg/kg"]))
)
EVENTS = [name for name, term in KNOWN.items() if term.kind is TermKind.EVENT]
ANCHOR = st.sampled_from([stage.value for stage in Stage] + EVENTS)
WINDOW = st.none() | st.builds(n.Window, TIME, st.sampled_from(n.Side), ANCHOR)


def subject(*kinds: TermKind) -> st.SearchStrategy[n.Subject]:
    """Draw a subject of these kinds, narrowed in any way."""
    names = [name for name, term in KNOWN.items() if term.kind in kinds]
    conditions = st.lists(CODED | DOSED, max_size=2).map(tuple)
    return st.builds(n.Subject, st.sampled_from(names), conditions, WINDOW, conditions)


@st.composite
def measured(draw: st.DrawFn) -> n.Measured:
    about = draw(subject(TermKind.QUANTITY))
    unit = KNOWN[about.term].unit or "1"
    multiple = st.builds(n.Multiple, NUMBER, st.sampled_from(n.Normal))
    return n.Measured(about, draw(OP), draw(st.builds(Quantity, NUMBER, st.just(unit)) | multiple))


@st.composite
def coded(draw: st.DrawFn) -> n.OneOf:
    about = draw(subject(TermKind.CODE))
    words = st.lists(st.sampled_from(list(KNOWN[about.term].choices)), min_size=1, max_size=3)
    return n.OneOf(about, tuple(draw(words)))


LEAF = (
    measured()
    | coded()
    | st.builds(n.Counted, subject(TermKind.EVENT), OP, st.integers(0, 9))
    | st.builds(n.Lasted, subject(TermKind.EVENT), OP, TIME)
    | st.builds(n.Aged, OP, TIME)
    | st.builds(n.Holds, subject(TermKind.EVENT, TermKind.STATUS))
    | st.builds(n.Stated, st.sampled_from(n.Saying), TEXT, st.none() | WORD)
    | st.builds(n.Undefined, TEXT)
)


def trees(leaf: st.SearchStrategy[n.Leaf], leaves: int) -> st.SearchStrategy[n.Node]:
    """Draw expressions over some questions."""

    def grow(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        some = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return (
            st.builds(n.All, several)
            | st.builds(n.Any, several)
            | st.builds(n.All, some, st.just(value=True))
            | st.builds(n.Any, some, st.just(value=True))
            | st.builds(n.Not, inner)
            | st.builds(n.IfThen, inner, inner)
            | st.builds(n.Except, inner, inner)
        )

    return st.recursive(leaf, grow, max_leaves=leaves)
