"""Reads laboratory values as they are pasted from a spreadsheet or a laboratory system. Nothing is guessed silently.

A line that cannot be read in full has its problems beside it. A decimal comma is one: 3,5 may be 3.5 or 35 hundred.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import LaboratoryResult
from earlyphase.quantities import Quantity, ucum
from earlyphase.toxicity.laboratory import Background, LabGrade, grade_measurement
from earlyphase.web.labs import names
from earlyphase.web.language import said

IN_ORDER = ("analyte", "value", "unit", "low", "high")
"""The columns where no heading names them."""
MOST_LINES = 200
"""A day of one participant has fewer."""
_PLAIN_UNITS = {"秒": "s", "分钟": "min", "": "1"}
_FLAGS = re.compile(r"\s*(?:[↑↓*]|\b(?:H|L|HH|LL|high|low|偏高|偏低|高|低))+\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_RANGE = re.compile(r"\s*([\d.]+)\s*(?:-{1,2}|–|—|~|～|至|to)\s*([\d.]+)\s*")
_ONE_SIDED = re.compile(r"\s*([<>≤≥])\s*=?\s*([\d.]+)\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One pasted line: what stands there, what it was read as, and what is wrong with it."""

    number: int
    pasted: Mapping[str, str]
    """By column, as it was pasted."""
    analyte: str = ""
    """The name under which it is recorded."""
    result: LaboratoryResult | None = None
    grades: tuple[LabGrade, ...] = ()
    problems: tuple[str, ...] = ()
    note: str = ""

    @property
    def grade(self) -> LabGrade | None:
        """The worst of the computed grades; None where nothing is graded from the value."""
        return max(self.grades, key=lambda grade: (grade.grade_max, grade.grade_min), default=None)


def read_paste(text: str, baselines: Mapping[str, Quantity] | None = None) -> tuple[Line, ...]:
    """Read every line, in order; a line of headings is none.

    Args:
        text: what was pasted.
        baselines: the values before treatment, by analyte; None where the pasted ones are themselves before it.
    """
    rows = [(number, cells) for number, cells in enumerate(_rows(text), start=1) if any(cells)]
    columns: tuple[str, ...] = IN_ORDER
    if rows and (found := _heading(rows[0][1])):
        columns, rows = found, rows[1:]
    lines = [_line(number, columns, cells, baselines) for number, cells in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        number = rows[MOST_LINES][0]
        says = _("There are more than %(most)s lines: paste one day of one participant.") % {"most": MOST_LINES}
        lines.append(Line(number, {}, problems=(says,)))
    return tuple(_without_doubles(lines))


def _rows(text: str) -> Iterator[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = next((mark for mark in ("\t", ";", ",") if any(mark in line for line in lines)), None)
    if separator is None:
        return ([cell.strip() for cell in re.split(r"\s{2,}", line.strip())] for line in lines)
    return ([cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator))


def _heading(cells: list[str]) -> tuple[str, ...] | None:
    found = tuple(names.column(cell) or "other" for cell in cells)
    return found if {"analyte", "value"} <= set(found) else None


def _line(number: int, columns: tuple[str, ...], cells: list[str], baselines: Mapping[str, Quantity] | None) -> Line:
    pasted: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        pasted.setdefault(name, cell)
    line = Line(number, pasted, names.analyte(pasted.get("analyte", "")) or pasted.get("analyte", "").strip())
    if not line.analyte:
        return replace(line, problems=(_("The analyte is missing."),))
    try:
        return _graded(line, _result(line), baselines)
    except InvalidInput as fault:
        return replace(line, problems=(said(fault),))


def _result(line: Line) -> LaboratoryResult:
    unit = _unit(line)
    low, high = _limits(line.pasted)
    value = _FLAGS.sub("", line.pasted.get("value", ""))
    return LaboratoryResult(
        analyte=line.analyte,
        value=Quantity(_number(value, _("value")), unit),
        lower_limit=Quantity(_number(low, _("lower limit")), unit) if low else None,
        upper_limit=Quantity(_number(high, _("upper limit")), unit) if high else None,
    )


def _unit(line: Line) -> str:
    written = line.pasted.get("unit", "").strip()
    if not written and line.analyte not in ("INR", "blood pH"):
        raise InvalidInput(_("unit"), None, _("is missing."), _("Give the unit as the laboratory reports it."))
    return ucum(_PLAIN_UNITS.get(written, written))


def _number(text: str, place: str) -> int | float:
    if not text:
        raise InvalidInput(place, None, _("is missing."))
    if not _NUMBER.fullmatch(text):
        raise InvalidInput(place, text, _("is not a number."), _("Write it with a decimal point."))
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _limits(pasted: Mapping[str, str]) -> tuple[str, str]:
    """Give the normal range: from two columns, or from one such as `3.5–5.3` or `< 40`."""
    low, high, both = (pasted.get(name, "") for name in ("low", "high", "range"))
    if not both or low or high:
        return low, high
    if found := _RANGE.fullmatch(both):
        return found[1], found[2]
    if found := _ONE_SIDED.fullmatch(both):
        return ("", found[2]) if found[1] in "<≤" else (found[2], "")
    raise InvalidInput(_("normal range"), both, _("is not a range."), _("Write it as 3.5-5.3."))


def _graded(line: Line, result: LaboratoryResult, baselines: Mapping[str, Quantity] | None) -> Line:
    baseline = result.value if baselines is None else baselines.get(result.analyte)
    against = Background(result.lower_limit, result.upper_limit, baseline)
    grades = grade_measurement(result.analyte, result.value, against)
    return replace(line, result=result, grades=grades, note="" if grades else _("Nothing is graded from this."))


def _without_doubles(lines: list[Line]) -> Iterator[Line]:
    seen = Counter(line.analyte for line in lines if line.analyte)
    for line in lines:
        if line.analyte and seen[line.analyte] > 1:
            says = _("%(analyte)s stands on %(times)s lines: leave one.")
            said_so = says % {"analyte": line.analyte, "times": seen[line.analyte]}
            yield replace(line, result=None, problems=(*line.problems, said_so))
        else:
            yield line
