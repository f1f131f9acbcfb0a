"""Two criteria sets side by side: where they answer differently on the same findings, and which condition does it."""

from collections.abc import Iterator
from dataclasses import dataclass

from earlyphase.response.conditions import Met
from earlyphase.response.criteria_set import CriteriaSet, ResponseRule
from earlyphase.response.deriving import Considered, Derived


@dataclass(frozen=True, slots=True)
class Difference:
    """One assessment under two sets."""

    first: Derived
    second: Derived
    because: tuple[str, ...]
    """Why they differ; empty where they agree."""

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.first.possible == self.second.possible


def compare(first: Derived, second: Derived) -> Difference:
    """Hold the responses of one day under two sets against each other.

    Source:
        Both sets' own conditions.
    """
    if first.possible == second.possible:
        return Difference(first, second, ())
    left_open = [f"{one.criteria} leaves it open: {'; '.join(one.causes)}" for one in (first, second) if one.causes]
    reasons = (*left_open, *_against(first, second), *_against(second, first))
    return Difference(first, second, tuple(dict.fromkeys(reasons)))


def _against(one: Derived, other: Derived) -> Iterator[str]:
    """Say why the response that one set gives, or allows, is not what the other gives; not what it only leaves open."""
    if set(other.possible) < set(one.possible):
        return
    for name in (name for name in one.possible if name not in other.possible):
        rule = next((each for each in other.considered if each.rule.name == name), None)
        if rule is None and any(each.rule.name == name for each in one.considered):
            yield f"{other.criteria} has no {name}"
        elif rule is not None and rule.met is not Met.MET:
            yield f"{other.criteria} does not give {name}: {_failed(rule)}"
        elif rule is not None:
            yield f"{other.criteria} gives {other.possible[0]} before it asks for {name}"


def _failed(rule: Considered) -> str:
    unmet = [each for each in rule.evidence if each.met is rule.met]
    told = [f"“{each.condition.text}” is {each.met} ({each.says})" for each in unmet]
    return "; ".join(told) or rule.says


def rules_that_differ(first: CriteriaSet, second: CriteriaSet) -> tuple[tuple[str, str, str], ...]:
    """List each response with its conditions in both sets, where these differ.

    Returns:
        The response, then its rule in each set; a dash where a set does not have it.

    Source:
        Both sets' own tables.
    """
    names = dict.fromkeys(
        (*(rule.name for rule in first.considered), *(rule.name for rule in second.considered), "relapse")
    )
    rows = [(name, _written(first, name), _written(second, name)) for name in names]
    return tuple(row for row in rows if row[1] != row[2])


def _written(criteria: CriteriaSet, name: str) -> str:
    rules = (*criteria.considered, *((criteria.relapse,) if criteria.relapse else ()))
    rule = next((one for one in rules if one.name == name), None)
    return "–" if rule is None else _in_words(rule)


def _in_words(rule: ResponseRule) -> str:
    parts = [condition.text for condition in rule.all]
    if rule.any:
        parts.append(" or ".join(" and ".join(condition.text for condition in way) for way in rule.any))
    if rule.held_days:
        parts.append(f"held {rule.held_days} days")
    return "; ".join(parts) + ("" if rule.verified else " (not verified)")
