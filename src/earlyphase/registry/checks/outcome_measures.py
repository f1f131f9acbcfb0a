"""What an outcome measure must say."""

import re
from collections.abc import Iterator

from earlyphase.registry.checks.case import Case, PlacedOutcome
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import table, words
from earlyphase.registry.markup import unescape

_QC = "ClinicalTrials.gov Protocol Registration Quality Control Review Criteria, outcome measures"


def _primaries(case: Case) -> Iterator[PlacedOutcome]:
    return (one for one in case.outcomes if one.primary and case.interventional)


def _no_time_frame(case: Case) -> Iterator[Remark]:
    for one in _primaries(case):
        if not one.time_frame.text.strip():
            yield Remark("A primary outcome has no time frame: say when it is measured.", one.measure.whole())


def _no_description(case: Case) -> Iterator[Remark]:
    for one in _primaries(case):
        if not one.description.text.strip():
            yield Remark(
                "A primary outcome has no description: say how it is measured and summarised.", one.measure.whole()
            )


def _circular(case: Case) -> Iterator[Remark]:
    least: float = table("limits")["circular"]["shared"]
    for one in case.outcomes:
        said = _words(re.sub(r"\[[^\]]*\]", " ", unescape(one.description.text)))
        named = _words(one.measure.text)
        if said and len(said & named) >= least * len(said):
            yield Remark(
                "The description of an outcome only repeats its title: say how it is measured, on which scale, and "
                "what counts as an event.",
                one.description.whole(),
            )


def _unspecific(case: Case) -> Iterator[Remark]:
    for one in _primaries(case):
        if re.sub(r"\W+", " ", one.measure.text).strip().lower() in words("unspecific_titles"):
            yield Remark(
                f'"{one.measure.text}" is a domain, not a measure: name what is counted or measured.',
                one.measure.whole(),
            )


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower())) - {"the", "of", "a", "an", "and", "in", "to", "by"}


PRIMARY_WITHOUT_TIME_FRAME = Check(
    "primary-without-time-frame", 13, Severity.MAJOR, "WHO Trial Registration Data Set 1.3.1, item 19", _no_time_frame
)
PRIMARY_WITHOUT_DESCRIPTION = Check("primary-without-description", 13, Severity.ADVISORY, _QC, _no_description)
CIRCULAR_DESCRIPTION = Check("circular-description", 13, Severity.MAJOR, _QC, _circular)
UNSPECIFIC_OUTCOME = Check("unspecific-outcome", 13, Severity.MAJOR, _QC, _unspecific)
