"""How long outcomes are followed, and from when."""

import re
from collections.abc import Iterator

from earlyphase.dates import MONTH
from earlyphase.registry.checks.case import Case, PlacedOutcome
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern, table, words

_BASIS = "EMA, Guideline on the clinical evaluation of anticancer medicinal products, rev. 6, appendix 1"
_YEAR = 365.25
_DAYS = {"day": 1.0, "week": 7.0, "month": MONTH, "year": _YEAR}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12, "ten": 10, "fifteen": 15}
_SPAN = re.compile(
    rf"((?<![\d.])\d{{1,4}}(?:\.\d{{1,4}})?|\b(?:{'|'.join(_NUMBERS)}))[\s-]*(day|week|month|year)s?\b", re.IGNORECASE
)


def horizon(text: str) -> float | None:
    """Give the longest time that a time frame names.

    Units: days.
    """
    spans = [
        (_NUMBERS.get(number.lower()) or float(number)) * _DAYS[unit.lower()] for number, unit in _SPAN.findall(text)
    ]
    return max(spans, default=None)


def _measuring(case: Case, name: str) -> Iterator[PlacedOutcome]:
    return (one for one in case.outcomes if pattern(name).search(one.measure.text))


def _survival_shorter(case: Case) -> Iterator[Remark]:
    progression = [days for one in _measuring(case, "progression") if (days := horizon(one.time_frame.text))]
    for one in _measuring(case, "survival"):
        days = horizon(one.time_frame.text)
        if days and progression and days < max(progression) and not pattern("progression").search(one.measure.text):
            yield Remark(
                f"Overall survival is followed for {days:.0f} days but progression-free survival for "
                f"{max(progression):.0f}: follow survival at least as long.",
                one.time_frame.whole(),
            )


def _mixed_anchors(case: Case) -> Iterator[Remark]:
    names: list[str] = table("words")["anchors"]["names"]
    anchors: dict[str, PlacedOutcome] = {}
    for one in case.outcomes:
        if any(pattern(name).search(one.measure.text) for name in ("survival", "progression", "remission_duration")):
            text = one.time_frame.text
            found = [
                name for name, word in zip(names, words("anchors"), strict=True) if re.search(word, text, re.IGNORECASE)
            ]
            if found:
                anchors.setdefault(found[0], one)
    if len(anchors) > 1:
        last = list(anchors.values())[-1]
        yield Remark(
            f"The time frames of survival outcomes count from different moments ({', '.join(anchors)}): name one time "
            "zero for each, and say why they differ.",
            last.time_frame.whole(),
        )


def _no_long_term(case: Case) -> Iterator[Remark]:
    years: int = table("limits")["long_term_follow_up"]["years"]
    longest = max((horizon(one.time_frame.text) or 0.0 for one in case.outcomes), default=0.0)
    if (
        case.interventional
        and case.says("gene_modified")
        and longest < years * _YEAR
        and not case.says("long_term_follow_up")
    ):
        yield Remark(
            f"Gene-modified cells are given, but the longest follow-up is {longest / _YEAR:.1f} years: say how "
            f"participants are followed for {years} years."
        )


SURVIVAL_SHORTER_THAN_PROGRESSION = Check(
    "survival-shorter-than-progression", 15, Severity.MAJOR, _BASIS, _survival_shorter
)
MIXED_TIME_ZERO = Check("mixed-time-zero", 15, Severity.ADVISORY, _BASIS, _mixed_anchors)
NO_LONG_TERM_FOLLOW_UP = Check(
    "no-long-term-follow-up",
    20,
    Severity.ADVISORY,
    "FDA, Long Term Follow-Up After Administration of Human Gene Therapy Products, 2020",
    _no_long_term,
)
