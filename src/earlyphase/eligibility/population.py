"""Evaluates criteria on a whole population at once: the same expressions and verdicts as for one person, on columns."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.attrition import Attrition, CriterionCount
from earlyphase.eligibility.columns import Columns
from earlyphase.eligibility.criteria_set import CriteriaSet, Rule
from earlyphase.eligibility.crowd import MET, NOT_MET, UNKNOWN, Crowd, Verdicts, crowd_of
from earlyphase.eligibility.crowd_events import counted, happened, lasted
from earlyphase.eligibility.crowd_values import aged, coded, measured, stated, status
from earlyphase.eligibility.screening import Eligibility
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.terms import TermKind


@dataclass(frozen=True, slots=True)
class Population:
    """Many persons on a day, as the criteria of a study see them."""

    crowd: Crowd
    settled: Mapping[str, Verdicts]
    """By criterion: what a statement settles where the criterion is unknown."""
    answered: dict[tuple[n.Leaf, str], Verdicts] = field(default_factory=dict[tuple[n.Leaf, str], Verdicts])
    """Questions that were answered before: another reading of the criteria asks most of them again."""

    @property
    def size(self) -> int:
        """How many persons."""
        return self.crowd.size


def population(criteria: CriteriaSet, columns: Columns, today: dt.date) -> Population:
    """Prepare many persons for evaluation.

    Args:
        criteria: the criteria; others that use the same terms can be asked as well.
        columns: the facts of the persons.
        today: the day on which eligibility is asked, for those who have none of their own.
    """
    crowd = crowd_of(columns, criteria.known, today, criteria.rounding)
    settled: dict[str, Verdicts] = {}
    for owner, criterion, met, day in columns.settlements:
        if criterion not in settled:
            settled[criterion] = np.full(crowd.size, UNKNOWN, dtype=np.int8)
        if day <= crowd.today[owner]:
            settled[criterion][owner] = MET if met else NOT_MET
    return Population(crowd, settled)


def evaluate_all(node: n.Node, people: Population, criterion: str = "") -> Verdicts:
    """Answer an expression for everybody. Statements that settle a criterion are not part of it.

    Args:
        node: the expression.
        people: the population.
        criterion: the criterion's id, under which a statement may have been recorded.
    """
    match node:
        case n.All():
            return np.minimum.reduce([evaluate_all(part, people, criterion) for part in node.parts])
        case n.Any():
            return np.maximum.reduce([evaluate_all(part, people, criterion) for part in node.parts])
        case n.Not():
            return _opposite(evaluate_all(node.part, people, criterion))
        case n.IfThen():
            none = _opposite(evaluate_all(node.condition, people, criterion))
            return np.maximum(none, evaluate_all(node.then, people, criterion))
        case n.Except():
            exception = evaluate_all(node.exception, people, criterion)
            return np.minimum(evaluate_all(node.main, people, criterion), _opposite(exception))
        case _:
            key = (node, criterion if isinstance(node, n.Stated) else "")
            if key not in people.answered:
                people.answered[key] = _leaf(node, people.crowd, criterion)
            return people.answered[key]


def _opposite(verdicts: Verdicts) -> Verdicts:
    return (MET - verdicts).astype(np.int8)


def _leaf(leaf: n.Leaf, crowd: Crowd, criterion: str) -> Verdicts:  # noqa: PLR0911 - one for each kind of leaf
    """Answer a single question for everybody."""
    match leaf:
        case n.Measured():
            return measured(crowd, leaf)
        case n.OneOf():
            return coded(crowd, leaf)
        case n.Holds():
            event = crowd.known[leaf.subject.term].kind is TermKind.EVENT
            return happened(crowd, leaf) if event else status(crowd, leaf)
        case n.Counted():
            return counted(crowd, leaf)
        case n.Lasted():
            return lasted(crowd, leaf)
        case n.Aged():
            return aged(crowd, leaf)
        case n.Stated():
            return stated(crowd, leaf, criterion)
        case n.Undefined():
            return np.full(crowd.size, UNKNOWN, dtype=np.int8)


def verdicts_on(rule: Rule, people: Population) -> Verdicts:
    """Answer a criterion for everybody; a statement settles what stays unknown, and nothing else."""
    unknown = np.full(people.size, UNKNOWN, dtype=np.int8)
    verdicts = unknown if rule.node is None else evaluate_all(rule.node, people, rule.id)
    settled = people.settled.get(rule.id)
    return verdicts if settled is None else np.where(verdicts == UNKNOWN, settled, verdicts)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """How a population narrows, and where each person ends."""

    attrition: Attrition
    eligible: Verdicts
    """By person: MET where eligible, NOT_MET where not, UNKNOWN where unsettled."""
    fits: Mapping[str, Verdicts]
    """By criterion that is due, then by person: MET where it lets the person in."""

    def standing(self, place: int) -> Eligibility:
        """Say how a person stands."""
        return _STANDINGS[int(self.eligible[place])]


_STANDINGS = {MET: Eligibility.ELIGIBLE, NOT_MET: Eligibility.NOT_ELIGIBLE, UNKNOWN: Eligibility.UNSETTLED}


def narrowing(criteria: CriteriaSet, people: Population, stage: Stage) -> Narrowed:
    """Count how a population narrows, criterion by criterion, as `attrition` does for single screenings."""
    left = np.ones(people.size, dtype=np.bool_)
    eligible = np.full(people.size, MET, dtype=np.int8)
    failures = np.zeros(people.size, dtype=np.int64)
    counts: list[tuple[str, int, int, int, int, int]] = []
    fits_by: dict[str, Verdicts] = {}
    for rule in criteria.due_at(stage):
        verdicts = verdicts_on(rule, people)
        fits = verdicts if rule.inclusion else _opposite(verdicts)
        failed, unsettled = fits == NOT_MET, fits == UNKNOWN
        here, left = int((left & failed).sum()), left & ~failed
        eligible = np.minimum(eligible, fits)
        failures, fits_by[rule.id] = failures + failed, fits
        stay = (int(left.sum()), here, int((left & unsettled).sum()), int(failed.sum()), int(unsettled.sum()))
        counts.append((rule.id, *stay))
    alone = {name: int(((fits == NOT_MET) & (failures == 1)).sum()) for name, fits in fits_by.items()}
    rows = tuple(CriterionCount(*count, alone[count[0]]) for count in counts)
    ends = [int((eligible == each).sum()) for each in (MET, UNKNOWN, NOT_MET)]
    return Narrowed(Attrition(people.size, rows, *ends), eligible, fits_by)
