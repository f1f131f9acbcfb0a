"""Laboratory grades: bounds, ranges, what is missing, what is refused."""

import re
from dataclasses import replace

import pytest

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.calcium import corrected_calcium
from earlyphase.toxicity.columns import Columns, grade_values
from earlyphase.toxicity.criteria import Against, Of, When, criteria_of, load_criteria, read_cut
from earlyphase.toxicity.dictionary import find_term, load_dictionary, require_grade, search_terms
from earlyphase.toxicity.laboratory import Background, assigned_differs, grade_by, grade_lab, grade_measurement
from earlyphase.toxicity.soundness import faults

TABLE = load_criteria()
BOUNDS = [
    pytest.param(row, ladder, index, id=f"{row.term}, {row.measured}: {ladder.cuts[index]} {ladder.unit or ''}")
    for row in TABLE
    for ladder in row.ladders
    for index in range(len(ladder.cuts))
]


@pytest.mark.parametrize(("row", "ladder", "index"), BOUNDS)
def test_each_grade_begins_exactly_at_its_bound(row, ladder, index):
    cut = ladder.cuts[index]
    alone = replace(row, ladders=(replace(ladder, when=When.ALWAYS, cuts=ladder.cuts[: index + 1]),))
    unit, reference = ladder.unit or "U/L", 100.0
    bound = cut.factor if cut.against is Against.NUMBER else cut.factor * reference
    at_bound = {
        Of.VALUE: bound,
        Of.INCREASE: reference + bound,
        Of.DECREASE: reference - bound,
        Of.ABOVE_ULN: reference + bound,
        Of.PERCENT_INCREASE: reference * (1 + bound / 100),
        Of.PERCENT_DECREASE: reference * (1 - bound / 100),
    }[ladder.of]
    worse = 1 if ladder.upward != (ladder.of in {Of.DECREASE, Of.PERCENT_DECREASE}) else -1
    seen = Background(*(Quantity(reference, unit) for _ in range(3)))

    def reached(value):
        return grade_by(alone, Quantity(value, unit), seen).limits[index].crossed

    step = 1e-6 * max(at_bound, 1)
    assert reached(at_bound + worse * step)
    assert not reached(at_bound - worse * step)
    assert reached(at_bound) == (cut.comparator in {">=", "<="})


@pytest.mark.parametrize(
    ("term", "value", "unit", "against", "low", "high"),
    [
        ("Anemia", 100, "g/L", {"lln": 120}, 1, 1),
        ("Anemia", 99.9, "g/L", {"lln": 120}, 2, 2),
        ("Anemia", 8.0, "g/dL", {"lln": 12}, 2, 2),
        ("Anemia", 7.9, "g/dL", {"lln": 12}, 3, 3),
        ("Anemia", 4.9, "mmol/L", {"lln": 7.4}, 2, 2),
        ("Anemia", 4.8, "mmol/L", {"lln": 7.4}, 3, 3),
        ("Neutrophil count decreased", 500, "/uL", {}, 3, 3),
        ("Neutrophil count decreased", 0.499, "10*9/L", {}, 4, 4),
        ("Platelet count decreased", 24, "10*3/uL", {}, 4, 4),
        ("Hypokalemia", 3.0, "mmol/L", {"lln": 3.5}, 1, 2),
        ("Hypokalemia", 2.99, "mmol/L", {"lln": 3.5}, 3, 3),
        ("Hyponatremia", 129, "mmol/L", {"lln": 135}, 2, 3),
        ("Hyponatremia", 124, "mmol/L", {"lln": 135}, 3, 3),
        ("Lipase increased", 160, "U/L", {"uln": 60}, 2, 3),
        ("Lipase increased", 301, "U/L", {"uln": 60}, 3, 4),
        ("Hyperuricemia", 500, "umol/L", {"uln": 420}, 1, 3),
        ("Alanine aminotransferase increased", 120, "U/L", {"uln": 40, "baseline": 30}, 1, 1),
        ("Alanine aminotransferase increased", 121, "U/L", {"uln": 40, "baseline": 30}, 2, 2),
        ("Alanine aminotransferase increased", 121, "U/L", {"uln": 40, "baseline": 80}, 1, 1),
        ("Alanine aminotransferase increased", 119, "U/L", {"uln": 40, "baseline": 80}, 0, 0),
        ("Blood bilirubin increased", 45, "umol/L", {"uln": 20, "baseline": 30}, 1, 1),
        ("Creatinine increased", 90, "umol/L", {"uln": 100, "baseline": 50}, 2, 2),
        ("Fibrinogen decreased", 1.9, "g/L", {"lln": 2.0, "baseline": 3.9}, 3, 3),
        ("Fibrinogen decreased", 2.1, "g/L", {"lln": 2.0, "baseline": 9.0}, 0, 0),
        ("Hypercalcemia (ionized)", 1.7, "mmol/L", {}, 3, 3),
        ("Hypercalcemia", 13.6, "mg/dL", {}, 4, 4),
        ("Fever", 38.0, "Cel", {}, 1, 1),
        ("Fever", 104.2, "[degF]", {}, 3, 4),
        ("Weight loss", 54, "kg", {"baseline": 60}, 2, 2),
        ("Electrocardiogram QT corrected interval prolonged", 470, "ms", {"baseline": 405}, 3, 3),
        ("Acidosis", 7.29, "[pH]", {"lln": 7.35}, 3, 3),
        ("Hypertriglyceridemia", 150, "mg/dL", {}, 1, 1),
    ],
)  # fmt: skip
def test_a_value_has_the_grade_of_the_table(term, value, unit, against, low, high):
    grade = grade_lab(term, Quantity(value, unit), Background(**{k: Quantity(v, unit) for k, v in against.items()}))
    assert (grade.grade_min, grade.grade_max, grade.missing) == (low, high, ())


