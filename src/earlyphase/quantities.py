"""Quantities: a number with its UCUM unit, converted once where data enters, compared under a stated rounding policy.

What was entered is kept: a quantity is never rewritten, `to` gives a new one. pint is imported only when units differ.
"""

import difflib
import importlib
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import Strict

from earlyphase.faults import InvalidInput

SIGNIFICANT_DIGITS = 12
"""A converted value keeps so many digits: 8.0 g/dL is 80 g/L, not 80.00000000000001, so a bound stays a bound."""

SHOWN_DIGITS = 6
"""A number with more digits than this (a converted one) is shown with this many."""

NO_OFFSET = 1e-9
"""An offset below this is binary arithmetic, not a temperature scale."""

# fmt: off
COMMON_UNITS = frozenset((
    "1", "%", "{score}", "{INR}", "d", "h", "min", "s", "ms", "wk", "mo", "a", "cm", "mm", "m2", "kg", "g", "mg",
    "ug", "ng", "mL", "L", "/min", "/uL", "10*3/uL", "10*6/uL", "10*9/L", "10*12/L", "/kg", "10*6", "10*6/kg",
    "10*7/kg", "10*8/kg", "10*9", "mg/m2", "mg/kg", "ug/kg", "mg/d", "g/m2", "g/L", "g/dL", "mg/dL", "mg/L",
    "ug/L", "ug/mL", "ug/dL", "ng/mL", "pg/mL", "ng/L", "mol/L", "mmol/L", "umol/L", "nmol/L", "pmol/L", "meq/L",
    "U/L", "[IU]/L", "[IU]/mL", "kat/L", "ukat/L", "Cel", "[degF]", "mm[Hg]", "kPa", "L/min", "mL/min",
    "mL/min/{1.73_m2}", "mm/h", "kg/m2", "g/(24.h)", "[pH]",
))
# fmt: on
"""The units that early-phase studies use: known without asking pint, and offered when a unit is mistyped."""

# fmt: off
SPELLINGS = {
    "µ": "u", "μ": "u", "mmHg": "mm[Hg]", "°C": "Cel", "°F": "[degF]", "°": "", "IU": "[IU]", "^": "*",
    "²": "2", "× ": "", "×": "", "10⁶": "10*6", "10⁷": "10*7", "10⁸": "10*8", "10⁹": "10*9",
    "mEq": "meq", "mm3": "uL",
}
# fmt: on
"""How people write parts of a unit, and the UCUM code."""


class Analyte(NamedTuple):
    """What links mass, amount and charge of a substance."""

    formula: str
    molar_mass: float
    """g/mol."""
    valence: int | None = None
    """Equivalents per mole; None where laboratories do not report equivalents."""


MOLAR_MASS_SOURCE = "Formula weight from the abridged standard atomic weights of IUPAC (2021, Pure Appl Chem 94:573)"
HEMOGLOBIN_SOURCE = "IFCC/IUPAC: haemoglobin monomer, 16114.5 g/mol, as laboratories report it in mmol/L (Fe)"

ANALYTES = {
    "albumin": Analyte("one polypeptide chain", 66437.0),
    "ammonia": Analyte("NH3", 17.031),
    "bicarbonate": Analyte("HCO3", 61.016, 1),
    "bilirubin": Analyte("C33H36N4O6", 584.673),
    "calcium": Analyte("Ca", 40.078, 2),
    "chloride": Analyte("Cl", 35.45, 1),
    "cholesterol": Analyte("C27H46O", 386.664),
    "cortisol": Analyte("C21H30O5", 362.466),
    "creatinine": Analyte("C4H7N3O", 113.12),
    "glucose": Analyte("C6H12O6", 180.156),
    "hemoglobin": Analyte("monomer", 16114.5),
    "iron": Analyte("Fe", 55.845),
    "lactate": Analyte("C3H6O3", 90.078),
    "magnesium": Analyte("Mg", 24.305, 2),
    "phosphate": Analyte("P", 30.974),
    "potassium": Analyte("K", 39.098, 1),
    "sodium": Analyte("Na", 22.99, 1),
    "triglycerides": Analyte("C57H104O6", 885.453),
    "urate": Analyte("C5H4N4O3", 168.112),
    "urea": Analyte("CH4N2O", 60.056),
    "urea nitrogen": Analyte("N2", 28.014),
}
"""By name; phosphate is reported as phosphorus, haemoglobin as its monomer (see the sources above)."""

