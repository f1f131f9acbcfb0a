"""Compares two versions of the criteria by meaning: what was added, removed, tightened, loosened, moved or reworded."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import CriteriaSet, Rule
from earlyphase.eligibility.pairing import paired
from earlyphase.eligibility.possible import kinds, kleene
from earlyphase.eligibility.showing import show
from earlyphase.eligibility.verdict import Verdict
from earlyphase.eligibility.vocabulary import Vocabulary


class Effect(StrEnum):
    """What a change does to who can take part."""

    ADDED = "added"
    REMOVED = "removed"
    RENUMBERED = "renumbered"
    SAME = "reworded, of the same meaning"
    STAGE = "asked at another stage"
    TIGHTER = "tighter"
    LOOSER = "looser"
    BOTH = "tighter for some, looser for others"
    NOT_COMPARED = "changed, with more kinds of person than can be tried"
    NOT_READ = "changed in words, and not read by anybody yet"


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion that differs between two versions."""

    criterion: str
    """Its id in the later version; in the earlier one where it is gone."""
    was: str
    """Its id in the earlier version; empty where it is new."""
    effect: Effect
    before: str
    after: str
    example: str = ""
    """A person whom the change moves."""
    other_example: str = ""
    """A person whom it moves the other way."""


def changes(before: CriteriaSet, after: CriteriaSet) -> tuple[Change, ...]:
    """List the criteria that differ, in the order of the later version, then those that are gone.

    A criterion is found again by its meaning and its words, whatever its number.
    """
    pairs = paired(before.rules, after.rules)
    met = {new.id: old for old, new in pairs}
    found = [one for rule in after.rules if (one := _change(met.get(rule.id), rule, after.known))]
    kept = {old.id for old, _ in pairs}
    gone = [Change(rule.id, rule.id, Effect.REMOVED, _text(rule), "") for rule in before.rules if rule.id not in kept]
    return (*found, *gone)


def _change(old: Rule | None, new: Rule, known: Vocabulary) -> Change | None:
    if old is None:
        return Change(new.id, "", Effect.ADDED, "", _text(new))
    effect, tighter, looser = _effect(old, new, known)
    same_words = old.criterion.as_written == new.criterion.as_written
    if effect is Effect.SAME and old.criterion.stage is not new.criterion.stage:
        effect = Effect.STAGE
    elif effect is Effect.SAME and old.node == new.node and same_words:
        if old.id == new.id:
            return None
        effect = Effect.RENUMBERED
    examples = (looser, tighter) if effect is Effect.LOOSER else (tighter, looser)
    return Change(new.id, old.id, effect, _text(old), _text(new), *examples)


def _text(rule: Rule) -> str:
    said = show(rule.node) if rule.node else rule.criterion.as_interpreted
    return f"{said} (at {rule.criterion.stage})"


def _effect(old: Rule, new: Rule, known: Vocabulary) -> tuple[Effect, str, str]:
    """Go through all kinds of person; give the effect, whom it keeps out and whom it lets in."""
    if old.node is None or new.node is None:
        same = old.node is new.node and old.criterion.as_written == new.criterion.as_written
        return (Effect.SAME if same else Effect.NOT_READ), "", ""
    if old.node == new.node and old.inclusion == new.inclusion:
        return Effect.SAME, "", ""
    here, there = old.node, new.node
    people = kinds([here, there], known, stale=True)
    if people is None and old.inclusion == new.inclusion:
        here, there = _differing(here, there)
        people = kinds([here, there], known, stale=True)
    if people is None:
        return Effect.NOT_COMPARED, "", ""
    moved: dict[Effect, str] = {}
    for person in people:
        before = _lets_in(here, person.answer, inclusion=old.inclusion)
        after = _lets_in(there, person.answer, inclusion=new.inclusion)
        if before != after:
            moved.setdefault(Effect.TIGHTER if before else Effect.LOOSER, person.describe())
    tighter, looser = moved.get(Effect.TIGHTER, ""), moved.get(Effect.LOOSER, "")
    effect = Effect.BOTH if len(moved) > 1 else next(iter(moved), Effect.SAME)
    return effect, tighter, looser


def _differing(old: n.Node, new: n.Node) -> tuple[n.Node, n.Node]:
    """Leave out the parts that two lists share: what they do to a person does not change."""
    for kind in (n.All, n.Any):
        if isinstance(old, kind) and isinstance(new, kind):
            here = tuple(part for part in old.parts if part not in new.parts)
            there = tuple(part for part in new.parts if part not in old.parts)
            if here and there:
                return (here[0] if len(here) == 1 else kind(here)), (there[0] if len(there) == 1 else kind(there))
    return old, new


def _lets_in(node: n.Node, answer: Callable[[n.Leaf], Verdict], *, inclusion: bool) -> bool:
    return kleene(node, answer) is (Verdict.MET if inclusion else Verdict.NOT_MET)