@pytest.mark.parametrize(
    ("term", "value", "against", "low", "high", "missing"),
    [
        ("Hypokalemia", Quantity(3.2, "mmol/L"), {}, 0, 2, ("LLN",)),
        ("Hyponatremia", Quantity(129, "mmol/L"), {}, 2, 3, ()),
        ("Anemia", Quantity(79, "g/L"), {}, 3, 3, ()),
        ("Alanine aminotransferase increased", Quantity(130, "U/L"), {"uln": 40}, 0, 4, ("baseline",)),
        ("Creatinine increased", Quantity(130, "U/L"), {"uln": 100}, 1, 3, ("baseline",)),
        ("INR increased", Quantity(1.4, "1"), {"baseline": 0.9}, 1, 2, ("anticoagulation",)),
        ("INR increased", Quantity(1.4, "1"), {}, 1, 3, ("anticoagulation", "baseline")),
        ("Eosinophilia", Quantity(0.9, "10*9/L"), {"uln": 0.5}, 0, 1, ("baseline",)),
    ],
)
def test_a_grade_says_what_it_lacks(term, value, against, low, high, missing):
    grade = grade_lab(term, value, Background(**{k: Quantity(v, value.unit) for k, v in against.items()}))
    assert (grade.grade_min, grade.grade_max, grade.missing) == (low, high, missing)


def test_what_is_missing_does_not_hide_a_grade_that_is_certain():
    grade = grade_lab("Fibrinogen decreased", Quantity(40, "mg/dL"))
    assert grade.grade == 4
    assert "open without" not in grade.reason


def test_normal_range_and_baseline_may_come_in_other_units():
    against = Background(uln=Quantity(17.1, "umol/L"), baseline=Quantity(10, "umol/L"))
    grade = grade_lab("Blood bilirubin increased", Quantity(3.0, "mg/dL"), against)
    assert grade.grade == 3
    assert "> 3 × ULN (2.99937 mg/dL)" in grade.reason


def test_a_stated_abnormal_baseline_wins_over_the_computed_one():
    known = {"uln": Quantity(40, "U/L"), "baseline": Quantity(30, "U/L")}
    assert grade_lab("GGT increased", Quantity(70, "U/L"), Background(**known)).grade == 1
    assert grade_lab("GGT increased", Quantity(55, "U/L"), Background(**known, baseline_abnormal=True)).grade == 0


def test_grades_that_rest_on_clinical_findings_are_named():
    assert grade_lab("Anemia", Quantity(70, "g/L")).clinical == (4, 5)
    assert grade_lab("Hyperglycemia", Quantity(30, "mmol/L"), Background(uln=Quantity(6, "mmol/L"),
                     baseline=Quantity(5, "mmol/L"))).clinical == (2, 3, 4, 5)  # fmt: skip


def test_every_result_names_its_source():
    assert grade_lab("Anemia", Quantity(70, "g/L")).source == (
        "NCI, Common Terminology Criteria for Adverse Events v5.0, 27 November 2017, "
        "Blood and lymphatic system disorders: Anemia"
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: grade_lab("Hypokalaemia", Quantity(3, "mmol/L")), "Did you mean 'Hypokalemia'"),
        (lambda: grade_lab("Nausea", Quantity(3, "mmol/L")), "cannot be graded from a value"),
        (lambda: grade_lab("Hypokalemia", Quantity(3, "g")), "does not convert to mmol/L. Give potassium in mmol/L."),
        (lambda: grade_lab("Hypokalemia", Quantity(-3, "mmol/L")), "is below what is possible"),
        (lambda: grade_lab("Fever", Quantity(101.3, "Cel")), "101.3 °C' is above what is possible"),
        (lambda: grade_values("Hypoxia", [85.0, 880.0], "%"), "row 2, oxygen saturation at rest, value"),
        (lambda: grade_lab("Hypercalcemia", Quantity(3, "mmol/L"), None, "zinc"), "is graded from: 'calcium"),
        (lambda: grade_lab("Anemia", Quantity(90, "g/L"), Background(Quantity(160, "g/L"), Quantity(12, "g/dL"))),
         "is above the ULN of 12 g/dL"),
        (lambda: grade_values("Hypokalemia", [3.0, -1.0], "mmol/L"), "row 2, potassium, value: -1.0 is below"),
        (lambda: grade_values("Anemia", [90.0], "g/L", Columns([160.0], [120.0])), "row 1, hemoglobin, lln"),
        (lambda: read_cut("more than 3: 2"), "is not a cut"),
        (lambda: find_term("Hypokalmia"), "Did you mean 'Hypokalemia'"),
        (lambda: require_grade(find_term("Alopecia"), 3), "does not exist for 'Alopecia'. Its grades are 1, 2."),
        (lambda: load_dictionary("CTCAE", "9.9"), "Known: ctcae-5.0"),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_is_refused_with_a_remedy(wrong, says):
    with pytest.raises(InvalidInput, match=re.escape(says)):
        wrong()