ENZYMES = frozenset({"alt", "ast", "alp", "ggt", "ck", "ldh", "lipase", "amylase"})
"""Here an international unit is the enzyme unit of 1 µmol/min (IUBMB 1964), so `[IU]/L` and `U/L` are one."""


class RoundingPolicy(StrEnum):
    """How a value meets a limit: bilirubin 3.0 mg/dL is 51.31 µmol/L, and the limit is 51."""

    UNROUNDED = "unrounded"
    """The converted value itself is compared: 51.31 is above 51."""
    DECIMALS_OF_LIMIT = "decimals of the limit"
    """The converted value is first rounded, halves up, to the decimals the limit was written with: equal to 51."""


class InvalidQuantity(InvalidInput, ValueError):  # noqa: N818 - as its base
    """A number, unit or analyte that cannot be used; a ValueError too, so that pydantic says in which field."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as entered."""

    value: Annotated[int, Strict()] | Annotated[float, Strict()]
    unit: str
    """A UCUM code, case-sensitive: `umol/L`, `10*9/L`, `Cel`, `mm[Hg]`; a pure number has the unit `1`."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse what is no finite number or has no known unit."""
        if isinstance(self.value, bool) or not finite(self.value):
            raise InvalidQuantity(
                "quantity", self.value, "is not a finite number.", "Give the number that was measured."
            )
        require_unit(self.unit)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a quantity as people write it: `3.0 mg/dL`, `38.4 °C`, `1 × 10⁶/kg`.

        Raises:
            InvalidQuantity: the text has no number or no known unit.
        """
        found = re.fullmatch(r"\s*([+-]?\d+(\.\d+)?([eE][+-]?\d+)?)(?:\s+|(?=[^\d.,]))(\S.*?)?\s*", text)
        if found is None or not found[4]:
            raise InvalidQuantity(
                "quantity",
                text,
                "is not a number followed by its unit.",
                'Write it as "3.0 mg/dL", with a decimal point.',
            )
        return cls(float(found[1]) if found[2] or found[3] else int(found[1]), ucum(found[4]))

    def to(self, unit: str, analyte: str | None = None) -> "Quantity":
        """Give the same quantity in another unit; the same one where the units are equal.

        Raises:
            InvalidQuantity: the units do not convert, or only through an analyte that was not named or is not known.
        """
        if unit == self.unit:
            return self
        factor, offset = conversion(self.unit, unit, analyte)
        return Quantity(trim(self.value * factor + offset), unit)

    def compare(
        self, limit: "Quantity", analyte: str | None = None, rounding: RoundingPolicy = RoundingPolicy.UNROUNDED
    ) -> int:
        """Compare with a limit, in the limit's unit.

        Returns: −1, 0 or 1: below, equal, above.
        """
        mine = self.to(limit.unit, analyte).value
        if rounding is RoundingPolicy.DECIMALS_OF_LIMIT:
            mine = round_half_up(mine, decimals(limit.value))
        return (mine > limit.value) - (mine < limit.value)

    def __str__(self) -> str:
        """Write the quantity for people: `1 × 10⁶/kg`, `51.3 µmol/L`, `38.4 °C`."""
        return f"{shown_number(self.value)} {shown_unit(self.unit)}".replace(" /", "/").rstrip()


def finite(number: float) -> bool:
    """Tell whether a number is one that can be computed with; an integer can be too large for that."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def require_unit(unit: str) -> None:
    """Refuse a unit that UCUM does not know, naming the nearest.

    Raises:
        InvalidQuantity: the unit is missing or unknown.
    """
    if unit in COMMON_UNITS or (unit and is_ucum(unit)):
        return
    usual = ucum_spelling(unit)
    near = [usual] if usual in COMMON_UNITS else difflib.get_close_matches(usual, COMMON_UNITS, n=3, cutoff=0.5)
    remedy = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Write it as UCUM does, for example mmol/L; a pure number has the unit 1."
    )
    raise InvalidQuantity("unit", unit, "is missing." if not unit else "is not a UCUM unit.", remedy)


