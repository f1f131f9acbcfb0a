"""Units and sizes that no laboratory reports for the analyte."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import table

_UNIT = r"(?P<unit>[µμ]mol|umol|mmol|nmol|mol|mg|µg|ug|ng|g|gms?|gm|iu|u)\s*/\s*(?P<per>d?l|litre|liter)\b"
_VALUE = re.compile(
    rf"(?P<sign>[<>≤≥]|=<|>=|than|to|at least|of)[\s\\=]*(?P<value>\d+(?:[.,]\d+)?)\s*\(?\s*{_UNIT}", re.IGNORECASE
)


@cache
def _analytes() -> tuple[tuple[str, re.Pattern[str], list[dict[str, Any]]], ...]:
    rows: list[dict[str, Any]] = table("units")["analyte"]
    return tuple((row["name"], re.compile(row["pattern"], re.IGNORECASE), row["units"]) for row in rows)


def _implausible(case: Case) -> Iterator[Remark]:
    text = case.criteria_text.text
    mentions = sorted((found.end(), index) for index, row in enumerate(_analytes()) for found in row[1].finditer(text))
    for value in _VALUE.finditer(text):
        near = [index for end, index in mentions if _belongs(text, end, value.start())]
        if near:
            name, _, units = _analytes()[near[-1]]
            problem = _problem(value, units)
            if problem:
                span = case.criteria_text.span(value.start("value"), value.end())
                given = " ".join(span.quoted.replace("(", " ").split())
                yield Remark(f"The limit of {name} is given as {given}: {problem}.", span)


def _belongs(text: str, end: int, start: int) -> bool:
    """Tell whether a limit stands in the same clause as the analyte before it."""
    return 0 <= start - end <= table("units")["reach"] and not re.search(r"[;\n]|\.\s", text[end:start])


def _problem(value: re.Match[str], units: list[dict[str, Any]]) -> str:
    unit = _written_unit(value)
    number = float(value["value"].replace(",", "."))
    known = {row["unit"].lower(): row for row in units}
    usual = " or ".join(row["unit"] for row in units[:2])
    if unit.lower() not in known:
        return f"no laboratory reports it in {unit}; {usual} may be meant"
    row = known[unit.lower()]
    if row["low"] <= number <= row["high"]:
        return ""
    return f"in {unit} that lies outside {row['low']:g} to {row['high']:g}; check the number and the unit ({usual})"


def _written_unit(value: re.Match[str]) -> str:
    mass = value["unit"].lower().replace("μ", "µ").replace("umol", "µmol").replace("ug", "µg")
    mass = "g" if mass in {"gm", "gms"} else mass
    per = "dL" if value["per"].lower() == "dl" else "L"
    return f"{'U' if mass in {'u', 'iu'} else mass}/{per}"


UNIT_IMPLAUSIBLE = Check(
    "unit-implausible", 7, Severity.MAJOR, "units in clinical use, see tables/units.toml", _implausible
)