def test_the_table_has_no_gap_and_no_overlap():
    assert faults() == ()


@pytest.mark.parametrize(
    ("cuts", "says"),
    [
        (("> ULN: 1", "< 5: 2"), "look in opposite directions"),
        (("> 3 ULN: 1", "> 2 ULN: 2"), "their grades overlap"),
        (("> 3: 1", "> 2 ULN: 2"), "nobody knows which is further"),
        (("> 3: 2", "> 4: 1"), "not worse than"),
        (("> 3: 1", "> 4: 3"), "there is a gap"),
        (("> 3: 1", "> 4: 2", "> 5: 3", "> 6: 5"), "which the term does not have"),
    ],
)
def test_a_gap_or_an_overlap_is_found(cuts, says):
    row = next(row for row in TABLE if row.term == "CPK increased")
    ladder = replace(row.ladders[0], cuts=tuple(map(read_cut, cuts)))
    assert any(says in fault for fault in faults([replace(row, ladders=(ladder,))]))


def test_a_slipped_decimal_between_two_units_is_found():
    row = next(row for row in TABLE if row.term == "Hypoglycemia")
    slipped = replace(row.ladders[1], cuts=tuple(map(read_cut, ("< LLN: 1", "< 550: 2", "< 40: 3", "< 30: 4"))))
    assert any("30.5" in fault for fault in faults([replace(row, ladders=(row.ladders[0], slipped))]))


def test_limits_for_an_abnormal_baseline_alone_are_found():
    row = next(row for row in TABLE if row.term == "GGT increased")
    assert "none for a baseline normal" in faults([replace(row, ladders=row.ladders[1:])])[0]


def test_ctcae_has_837_terms_in_26_classes():
    book = load_dictionary()
    assert (len(book.terms), len(book.system_classes)) == (837, 26)


def test_a_measurement_finds_the_terms_that_it_grades():
    assert [row.term for row in criteria_of("potassium")] == ["Hyperkalemia", "Hypokalemia"]
    assert [row.term for row in criteria_of("total_bilirubin")] == ["Blood bilirubin increased"]
    assert criteria_of("ferritin") == ()
    assert criteria_of("calcium") == (), "a total calcium is graded only once it is corrected for albumin"


def test_calcium_is_corrected_for_albumin():
    corrected = corrected_calcium(Quantity(2.0, "mmol/L"), Quantity(2.5, "g/dL"))
    assert corrected == Quantity(2.3, "mmol/L")
    assert corrected_calcium(Quantity(8.0, "mg/dL"), Quantity(40, "g/L")).value == pytest.approx(1.996, abs=1e-3)


def test_a_search_finds_parts_of_words_and_what_is_spelled_alike():
    assert [term.name for term in search_terms("hypokal")] == ["Hypokalemia"]
    assert "Hypokalemia" in [term.name for term in search_terms("hipokalemia")]
    assert search_terms("") == tuple(load_dictionary().terms.values())


def test_one_value_is_graded_under_every_term_of_its_measurement():
    against = Background(Quantity(3.5, "mmol/L"), Quantity(5.0, "mmol/L"))
    grades = grade_measurement("Potassium", Quantity(5.8, "mmol/L"), against)
    assert [(grade.term, grade.grade) for grade in grades] == [("Hyperkalemia", 2), ("Hypokalemia", 0)]
    assert [grade.grade for grade in grade_measurement("ANC", Quantity(400, "/uL"))] == [4]
    assert grade_measurement("ferritin", Quantity(400, "ug/L")) == ()


@pytest.mark.parametrize(("assigned", "differs"), [(1, False), (2, False), (0, True), (3, True), (5, False)])
def test_an_assigned_grade_differs_only_outside_the_range(assigned, differs):
    computed = grade_lab("Hypokalemia", Quantity(3.2, "mmol/L"), Background(Quantity(3.5, "mmol/L")))
    said = assigned_differs(computed, assigned)
    assert (said is not None) is differs
    assert said is None or said.startswith(f"Grade {assigned} was given, but hypokalemia: 3.2 mmol/L is grade 1–2")