def ucum(text: str) -> str:
    """Give the UCUM code of a unit as people write it: `µmol/L` is `umol/L`, `mmHg` is `mm[Hg]`.

    Raises:
        InvalidQuantity: no such unit.
    """
    if text in COMMON_UNITS:
        return text
    usual = ucum_spelling(text)
    require_unit(usual)
    return usual


def ucum_spelling(text: str) -> str:
    """Replace what people write in a unit by what UCUM writes; codes that are right stay as they are."""
    usual = text.strip().replace("[IU]", "IU").replace("mm[Hg]", "mmHg")
    for spoken, code in SPELLINGS.items():
        usual = usual.replace(spoken, code)
    return next((unit for unit in COMMON_UNITS if unit.lower() == usual.lower()), usual)


@lru_cache(maxsize=512)
def is_ucum(unit: str) -> bool:
    """Tell whether the full UCUM grammar knows a unit."""
    try:
        parsed(unit)
    except InvalidQuantity:
        return False
    return True


class Conversion(NamedTuple):
    """A straight line from one unit to another: value × factor + offset."""

    factor: float
    offset: float


@lru_cache(maxsize=1024)
def conversion(unit: str, target: str, analyte: str | None = None) -> Conversion:
    """Find how values in one unit become values in another.

    Raises:
        InvalidQuantity: the units do not convert, or only through an analyte that was not named or is not known.
    """
    if unit == target:
        return Conversion(1.0, 0.0)
    if analyte is not None and analyte.lower() in ENZYMES:
        unit, target, analyte = unit.replace("[IU]", "U"), target.replace("[IU]", "U"), None
    if unannotated(unit) == unannotated(target):
        return Conversion(1.0, 0.0)
    substance = None if analyte is None else find_analyte(analyte)
    charges = equivalents(unit, target, substance)
    here, there = (parsed(code.replace("eq", "mol")) for code in (unit, target))
    if here.is_compatible_with(there):
        return line(here, there, charges)
    if substance is not None:
        gram_per_mole = parsed("g/mol")
        if (here * gram_per_mole).is_compatible_with(there):
            return line(here * gram_per_mole, there, charges * substance.molar_mass)
        if (here / gram_per_mole).is_compatible_with(there):
            return line(here / gram_per_mole, there, charges / substance.molar_mass)
    raise InvalidQuantity("unit", unit, f"does not convert to {target}.", unconvertible(analyte))


def unconvertible(analyte: str | None) -> str:
    """Say what to do where two units do not convert."""
    if analyte is None:
        return (
            "Give a unit of the same kind; from mass to amount of substance, name the analyte (for example bilirubin)."
        )
    return f"Give a unit of the same kind, or a mass or an amount of {analyte}."


def line(unit: Any, target: Any, size: float) -> Conversion:  # noqa: ANN401 - pint has no complete types
    """Measure the straight line between two compatible pint units; only temperatures have an offset."""
    quantity = registry().Quantity
    low, high = (quantity(point, unit).to(target).magnitude for point in (0.0, 100.0))
    return Conversion(trim((high - low) / 100) * size, trim(low) if abs(low) > NO_OFFSET else 0.0)


