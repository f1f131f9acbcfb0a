"""The stated truth from which virtual participants are drawn. It is invented, and evidence of nothing."""

import datetime as dt
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from earlyphase.journal.payloads.observations import Response
from earlyphase.journal.payloads.payload import Name
from earlyphase.protocol.dlt import Cause
from earlyphase.protocol.doses import Doses
from earlyphase.protocol.reading import fit
from earlyphase.protocol.stated import Model
from earlyphase.protocol.yaml_tree import Tree, parse_tree, read_tree
from earlyphase.toxicity.dictionary import load_dictionary

Probability = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Weight = Annotated[float, Field(ge=0)]


class Span(Model):
    """A span of whole numbers, mostly days, both ends included; each of them is as likely."""

    least: int
    most: int

    @model_validator(mode="after")
    def _right_way_round(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"the span from {self.least} to {self.most} has its ends the wrong way round")
        return self


class ByLevel(Model):
    """A probability that changes with the dose level."""

    at_start: Probability
    """At the starting level."""
    odds_per_level: Positive
    """The factor of the odds from one level to the next."""
    levels: dict[int, Probability]
    """Levels that have a probability of their own."""

    def at(self, level: int, doses: Doses) -> float:
        """Give the probability at a level."""
        if level in self.levels:
            return self.levels[level]
        if self.at_start in (0.0, 1.0):
            return self.at_start
        steps = doses.index(level) - doses.index(doses.start)
        odds = self.at_start / (1 - self.at_start) * self.odds_per_level**steps
        return odds / (1 + odds)


class Severe(Model):
    """What a dose-limiting toxicity can be where its clause names no term."""

    term: Name
    system_class: Name


class Toxicity(Model):
    """An adverse event that comes with the treatment and is not dose-limiting."""

    term: Name
    system_class: Name
    dictionary: Name = "CTCAE v5.0"
    scale: Name = "CTCAE v5.0"
    probability: Probability
    grades: Annotated[tuple[Weight, ...], Field(min_length=1, max_length=4)]
    """The weights of grades 1, 2, 3 and 4."""
    onset: Span
    """Units: days from the infusion."""
    lasts: Span
    related: bool
    cause: Cause | None = None
    serious: Probability = 0.0
    """The probability that grade 3 is serious; grade 4 always is, unless it is a count of blood cells."""

    @model_validator(mode="after")
    def _grades_exist(self) -> Self:
        term = load_dictionary().terms.get(self.term.lower()) if self.scale == load_dictionary().label else None
        for grade, weight in enumerate(self.grades, start=1):
            if weight and term is not None and grade not in term.grades:
                raise ValueError(f"{self.term} has a weight for grade {grade}, which {self.scale} does not give it")
        return self

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not sum(self.grades):
            raise ValueError(f"{self.term} has no weight for any grade")
        return self


