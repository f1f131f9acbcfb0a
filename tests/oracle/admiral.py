"""Our laboratory grades beside those of admiral 1.5.0.9003 (CTCAE v5.0), and the page that explains where they differ.

`python -m tests.oracle.admiral` writes docs/conformance-toxicity.md again.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.criteria import Criteria, find_criteria
from earlyphase.toxicity.laboratory import Background, LabGrade, grade_by

HERE = Path(__file__).parent
RANDOM = HERE / "data" / "toxicity" / "admiral_ctcae_v5_random_oracle.csv"
CASES = "toxicity/admiral_ctcae_v5_lab_grade_cases.csv"
PAGE = HERE.parents[1] / "docs" / "conformance-toxicity.md"

UCUM = {"10^9/l": "10*9/L", "10^8/l": "10*8/L", "10^3/ul": "10*3/uL", "10^3/ml": "10*3/mL", "1/ul": "/uL"}
UCUM |= {"g/l": "g/L", "mmol/l": "mmol/L", "umol/l": "umol/L", "mg/dl": "mg/dL", "ug/dl": "ug/dL", "g/dl": "g/dL"}
PLACEHOLDER = "U"
"""What the random rows give for a unit where the criteria need none."""


class Row(NamedTuple):
    """One row of theirs beside our answer; None is no answer."""

    given: dict[str, str]
    theirs: int | None
    ours: LabGrade | None
    refusal: str = ""

    @property
    def verdict(self) -> str:
        """How the two stand to each other."""
        ours, theirs = self.ours, self.theirs
        if ours is None or (theirs is None and ours.missing):
            return "neither grades" if theirs is None else "we refuse"
        if theirs is None:
            return "only we grade"
        if ours.grade_max == theirs:
            return "the same" if ours.grade is not None else "the upper end of our range"
        return "inside our range" if ours.grade_min <= theirs < ours.grade_max else "different"


AGREED = ("the same", "the upper end of our range", "neither grades")


def read(path: Path) -> list[Row]:
    """Read their rows and grade each."""
    with path.open(encoding="utf-8") as lines:
        return [answer(row) for row in csv.DictReader(lines)]


def answer(given: dict[str, str]) -> Row:
    theirs = None if given["expected_grade"] == "MISSING" else int(given["expected_grade"])
    if not given["value"]:
        return Row(given, theirs, None, "no value")
    try:
        criteria = find_criteria(given["term"])
        unit = unit_of(given["unit"], criteria)
        return Row(
            given, theirs, grade_by(criteria, Quantity(float(given["value"]), unit), background(given, criteria, unit))
        )
    except InvalidInput as fault:
        return Row(given, theirs, None, str(fault))


def unit_of(written: str, criteria: Criteria) -> str:
    """Their spelling of a unit in UCUM; the criteria's own where they give a placeholder or, rightly, none."""
    if written and written != PLACEHOLDER:
        return UCUM.get(written.lower(), written)
    if criteria.units and (written or criteria.units[0] == "1"):
        return criteria.units[0]
    return "" if criteria.units else "U/L"


def background(given: dict[str, str], criteria: Criteria, unit: str) -> Background:
    def quantity(number: str | float) -> Quantity | None:
        return None if number == "" else Quantity(float(number), unit)

    baseline: str | float = given["baseline"]
    if baseline == "" and given["pct_change_from_baseline"]:
        baseline = float(given["value"]) / (1 + float(given["pct_change_from_baseline"]) / 100)
    side = "HIGH" if criteria.ladders[0].upward else "LOW"
    indicator = given["baseline_range_indicator"].split(" ")[0]
    abnormal = indicator == side if indicator else None
    return Background(quantity(given["lln"]), quantity(given["uln"]), quantity(baseline), abnormal)


class Difference(NamedTuple):
    """A kind of difference: which rows it explains, and how."""

    title: str
    why: str
    explains: Callable[[Row], bool]


def at(row: Row, *values: str) -> bool:
    return row.given["value"] in values


