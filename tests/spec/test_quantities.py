"""Numbers with units: what is accepted, how they convert, how they meet a limit."""

import re
import subprocess
import sys

import pytest
from pydantic import BaseModel, ValidationError

from earlyphase.quantities import ANALYTES, InvalidQuantity, Quantity, RoundingPolicy

ATOMIC_WEIGHTS = {"C": 12.011, "H": 1.008, "N": 14.007, "O": 15.999, "P": 30.974, "K": 39.098, "Fe": 55.845,
                  "Ca": 40.078, "Mg": 24.305, "Na": 22.99, "Cl": 35.45}  # fmt: skip


class Form(BaseModel):
    result: Quantity


@pytest.mark.parametrize(
    ("given", "unit", "analyte", "expected"),
    [
        (Quantity(3.0, "mg/dL"), "umol/L", "bilirubin", 51.3107),
        (Quantity(2.0, "mg/dL"), "umol/L", "creatinine", 176.803),
        (Quantity(100, "mg/dL"), "mmol/L", "glucose", 5.55075),
        (Quantity(8.0, "g/dL"), "g/L", None, 80.0),
        (Quantity(10, "mg/dL"), "meq/L", "calcium", 4.99027),
        (Quantity(4, "meq/L"), "mmol/L", "potassium", 4.0),
        (Quantity(2, "meq/L"), "mmol/L", "magnesium", 1.0),
        (Quantity(1000, "/uL"), "10*9/L", None, 1.0),
        (Quantity(40, "[IU]/L"), "U/L", "ALT", 40.0),
        (Quantity(100.4, "[degF]"), "Cel", None, 38.0),
    ],
)
def test_a_quantity_converts_to_what_the_textbook_says(given, unit, analyte, expected):
    converted = given.to(unit, analyte)
    assert converted.value == pytest.approx(expected, rel=1e-5)
    assert converted.unit == unit


@pytest.mark.parametrize(("value", "unit"), [(8.0, "g/dL"), (4.9, "g/dL"), (0.3, "g/dL")])
def test_a_bound_stays_a_bound_after_conversion(value, unit):
    assert Quantity(value, unit).to("g/L").value == round(value * 10, 1)


@pytest.mark.parametrize(
    ("rounding", "comparison"), [(RoundingPolicy.UNROUNDED, 1), (RoundingPolicy.DECIMALS_OF_LIMIT, 0)]
)
def test_bilirubin_of_three_mg_per_dl_meets_the_limit_of_51_as_the_policy_says(rounding, comparison):
    assert Quantity(3.0, "mg/dL").compare(Quantity(51, "umol/L"), "bilirubin", rounding) == comparison


def test_creatinine_of_two_mg_per_dl_meets_its_limit_only_after_rounding():
    limit = Quantity(176.8, "umol/L")
    assert Quantity(2.0, "mg/dL").compare(limit, "creatinine") == 1
    assert Quantity(2.0, "mg/dL").compare(limit, "creatinine", RoundingPolicy.DECIMALS_OF_LIMIT) == 0


def test_a_large_value_meets_a_limit_that_has_very_many_decimals():
    limit = Quantity(1.0000000000000002e-06, "mg/dL")
    assert Quantity(1e6, "mg/dL").compare(limit, rounding=RoundingPolicy.DECIMALS_OF_LIMIT) == 1
    assert Quantity(1e300, "mg/dL").compare(Quantity(1e-300, "mg/dL"), rounding=RoundingPolicy.DECIMALS_OF_LIMIT) == 1


