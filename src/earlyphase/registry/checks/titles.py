"""What the summary adds to the titles."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import table
from earlyphase.registry.markup import letters


def _repeats(case: Case) -> Iterator[Remark]:
    alike: float = table("limits")["summary"]["alike"]
    for summary in case.prose:
        if summary.field.endswith("briefSummary"):
            said = letters(summary.text.lower())
            if any(_alike(said, letters(title.text.lower())) >= alike for title in case.titles):
                sentence = (
                    "The brief summary only repeats a title: say in plain words what is done, to whom, and what for."
                )
                yield Remark(sentence, summary.whole())


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= 0.8 else 0.0  # noqa: PLR2004 - only a shortcut


SUMMARY_REPEATS_TITLE = Check(
    "summary-repeats-title",
    2,
    Severity.MAJOR,
    "ClinicalTrials.gov Protocol Registration Quality Control Review Criteria, brief summary",
    _repeats,
)
