"""The criteria of a protocol, parsed: what is evaluated, as interpreted or as written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from earlyphase.eligibility.nodes import Node
from earlyphase.eligibility.parsing import parse
from earlyphase.eligibility.vocabulary import Vocabulary, vocabulary
from earlyphase.eligibility.wording import Language, Speaker
from earlyphase.faults import InvalidInput
from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.protocol.model import Protocol
from earlyphase.quantities import RoundingPolicy

STAGES = tuple(Stage)
"""The stages in the order of a participant's course."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One criterion with what a machine evaluates."""

    criterion: Criterion
    node: Node | None
    """What is evaluated; None where the protocol gives no expression."""

    @property
    def id(self) -> str:
        """The criterion's id."""
        return self.criterion.id

    @property
    def inclusion(self) -> bool:
        """Whether it must be met; an exclusion criterion must not be."""
        return self.criterion.kind == "inclusion"


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """All criteria of one version of a protocol, with the words that they use."""

    study: str
    version: str
    rules: tuple[Rule, ...]
    known: Vocabulary
    rounding: RoundingPolicy
    translations: Mapping[str, str]

    def rule(self, criterion: str) -> Rule:
        """Give the rule of a criterion.

        Raises:
            InvalidInput: there is none of that id.
        """
        for one in self.rules:
            if one.id == criterion:
                return one
        remedy = f"There are {', '.join(one.id for one in self.rules)}."
        raise InvalidInput("criterion", criterion, "is not a criterion of the protocol.", remedy)

    def due_at(self, stage: Stage) -> tuple[Rule, ...]:
        """Give the rules that must be settled at a stage: its own and those of earlier stages."""
        reached = STAGES[: STAGES.index(stage) + 1]
        return tuple(rule for rule in self.rules if rule.criterion.stage in reached)

    def speaker(self, language: Language) -> Speaker:
        """Give who says expressions in a language."""
        return Speaker(language, self.known, self.translations)

    def changed(self, criterion: str, expression: str) -> "CriteriaSet":
        """Give the same criteria with another expression for one of them: what if it read so?

        Raises:
            InvalidInput: there is no such criterion, or the expression is none.
        """
        node = parse(expression, self.known, criterion)
        self.rule(criterion)
        rules = tuple(replace(rule, node=node) if rule.id == criterion else rule for rule in self.rules)
        return replace(self, rules=rules)


def criteria_set(protocol: Protocol, *, as_written: bool = False) -> CriteriaSet:
    """Parse the criteria of a protocol.

    Args:
        protocol: one version of a protocol.
        as_written: whether to take what the text says read literally, where that differs.

    Raises:
        InvalidInput: an expression is none; the message names the criterion and the character.
    """
    known = vocabulary(protocol)
    rules = tuple(_rule(criterion, known, as_written=as_written) for criterion in protocol.criteria)
    rounding = protocol.comparison.rounding if protocol.comparison else RoundingPolicy.UNROUNDED
    return CriteriaSet(protocol.study, protocol.version, rules, known, rounding, protocol.translations)


def _rule(criterion: Criterion, known: Vocabulary, *, as_written: bool) -> Rule:
    place = f"criteria.{criterion.id}.expression"
    if as_written and criterion.expression_as_written:
        return Rule(criterion, parse(criterion.expression_as_written, known, f"{place}_as_written"))
    return Rule(criterion, parse(criterion.expression, known, place) if criterion.expression else None)
