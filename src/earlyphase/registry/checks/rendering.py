"""What goes wrong when the text is shown."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern

_BASIS = "ClinicalTrials.gov Protocol Registration Quality Control Review Criteria, formatting"


def _markup(case: Case) -> Iterator[Remark]:
    for span in case.spans(pattern("left_markup"), [*case.outcome_texts, *case.prose]):
        yield Remark(f"{span.quoted.strip()} is left over from markup and is printed as it stands: take it out.", span)


def _run_together(case: Case) -> Iterator[Remark]:
    for span in list(case.spans(pattern("run_together"), [case.criteria_text]))[:1]:
        yield Remark("Headings or numbered criteria run on in one paragraph: give each its own line.", span)


def _plural(case: Case) -> Iterator[Remark]:
    for span in case.spans(pattern("wrong_plural"), case.texts):
        said = " ".join(span.quoted.split())
        yield Remark(f'"{said}" has the wrong number: write "{said.rstrip("s")}".', span)


LEFT_MARKUP = Check("left-markup", 25, Severity.ADVISORY, _BASIS, _markup)
RUN_TOGETHER = Check("run-together", 25, Severity.ADVISORY, _BASIS, _run_together)
WRONG_PLURAL = Check("wrong-plural", 25, Severity.ADVISORY, _BASIS, _plural)