DIFFERENCES = (
    Difference(
        "A baseline or a limit is missing",
        "We leave the grade open, from the least to the most that it can be; "
        "admiral grades from what is there, which is never outside that range.",
        lambda r: r.verdict == "inside our range" and bool(r.ours and r.ours.missing),
    ),
    Difference(
        "The baseline is abnormal and the upper limit is missing",
        "The criteria then rest on the baseline alone, so we grade; admiral wants the limit all the same.",
        lambda r: r.verdict == "only we grade" and r.given["baseline_range_indicator"] == "HIGH" and not r.given["uln"],
    ),
    Difference(
        "A unit that is not the expected one",
        "We convert it (10⁸/L, g/dL, µmol/L, µg/dL); admiral takes one unit for each term.",
        lambda r: r.verdict == "only we grade" and r.given["unit"] in {"10^8/L", "g/dL", "umol/L", "ug/dL"},
    ),
    Difference(
        "Triglycerides at exactly 150 mg/dL or 1.71 mmol/L",
        "CTCAE begins grade 1 at the figure itself; admiral just above it.",
        lambda r: r.given["term"].lower() == "hypertriglyceridemia" and at(r, "150", "1.71"),
    ),
    Difference(
        "GGT at exactly 2.0 × an abnormal baseline",
        "CTCAE begins grade 1 at 2.0 × baseline; admiral just above it, although it "
        "includes the same figure for alkaline phosphatase.",
        lambda r: r.given["term"] == "GGT increased" and at(r, "80") and r.given["baseline"] == "40",
    ),
    Difference(
        "Ionized calcium in mg/dL",
        "CTCAE gives limits in mmol/L only. We convert with 40.078 g/mol; admiral's limits are those of "
        "a round 4 mg/dL per mmol/L, so a value on its limits lies just below ours.",
        lambda r: "ionized" in r.given["term"].lower() and r.given["unit"] == "mg/dL",
    ),
    Difference(
        "A lower limit above the upper limit",
        "We refuse limits that contradict each other; admiral does not look at the upper one.",
        lambda r: r.verdict == "we refuse" and "is above the ULN" in r.refusal,
    ),
)


def explain(row: Row) -> Difference | None:
    """The difference that explains a row; None where none does."""
    return next((one for one in DIFFERENCES if one.explains(row)), None)


def page(random: Iterable[Row], cases: Iterable[Row]) -> str:
    """The conformance page."""
    random, cases = list(random), list(cases)
    kinds = [*AGREED, "explained below", "unexplained"]
    tallies = [Counter(kind(row) for row in rows) for rows in (random, cases)]
    table = "\n".join(f"| {name} | {tallies[0][name]} | {tallies[1][name]} |" for name in kinds)
    differing = Counter(explain(row) for row in [*random, *cases] if row.verdict not in AGREED)
    listed = "\n".join(
        f"- **{one.title}** ({differing[one]} {'row' if differing[one] == 1 else 'rows'}). {one.why}"
        for one in DIFFERENCES
    )
    return f"""# How the laboratory grades agree with admiral's

admiral 1.5.0.9003 (pharmaverse) grades laboratory values by CTCAE v5.0 too. Where only symptoms separate two grades it
takes the worse one; we give a range, and its grade is the upper end. Two sets of rows are compared: values drawn
around every limit and graded by admiral, which this repository carries, and admiral's own tests, which it does not.

| | drawn around the limits ({len(random)} rows) | admiral's own tests ({len(cases)} rows) |
|---|---|---|
{table}

## Where the two differ, and why

{listed}

An INR above the baseline counts only on anticoagulation, which these rows do not record: we give a range, and admiral's
grade is its upper end. Fibrinogen lost since the baseline counts once the value itself is below normal: the text's "if
abnormal" can also be read of the baseline; we read it as admiral does. An increased hemoglobin is counted from the ULN,
as admiral does; the text does not say from where.

Generated by `python -m tests.oracle.admiral`; a test fails when it no longer holds.
"""


def kind(row: Row) -> str:
    """The line of the table that a row belongs to."""
    if row.verdict in AGREED:
        return row.verdict
    return "explained below" if explain(row) else "unexplained"


if __name__ == "__main__":
    from tests.reference import reference

    PAGE.write_text(page(read(RANDOM), read(reference(CASES))), encoding="utf-8")
