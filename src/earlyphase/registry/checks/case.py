"""A record laid out for the checks: its texts with their places, its criteria, and what kind of study it is."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from earlyphase.dates import PartialDate
from earlyphase.faults import InvalidInput
from earlyphase.registry.checks.finding import Span, TextAt
from earlyphase.registry.checks.tables import pattern
from earlyphase.registry.criteria import Criteria, Item, SectionKind, parse_criteria
from earlyphase.registry.markup import unescape
from earlyphase.registry.model import DateStruct, Outcome, ProtocolSection, Record

_ROOT = "protocolSection"
_CRITERIA = f"{_ROOT}.eligibilityModule.eligibilityCriteria"


@dataclass(frozen=True, slots=True)
class PlacedOutcome:
    """An outcome measure and where it stands."""

    path: str
    outcome: Outcome
    primary: bool

    @property
    def measure(self) -> TextAt:
        """Its title."""
        return TextAt(f"{self.path}.measure", self.outcome.measure or "")

    @property
    def time_frame(self) -> TextAt:
        """When it is measured."""
        return TextAt(f"{self.path}.timeFrame", self.outcome.time_frame or "")

    @property
    def description(self) -> TextAt:
        """How it is measured, as written: still escaped."""
        return TextAt(f"{self.path}.description", self.outcome.description or "")

    @property
    def words(self) -> str:
        """All that it says, unescaped."""
        return unescape(f"{self.measure.text} {self.time_frame.text} {self.description.text}")


@dataclass(frozen=True)
class Case:
    """A record under review."""

    record: Record
    today: dt.date

    @property
    def section(self) -> ProtocolSection:
        """What the sponsor says of the study."""
        return self.record.protocol_section

    @cached_property
    def criteria_text(self) -> TextAt:
        """The criteria as written."""
        return TextAt(_CRITERIA, self.section.eligibility_module.eligibility_criteria or "")

    @cached_property
    def criteria(self) -> Criteria:
        """The criteria as a tree."""
        return parse_criteria(self.criteria_text.text)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every criterion at the top of its list, under any heading."""
        return tuple(item for section in self.criteria.sections for item in section.items)

    @cached_property
    def titles(self) -> tuple[TextAt, ...]:
        """Both titles."""
        module, path = self.section.identification_module, f"{_ROOT}.identificationModule"
        return _given((f"{path}.briefTitle", module.brief_title), (f"{path}.officialTitle", module.official_title))

    @cached_property
    def prose(self) -> tuple[TextAt, ...]:
        """Summary, description, and what is said of the design, the arms and the interventions."""
        said, design = self.section.description_module, self.section.design_module.design_info
        given = self.section.arms_interventions_module
        path = f"{_ROOT}.armsInterventionsModule"
        return _given(
            (f"{_ROOT}.descriptionModule.briefSummary", said.brief_summary),
            (f"{_ROOT}.descriptionModule.detailedDescription", said.detailed_description),
            (
                f"{_ROOT}.designModule.designInfo.interventionModelDescription",
                design.intervention_model_description if design else None,
            ),
            *((f"{path}.armGroups[{n}].description", arm.description) for n, arm in enumerate(given.arm_groups)),
            *((f"{path}.interventions[{n}].description", one.description) for n, one in enumerate(given.interventions)),
        )

    @cached_property
    def outcomes(self) -> tuple[PlacedOutcome, ...]:
        """Every outcome measure."""
        module = self.section.outcomes_module
        lists = (
            ("primaryOutcomes", module.primary_outcomes),
            ("secondaryOutcomes", module.secondary_outcomes),
            ("otherOutcomes", module.other_outcomes),
        )
        return tuple(
            PlacedOutcome(f"{_ROOT}.outcomesModule.{name}[{index}]", outcome, name == "primaryOutcomes")
            for name, outcomes in lists
            for index, outcome in enumerate(outcomes)
        )

    @cached_property
    def outcome_texts(self) -> tuple[TextAt, ...]:
        """Every text of every outcome."""
        texts = (text for one in self.outcomes for text in (one.measure, one.time_frame, one.description))
        return tuple(text for text in texts if text.text)

    @cached_property
    def texts(self) -> tuple[TextAt, ...]:
        """Every text of the record that a person wrote."""
        return (*self.titles, *self.prose, self.criteria_text, *self.outcome_texts)

    @cached_property
    def everything(self) -> str:
        """All texts, names and conditions, unescaped: for what a record does *not* say."""
        given = self.section.arms_interventions_module
        names = [arm.label or "" for arm in given.arm_groups]
        names += [name or "" for one in given.interventions for name in (one.name, *one.other_names)]
        conditions = self.section.conditions_module
        texts = [text.text for text in self.texts]
        return unescape("\n".join([*texts, *names, *conditions.conditions, *conditions.keywords]))

    def says(self, name: str) -> bool:
        """Tell whether the record anywhere says what a pattern of `tables/phrases.toml` looks for."""
        return pattern(name).search(self.everything) is not None

    def spans(self, looked_for: re.Pattern[str], texts: Iterable[TextAt]) -> Iterator[Span]:
        """Find a pattern in texts as written."""
        for text in texts:
            for found in looked_for.finditer(text.text):
                yield text.span(found.start(), found.end())

    def item_span(self, item: Item) -> Span:
        """Mark a criterion in the text as written."""
        return self.criteria_text.span(item.start, item.end)

    def items_of(self, kind: SectionKind) -> tuple[Item, ...]:
        """Give the criteria of one kind."""
        return self.criteria.of(kind)

    @cached_property
    def interventional(self) -> bool:
        """Whether the sponsor decides the treatment."""
        return self.section.design_module.study_type == "INTERVENTIONAL"

    @cached_property
    def open(self) -> bool:
        """Whether it recruits or treats, as it says."""
        return self.section.status_module.overall_status in {
            "RECRUITING",
            "NOT_YET_RECRUITING",
            "ENROLLING_BY_INVITATION",
            "ACTIVE_NOT_RECRUITING",
        }

    @cached_property
    def single_arm(self) -> bool:
        """Whether all participants get the same."""
        design = self.section.design_module.design_info
        return design is not None and design.intervention_model == "SINGLE_GROUP"

    @cached_property
    def escalates(self) -> bool:
        """Whether it looks for a dose by escalation."""
        return self.interventional and self.says("escalation")

    @cached_property
    def takes_children(self) -> bool:
        """Whether its age groups include children."""
        return "CHILD" in self.section.eligibility_module.std_ages


def read_date(given: DateStruct | str | None) -> PartialDate | None:
    """Read a date of the record; None where there is none or it cannot be read."""
    text = given.date if isinstance(given, DateStruct) else given
    try:
        return PartialDate.parse(text) if text else None
    except InvalidInput:
        return None


def item_text(item: Item) -> str:
    """Give a criterion with all its parts as one text."""
    return " ".join([item.text, *(item_text(part) if isinstance(part, Item) else part.text for part in item.content)])


def _given(*texts: tuple[str, str | None]) -> tuple[TextAt, ...]:
    return tuple(TextAt(field, text) for field, text in texts if text)
