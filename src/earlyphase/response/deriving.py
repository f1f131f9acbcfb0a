"""The response of a participant, derived from findings under a criteria set: at each assessment, and at best."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from earlyphase.response.conditions import Case, Evidence, Met, all_met, evaluate, evaluate_way
from earlyphase.response.criteria_set import ResponseRule


@dataclass(frozen=True, slots=True)
class Considered:
    """One response that was considered, with what spoke for and against it."""

    rule: ResponseRule
    met: Met
    evidence: tuple[Evidence, ...]
    says: str = ""
    """What else was held against it: how long it held."""


@dataclass(frozen=True, slots=True)
class Derived:
    """The response of one assessment."""

    criteria: str
    on: dt.date
    response: str | None
    """None where the findings leave it open."""
    possible: tuple[str, ...]
    """The responses that the findings allow, from the best; one where it is known."""
    causes: tuple[str, ...]
    """Why it is not known: each cause once."""
    considered: tuple[Considered, ...]
    relapse: Met
    """Whether the disease has come back after a remission, or has grown by the set's own progression."""
    relapse_says: str

    @property
    def sentence(self) -> str:
        """Say the response and what it rests on."""
        if self.response is None:
            return f"{self.criteria}: unknown ({' or '.join(self.possible)}); {'; '.join(self.causes)}."
        rule = next((one for one in self.considered if one.met is Met.MET), None)
        told = "no response's conditions are met" if rule is None else _told(rule)
        return f"{self.criteria}: {self.response}; {told}."


@dataclass(frozen=True, slots=True)
class BestResponse:
    """The best response up to a day."""

    response: str | None
    """None where the findings leave it open, or nothing was assessed."""
    on: dt.date | None
    """The first day on which it was reached."""
    possible: tuple[str, ...]
    causes: tuple[str, ...]


def _told(one: Considered) -> str:
    said = [each.says for each in one.evidence if each.met is Met.MET]
    return ", ".join(dict.fromkeys((*said, *((one.says,) if one.says else ()))))


def derive(case: Case) -> tuple[Derived, ...]:
    """Derive the response at every assessment after treatment began.

    Returns:
        One for each day on which the set's leading finding was made, in order. Where a finding is missing, stale, in
        conflict or in a wrong unit the response is None, and `possible` and `causes` say what it can be and why.

    Source:
        The criteria set of the case.
    """
    leading = {one.on for one in case.findings if one.name == case.criteria.assessed_by and one.on > case.treated_from}
    days = sorted(leading)
    first = {day: tuple(_consider(case, rule, day) for rule in case.criteria.considered) for day in days}
    held = {day: tuple(_held(one, day, days, first) for one in first[day]) for day in days}
    found: list[Derived] = []
    for day in days:
        found.append(_derived(case, day, held[day], found))
    return tuple(found)


def _consider(case: Case, rule: ResponseRule, day: dt.date) -> Considered:
    needed = tuple(evaluate(case, condition, day) for condition in rule.all)
    one_of, evidence = _one_of(case, rule, day)
    parts = {all_met(needed), one_of if rule.any else Met.MET}
    met = next((value for value in (Met.NOT_MET, Met.UNKNOWN) if value in parts), Met.MET)
    return Considered(rule, met, (*needed, *evidence))


def _one_of(case: Case, rule: ResponseRule, day: dt.date) -> tuple[Met, tuple[Evidence, ...]]:
    """Try the ways of a rule: the first that is met settles it, with its own evidence alone."""
    tried = [evaluate_way(case, way, day) for way in rule.any]
    if met := next((one for one in tried if one[0] is Met.MET), None):
        return met
    seen = {one for one, _ in tried}
    return (Met.UNKNOWN if Met.UNKNOWN in seen else Met.NOT_MET), tuple(each for _, way in tried for each in way)


def _held(
    one: Considered, day: dt.date, days: Sequence[dt.date], first: dict[dt.date, tuple[Considered, ...]]
) -> Considered:
    """Ask of a response that must hold for some time whether later assessments show that it did."""
    if not one.rule.held_days or one.met is Met.NOT_MET:
        return one
    for later in (each for each in days if each > day):
        again = next(each for each in first[later] if each.rule is one.rule)
        if again.met is Met.NOT_MET:
            short = (later - day).days <= one.rule.held_days
            return replace(one, met=Met.NOT_MET if short else Met.UNKNOWN, says=f"it no longer held on {later}")
        if again.met is Met.MET and (later - day).days >= one.rule.held_days:
            return replace(one, says=f"it held until {later}")
    return replace(
        one, met=Met.UNKNOWN, says=f"not due yet: no later assessment shows that it held {one.rule.held_days} days"
    )