class Finding(Model):
    """A screening fact: a number between two ends, one of several words, or yes with a probability."""

    term: Name
    unit: str | None = None
    least: float = 0
    most: float = 0
    decimals: Annotated[int, Field(ge=0)] = 0
    words: tuple[str, ...] = ()
    yes_with: Probability | None = None
    high: float | None = None
    """The upper limit of normal."""
    method: Name | None = None
    specimen: Name | None = None
    state: Name | None = None
    """In which state it is measured: `room_air`."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum((self.unit is not None, bool(self.words), self.yes_with is not None)) != 1:
            raise ValueError(f"{self.term} is one of: a number with its unit, words, or yes_with")
        return self


class Measure(Model):
    """Something that is measured again and again."""

    analyte: Name
    unit: str
    low: float | None = None
    """The lower limit of normal."""
    high: float | None = None
    """The upper limit of normal."""
    typical: Positive
    spread: Annotated[float, Field(ge=0)]
    """Units: share of the typical value."""
    nadir: Positive = 1.0
    """The factor that conditioning leaves, at its worst."""
    fever: Positive = 1.0
    """The factor while cytokine release syndrome of grade 2 or more lasts."""
    decimals: Annotated[int, Field(ge=0)] = 1


class Truth(Model):
    """All that decides what happens to virtual participants. The file `truth.yaml` beside this module explains each."""

    start: dt.date
    give_up_after_years: Annotated[float, Field(gt=0, le=50)]
    accrual_per_month: Positive
    patience_days: Span
    consent_by_representative: Probability
    screening_days: Span
    screen_failure: Annotated[float, Field(ge=0, lt=1)]
    enrolment_days: Span
    leukapheresis_days: Span
    vein_to_vein_days: Span
    bridging: Probability
    manufacturing_failure: Annotated[float, Field(ge=0, lt=1)]
    out_of_specification: Probability
    gone_before_infusion: Annotated[float, Field(ge=0, lt=1)]
    died_of_those_gone: Probability
    postponed: Annotated[float, Field(ge=0, lt=1)]
    postponed_days: Span
    under_dosing: Annotated[float, Field(ge=0, lt=1)]
    under_dose_percent: Span
    dlt: ByLevel
    fatal_share_of_dlt: Probability
    severe: Annotated[tuple[Severe, ...], Field(min_length=1)]
    toxicities: tuple[Toxicity, ...]
    marrow_blasts_percent: Span
    response: ByLevel
    responses: Annotated[dict[Response, Weight], Field(min_length=1)]
    response_criteria: Name
    late_recovery: Probability
    mrd_negative: Probability
    extramedullary: Probability
    early_progression: Probability
    progression_median_days: Positive
    relapse_median_days: Positive
    transplant: Probability
    transplant_days: Span
    new_therapy: Probability
    new_therapy_days: Span
    death_after_progression_median_days: Positive
    death_without_progression_per_year: Annotated[float, Field(ge=0)]
    withdrawal_per_year: Annotated[float, Field(ge=0)]
    loss_per_year: Annotated[float, Field(ge=0)]
    entry_lag_days: Span
    missed_visit: Probability
    adjudication_days: Span
    reviewers_differ: Probability
    report_before_days: Span
    report_late: Probability
    report_late_days: Span
    committee_days: Span
    review_days: Span
    left_unknown: Probability
    slip_of_the_pen: Probability
    entered_twice: Probability
    found_after_days: Span
    facts: Annotated[tuple[Finding, ...], Field(min_length=1)]
    laboratory: dict[str, tuple[Measure, ...]]
    vital_signs: Annotated[tuple[Measure, ...], Field(min_length=1)]


def default_truth() -> Truth:
    """Give the truth that comes with the package."""
    return fit(Truth, _default_tree(), "truth.yaml", "the truth")


def read_truth(path: Path) -> Truth:
    """Read a truth: what the file names replaces the default, key by key at the top level.

    Raises:
        InvalidInput: the file is not YAML, or says what a truth cannot say; the message names the line.
    """
    given, _ = read_tree(path)
    return fit(Truth, _laid_over(_default_tree(), given), str(path), "the truth")


def parse_truth(text: str, place: str = "truth") -> Truth:
    """Make a truth of YAML text, as `read_truth` does of a file.

    Raises:
        InvalidInput: as `read_truth`.
    """
    return fit(Truth, _laid_over(_default_tree(), parse_tree(text.encode(), place)), place, "the truth")


def default_text() -> str:
    """Give the text of the default truth, with its explanations: the file to begin from."""
    return files("earlyphase.simulation").joinpath("truth.yaml").read_text("utf-8")


def _default_tree() -> Tree:
    return parse_tree(default_text().encode(), "truth.yaml")


def _laid_over(default: Tree, given: Tree) -> Tree:
    content: object = given.value
    if not isinstance(content, dict):
        return given
    return Tree(
        {**default.value, **given.value},
        given.line,
        {**default.inside, **given.inside},
        {**default.keys, **given.keys},
    )
