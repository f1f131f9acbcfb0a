"""Compares two versions of the criteria by meaning: what was added, removed, tightened, loosened or reworded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import CriteriaSet, Rule
from earlyphase.eligibility.possible import kinds, kleene
from earlyphase.eligibility.showing import show
from earlyphase.eligibility.verdict import Verdict
from earlyphase.eligibility.vocabulary import Vocabulary


class Effect(StrEnum):
    """What a change does to who can take part."""

    ADDED = "added"
    REMOVED = "removed"
    SAME = "reworded, of the same meaning"
    TIGHTER = "tighter"
    LOOSER = "looser"
    BOTH = "tighter for some, looser for others"
    NOT_COMPARED = "changed, with more kinds of person than can be tried"


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion that differs between two versions."""

    criterion: str
    effect: Effect
    before: str
    after: str
    example: str = ""
    """A person whom the change moves."""


def changes(before: CriteriaSet, after: CriteriaSet) -> tuple[Change, ...]:
    """List the criteria that differ, in the order of the later version, then those that are gone."""
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    found = [one for rule in after.rules for one in _change(old.get(rule.id), rule, after.known)]
    gone = [Change(name, Effect.REMOVED, _text(rule), "") for name, rule in old.items() if name not in new]
    return (*found, *gone)


def _change(old: Rule | None, new: Rule, known: Vocabulary) -> Iterator[Change]:
    if old is None:
        yield Change(new.id, Effect.ADDED, "", _text(new))
    elif old.node != new.node or old.criterion.stage != new.criterion.stage:
        effect, example = _effect(old, new, known)
        yield Change(new.id, effect, _text(old), _text(new), example)


def _text(rule: Rule) -> str:
    said = show(rule.node) if rule.node else rule.criterion.as_interpreted
    return f"{said} (at {rule.criterion.stage})"


def _effect(old: Rule, new: Rule, known: Vocabulary) -> tuple[Effect, str]:
    """Go through all kinds of person and see who is let in and who is kept out."""
    if old.node is None or new.node is None:
        return Effect.NOT_COMPARED, ""
    people = kinds([old.node, new.node], known)
    if people is None:
        return Effect.NOT_COMPARED, ""
    moved: dict[Effect, str] = {}
    for person in people:
        before = _lets_in(old.node, person.answer, inclusion=old.inclusion)
        after = _lets_in(new.node, person.answer, inclusion=new.inclusion)
        if before != after:
            moved.setdefault(Effect.TIGHTER if before else Effect.LOOSER, person.describe())
    if len(moved) > 1:
        return Effect.BOTH, moved[Effect.TIGHTER]
    return next(iter(moved.items()), (Effect.SAME, ""))


def _lets_in(node: n.Node, answer: Callable[[n.Leaf], Verdict], *, inclusion: bool) -> bool:
    return kleene(node, answer) is (Verdict.MET if inclusion else Verdict.NOT_MET)