def equivalents(unit: str, target: str, substance: Analyte | None) -> float:
    """Give the moles per equivalent between two units; UCUM itself takes them as equal, which is wrong for Ca and Mg.

    Raises:
        InvalidQuantity: only one unit counts charges, and the analyte's valence is not known.
    """
    here, there = (re.search(r"\bm?u?eq\b", code) is not None for code in (unit, target))
    if here == there:
        return 1.0
    if substance is None or substance.valence is None:
        known = ", ".join(name for name, one in ANALYTES.items() if one.valence)
        raise InvalidQuantity(
            "unit", unit if here else target, "counts charges.", f"Name the analyte, one of: {known}."
        )
    return 1 / substance.valence if here else float(substance.valence)


def find_analyte(name: str) -> Analyte:
    """Look up what links mass and amount of a substance.

    Raises:
        InvalidQuantity: the analyte is not in the table.
    """
    found = ANALYTES.get(name.strip().lower().replace("_", " "))
    if found is None:
        near = difflib.get_close_matches(name.lower(), ANALYTES, n=3, cutoff=0.5) or list(ANALYTES)
        raise InvalidQuantity("analyte", name, "has no known molar mass.", f"Known: {', '.join(near)}.")
    return found


def unannotated(unit: str) -> str:
    """Drop what UCUM takes for a remark: a {score} is a plain number."""
    return re.sub(r"\{[^{}]*\}", "", unit) or "1"


@lru_cache(maxsize=512)
def parsed(unit: str) -> Any:  # noqa: ANN401 - pint has no complete types
    """Parse a UCUM code into a pint unit.

    Raises:
        InvalidQuantity: UCUM does not know it.
    """
    bare = unannotated(unit)
    try:
        return registry().from_ucum(bare if not bare.startswith("/") else "1" + bare).units
    except Exception as fault:
        raise InvalidQuantity("unit", unit, "is not a UCUM unit, or does not convert.") from fault


@lru_cache(maxsize=1)
def registry() -> Any:  # noqa: ANN401 - pint has no complete types
    """Load the units of UCUM: half a second, so only when two units differ."""
    return importlib.import_module("ucumvert").PintUcumRegistry()


def trim(value: float, digits: int = SIGNIFICANT_DIGITS) -> float:
    """Drop the digits that only binary arithmetic made."""
    return float(f"{value:.{digits}g}")


def decimals(value: float) -> int:
    """Count the decimals that a number was written with."""
    return max(0, -int(Decimal(repr(value)).as_tuple().exponent))


EVERY_DIGIT = Context(prec=800)
"""Holds any float to any number of decimals that another can be written with, so that nothing overflows."""


def round_half_up(value: float, places: int) -> float:
    """Round to so many decimals, halves away from zero, as laboratories do."""
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EVERY_DIGIT))


def shown_number(value: float) -> str:
    """Write a number as it was entered; a converted one with six digits."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) >= 10**SHOWN_DIGITS:
        return str(int(value))
    entered = repr(value)
    return entered if len(re.sub(r"\D", "", entered).lstrip("0")) <= SHOWN_DIGITS else f"{value:.{SHOWN_DIGITS}g}"


@lru_cache(maxsize=256)
def shown_unit(unit: str) -> str:
    """Write a unit for people: `10*6/kg` as `× 10⁶/kg`, `umol/L` as `µmol/L`."""
    text = "" if unit == "1" else unit
    text = re.sub(r"\bu(?=(mol|g|L|kat|m)\b)", "µ", text).replace("mm[Hg]", "mmHg").replace("[IU]", "IU")
    text = re.sub(r"\bCel\b", "°C", text).replace("[degF]", "°F").replace("[pH]", "pH")
    text = re.sub(r"\{([^{}]*)\}", lambda found: found[1].replace("_", " "), text)
    text = re.sub(r"\bm2\b", "m²", text)
    return re.sub(
        r"\b10\*(\d+)", lambda found: "× 10" + found[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), text
    )
