"""The criteria table against NCI's own sheet: every limit that can be read out of its text is in the table."""

import csv
import re

import pytest
from tests.reference import reference

from earlyphase.quantities import conversion
from earlyphase.toxicity.criteria import Against, Criteria, load_criteria
from earlyphase.toxicity.dictionary import load_dictionary

SHEET = "toxicity/ctcae_v5.0.csv"
LIMIT = re.compile(
    r"(?P<sign>>=|<=|>|<)\s*(?P<number>[\d,]*\.?\d+)?\s*(?:x\s*)?(?P<against>ULN|LLN|baseline)?(?P<rest>[^;]*)",
    re.IGNORECASE,
)
UNITS = {
    "mg/dL": "mg/dL",
    "mmol/L": "mmol/L",
    "g/dL": "g/dL",
    "g/L": "g/L",
    "/mm3": "/uL",
    "10e9": "10*9/L",
    "degrees C": "Cel",
}
SIGNS = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
SILENT = {
    "Carbon monoxide diffusing capacity decreased",
    "Fibrinogen decreased",
    "Forced expiratory volume decreased",
    "Hemoglobin increased",
    "Hypertension",
    "Weight gain",
    "Weight loss",
    "Proteinuria",
    "Hypoxia",
}
"""Terms whose text is written in another form; the spec tests hold their limits."""


@pytest.fixture(scope="module")
def sheet():
    with reference(SHEET).open(encoding="utf-8") as lines:
        return {row["ctcae_term"]: row for row in csv.DictReader(lines)}


def read(text: str):
    """The limits at which a grade begins: comparator, factor, what it multiplies, unit."""
    for part in text.split(";"):
        found = LIMIT.match(part.strip())
        if found is None or not (found["number"] or found["against"]):
            continue
        ranged = re.match(r"(LLN|ULN|baseline)", found["against"] or "", re.IGNORECASE)
        against = found["against"] or ""
        multiple = re.search(r"x (ULN|LLN|baseline)", found["rest"])
        if not ranged and multiple:
            against = multiple[1]
        unit = next((code for word, code in UNITS.items() if word in part), None)
        yield found["sign"], float((found["number"] or "1").replace(",", "")), against, unit


def holds(row: Criteria, grade: int, sign: str, factor: float, against: str, unit: str | None) -> bool:
    for ladder in row.ladders:
        for cut in ladder.cuts:
            if cut.comparator != SIGNS[sign] or not cut.grade_min <= grade <= cut.grade_max:
                continue
            if cut.against is not Against.NUMBER or against:
                if cut.against == against and cut.factor == factor:
                    return True
                continue
            mine = cut.factor
            if unit and ladder.unit and unit != ladder.unit:
                try:
                    mine = mine * conversion(ladder.unit, unit).factor
                except ValueError:
                    continue
            if mine == pytest.approx(factor, rel=1e-9):
                return True
    return False


def test_every_limit_in_the_text_is_in_the_table(sheet):
    read_limits, absent = 0, []
    for term in {row.term for row in load_criteria()} - SILENT:
        rows = [row for row in load_criteria() if row.term == term]
        for grade in range(1, 6):
            for limit in read(sheet[term][f"grade_{grade}"].replace("10e9 /L", "10e9/L")):
                read_limits += 1
                if not any(holds(row, grade, *limit) for row in rows):
                    absent.append((term, grade, *limit))
    assert absent == []
    assert read_limits >= 190


def test_terms_classes_and_existing_grades_are_those_of_the_sheet(sheet):
    book = load_dictionary()
    assert {term.name for term in book.terms.values()} == set(sheet)
    for term in book.terms.values():
        row = sheet[term.name]
        assert row["meddra_soc"] == term.system_class
        assert term.grades == tuple(grade for grade in range(1, 6) if row[f"grade_{grade}"].strip(" -–"))