def _derived(case: Case, day: dt.date, considered: tuple[Considered, ...], before: Sequence[Derived]) -> Derived:
    certain = next((place for place, one in enumerate(considered) if one.met is Met.MET), len(considered))
    open_ones = [one for one in considered[:certain] if one.met is Met.UNKNOWN]
    least = considered[certain].rule.name if certain < len(considered) else case.criteria.otherwise
    possible = tuple(name for name in case.criteria.names if name in {least, *(one.rule.name for one in open_ones)})
    causes = tuple(dict.fromkeys(cause for one in open_ones for cause in _causes(one)))
    relapse, says = _grown(considered) if case.criteria.progression else _relapsed(case, day, before)
    response = least if len(possible) == 1 else None
    return Derived(case.criteria.name, day, response, possible, causes, considered, relapse, says)


def _causes(one: Considered) -> list[str]:
    unknown = [each.says for each in one.evidence if each.met is Met.UNKNOWN]
    return [*unknown, *((one.says,) if one.says and not unknown else ())]


def _grown(considered: tuple[Considered, ...]) -> tuple[Met, str]:
    """Give the answer to the progression, which is asked first."""
    grown = considered[0]
    return grown.met, "; ".join(dict.fromkeys(one.says for one in grown.evidence if one.met is grown.met))


def _relapsed(case: Case, day: dt.date, before: Sequence[Derived]) -> tuple[Met, str]:
    rule, remissions = case.criteria.relapse, case.criteria.relapse_after
    reached = [one for one in before if one.response in remissions or set(one.possible) <= set(remissions)]
    perhaps = [one for one in before if set(one.possible) & set(remissions)]
    if rule is None or not perhaps:
        return Met.NOT_MET, "no remission before"
    met, evidence = _one_of(case, rule, day)
    says = "; ".join(one.says for one in evidence if one.met is met)
    if met is Met.MET and not reached:
        return Met.UNKNOWN, f"whether there was a remission is not known: {'; '.join(perhaps[0].causes)}"
    return met, says


def best_response(derived: Sequence[Derived], order: Sequence[str], until: dt.date | None = None) -> BestResponse:
    """Find the best response: the first day on which it was reached, before relapse and up to a day.

    Args:
        derived: the responses in order.
        order: the responses from the best to the least: the set's `names`.
        until: the last day that counts.

    Returns:
        Where an assessment that is open could be better than the best known, the response is None.

    Source:
        Best overall response as FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, December
        2018, describes it: until progression or new therapy.
    """
    counted: list[Derived] = []
    for one in derived:
        if one.relapse is Met.MET or (until is not None and one.on > until):
            first_of_all = one.relapse is Met.MET and not counted and (until is None or one.on <= until)
            counted += [one] * first_of_all  # who had nothing before is best described by the progression
            break
        counted.append(one)
    if not counted:
        return BestResponse(None, None, (), ("missing: no assessment",))
    rank = {name: place for place, name in enumerate(order)}
    least = min(counted, key=lambda one: rank[one.possible[-1]])
    floor = rank[least.possible[-1]]
    better = [one for one in counted if one.response is None and rank[one.possible[0]] < floor]
    if not better:
        return BestResponse(least.possible[-1], least.on, (least.possible[-1],), ())
    names = {name for one in better for name in one.possible if rank[name] <= floor} | {least.possible[-1]}
    causes = tuple(dict.fromkeys(cause for one in better for cause in one.causes))
    return BestResponse(None, None, tuple(sorted(names, key=lambda name: rank[name])), causes)


def relapsed_on(derived: Sequence[Derived]) -> dt.date | None:
    """Give the first day on which the disease had come back after a remission; None where it had not, or it is open.

    Source:
        The criteria set under which the responses were derived.
    """
    return next((one.on for one in derived if one.relapse is Met.MET), None)
