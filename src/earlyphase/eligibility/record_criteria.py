"""The criteria of a registry record, with the meaning that a protocol gives to the same words."""

from collections.abc import Iterator, Sequence

from earlyphase.eligibility.criteria_set import CriteriaSet, Rule, criteria_set
from earlyphase.eligibility.pairing import similar, words_of
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.stated import Basis, Source
from earlyphase.quantities import RoundingPolicy
from earlyphase.registry.criteria import Item, parse_criteria
from earlyphase.registry.model import Record

PLACE = "protocolSection.eligibilityModule.eligibilityCriteria"

LIKE_ENOUGH = 0.5
"""A criterion of the protocol that shares less with an item of the record was not made of it."""


def record_criteria(record: Record, reading: Protocol | None = None) -> CriteriaSet:
    """Give the criteria of a record.

    An item whose words stand in the protocol means what the protocol says. One whose words differ means what nobody has
    said yet: it has no expression, and everybody stays unknown on it.

    Args:
        record: the record.
        reading: the protocol that says what its words mean.
    """
    text = record.protocol_section.eligibility_module.eligibility_criteria or ""
    parsed = parse_criteria(text)
    known = criteria_set(reading) if reading else None
    read = known.rules if known else ()
    items = [*_numbered("I", parsed.inclusion), *_numbered("E", parsed.exclusion)]
    rules = tuple(_rule(name, item, read) for name, item in items)
    number = record.nct_id or "record"
    if known is None:
        return CriteriaSet(number, "record", rules, shared_terms(), RoundingPolicy.UNROUNDED, {})
    return CriteriaSet(number, "record", rules, known.known, known.rounding, known.translations)


def _numbered(letter: str, items: Sequence[Item]) -> Iterator[tuple[str, Item]]:
    yield from ((f"{letter}{number}", item) for number, item in enumerate(items, 1))


def _whole(item: Item) -> str:
    return " ".join([item.text, *(_whole(part) for part in item.items)])


def _rule(name: str, item: Item, read: Sequence[Rule]) -> Rule:
    text = _whole(item)
    like = max(read, key=lambda rule: similar(_written(rule), text), default=None)
    if like is not None and words_of(_written(like)) == words_of(text):
        fields = {"id": name, "kind": "inclusion" if name.startswith("I") else "exclusion"}
        return Rule(like.criterion.model_copy(update=fields), like.node)
    near = like is not None and similar(_written(like), text) >= LIKE_ENOUGH
    criterion = Criterion(
        id=name,
        kind="inclusion" if name.startswith("I") else "exclusion",
        basis=Basis.AS_WRITTEN,
        source=Source(document="record", place=PLACE),
        as_written=text,
        as_interpreted=text,
        stage=like.criterion.stage if like is not None and near else Stage.SCREENING,
    )
    return Rule(criterion, None)


def _written(rule: Rule) -> str:
    """Give the words of the record that a criterion of the protocol was made of."""
    return " ".join([rule.criterion.as_written, *(part.as_written for part in rule.criterion.items)])