def test_halves_are_rounded_up_as_laboratories_do():
    assert Quantity(50.5, "umol/L").compare(Quantity(51, "umol/L"), rounding=RoundingPolicy.DECIMALS_OF_LIMIT) == 0


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (Quantity(1, "10*6/kg"), "1 × 10⁶/kg"),
        (Quantity(0.5, "10*9/L"), "0.5 × 10⁹/L"),
        (Quantity(3.0, "mg/dL"), "3.0 mg/dL"),
        (Quantity(3.0, "mg/dL").to("umol/L", "bilirubin"), "51.3107 µmol/L"),
        (Quantity(38.4, "Cel"), "38.4 °C"),
        (Quantity(120, "mm[Hg]"), "120 mmHg"),
        (Quantity(7, "1"), "7"),
        (Quantity(50, "%"), "50 %"),
        (Quantity(30, "mg/m2"), "30 mg/m²"),
        (Quantity(500, "/uL"), "500/µL"),
        (Quantity(60, "mL/min/{1.73_m2}"), "60 mL/min/1.73 m²"),
        (Quantity(12345678.0, "/kg"), "12345678/kg"),
    ],
)
def test_a_quantity_is_written_for_people(quantity, shown):
    assert str(quantity) == shown


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("3.0 mg/dL", Quantity(3.0, "mg/dL")),
        ("38.4 °C", Quantity(38.4, "Cel")),
        ("92%", Quantity(92, "%")),
        (" 5mg/dL ", Quantity(5, "mg/dL")),
        ("1 × 10⁶/kg", Quantity(1, "10*6/kg")),
        ("12 mmHg", Quantity(12, "mm[Hg]")),
        ("5 µmol/L", Quantity(5, "umol/L")),
        ("4 mEq/L", Quantity(4, "meq/L")),
        ("900 /mm3", Quantity(900, "/uL")),
        ("2 IU/mL", Quantity(2, "[IU]/mL")),
    ],
)
def test_a_quantity_is_read_as_people_write_it(text, quantity):
    assert Quantity.read(text) == quantity


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Quantity(float("nan"), "g/L"), "nan is not a finite number"),
        (lambda: Quantity(value=True, unit="g/L"), "True is not a finite number"),
        (lambda: Quantity(3, ""), "unit: '' is missing"),
        (lambda: Quantity(3, "µmol/L"), "Did you mean umol/L?"),
        (lambda: Quantity(3, "mgdL"), "Did you mean mg/dL"),
        (lambda: Quantity(3, "mg/dL").to("umol/L"), "name the analyte"),
        (lambda: Quantity(3, "mg/dL").to("umol/L", "bilirubine"), "Known: bilirubin"),
        (lambda: Quantity(3, "mg/dL").to("Cel"), "does not convert to Cel"),
        (lambda: Quantity(3, "mg/dL").to("Cel", "glucose"), "a mass or an amount of glucose"),
        (lambda: Quantity(3, "meq/L").to("mmol/L"), "counts charges. Name the analyte"),
        (lambda: Quantity(3, "meq/L").to("mg/dL", "glucose"), "one of: bicarbonate, calcium"),
        (lambda: Quantity.read("7"), "is not a number followed by its unit"),
        (lambda: Quantity.read("7 "), "is not a number followed by its unit"),
        (lambda: Quantity.read("38,6 °C"), "with a decimal point"),
        (lambda: Quantity.read("3 apples"), "'apples' is not a UCUM unit"),
    ],
)
def test_what_is_no_quantity_is_refused_with_a_remedy(wrong, says):
    with pytest.raises(InvalidQuantity, match=re.escape(says)):
        wrong()


@pytest.mark.parametrize(
    "payload",
    [
        {"value": 3},
        {"value": "3", "unit": "g/L"},
        {"value": True, "unit": "g/L"},
        {"value": 3, "unit": "furlong"},
        {"value": 3, "unit": "g/L", "grade": 2},
    ],
)
def test_a_form_refuses_a_quantity_without_number_or_unit(payload):
    with pytest.raises(ValidationError):
        Form.model_validate({"result": payload})


@pytest.mark.parametrize("text", ['{"result":{"value":3,"unit":"g/L"}}', '{"result":{"value":3.0,"unit":"g/L"}}'])
def test_a_form_keeps_what_was_entered(text):
    assert Form.model_validate_json(text).model_dump_json() == text


def test_molar_masses_are_the_sums_of_their_atoms():
    for name, analyte in ANALYTES.items():
        atoms = re.findall(r"([A-Z][a-z]?)(\d*)", analyte.formula)
        if "".join(symbol + count for symbol, count in atoms) == analyte.formula:
            mass = sum(ATOMIC_WEIGHTS[symbol] * int(count or 1) for symbol, count in atoms)
            assert mass == pytest.approx(analyte.molar_mass, abs=0.002), name


def test_pint_is_not_loaded_while_the_units_are_equal():
    code = (
        "import sys; from earlyphase.quantities import Quantity as Q;"
        "Q(3, 'mg/dL').compare(Q(2, 'mg/dL')); sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
