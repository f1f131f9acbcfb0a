"""NCI's own sheet of CTCAE, from the user's copy: descriptions, definitions and codes, kept outside the package."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from earlyphase.faults import InvalidInput
from earlyphase.toxicity.dictionary import Dictionary, Term, load_dictionary
from earlyphase.toxicity.spreadsheet import read_xlsx

GRADES = tuple(str(grade) for grade in range(1, 6))
HEADINGS = {
    "code": ("meddracode", "meddralltcode", "code"),
    "system_class": ("meddrasoc", "ctcaesoc", "soc", "systemorganclass"),
    "term": ("ctcaeterm", "term", "adverseevent"),
    "definition": ("definition",),
    "note": ("navigationalnote",),
    **{grade: (f"grade{grade}",) for grade in GRADES},
}
"""The columns and the headings under which NCI's sheets have them, without spaces and signs."""

ALIKE = 0.9
"""The share of known terms that a sheet of a known version must hold."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the sheet says of one term."""

    term: str
    system_class: str
    code: str
    grades: Mapping[str, str]
    """By existing grade."""
    definition: str
    note: str


@dataclass(frozen=True, slots=True)
class TermSheet:
    """A sheet as it was read."""

    version: str
    terms: Mapping[str, Description]
    """By term in lower case."""
    unknown: tuple[str, ...] = ()
    """Terms that the package's facts do not have."""
    absent: tuple[str, ...] = ()
    """Terms of the package's facts that the sheet does not have."""


def read_sheet(path: Path, version: str = "5.0") -> TermSheet:
    """Read NCI's sheet, as .xlsx or .csv.

    Raises:
        InvalidInput: no such file, no CTCAE sheet, or a sheet of another version.

    Source: NCI publishes the sheet with each version of CTCAE.
    """
    if not path.is_file():
        raise InvalidInput("FILE", str(path), "is not a file.", "Give NCI's sheet of CTCAE, as .xlsx or .csv.")
    found = {one.term.lower(): one for one in _descriptions(_rows(path), path)}
    if not found:
        raise InvalidInput(path.name, None, "has no terms.", "Give NCI's sheet of CTCAE.")
    return _held_against_facts(found, version, path)


def _held_against_facts(found: Mapping[str, Description], version: str, path: Path) -> TermSheet:
    try:
        facts = load_dictionary("CTCAE", version).terms
    except InvalidInput:
        return TermSheet(version, found)
    shared = len(facts.keys() & found.keys())
    if shared < ALIKE * len(facts):
        rule = f"holds {shared} of the {len(facts)} terms of CTCAE v{version}."
        raise InvalidInput(path.name, None, rule, "If it is another version, say so with --version.")
    unknown = tuple(one.term for name, one in found.items() if name not in facts)
    return TermSheet(version, found, unknown, tuple(one.name for name, one in facts.items() if name not in found))


def _rows(path: Path) -> Iterable[Sequence[str]]:
    if path.suffix.lower() == ".xlsx":
        return read_xlsx(path)
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return csv.reader(text.splitlines(keepends=True))


def _descriptions(rows: Iterable[Sequence[str]], path: Path) -> Iterator[Description]:
    places: dict[str, int] | None = None
    for row in rows:
        if places is None:
            places = _places(row)
            continue
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        if cells["term"]:
            grades = {grade: cells[grade] for grade in GRADES if cells[grade].strip(" -–")}
            rest = (cells.get(name, "") for name in ("definition", "note"))
            yield Description(cells["term"], cells.get("system_class", ""), cells.get("code", ""), grades, *rest)
    if places is None:
        remedy = "Its heading names at least: CTCAE Term, Grade 1 to Grade 5."
        raise InvalidInput(path.name, None, "is not NCI's sheet of CTCAE.", remedy)


def _places(row: Sequence[str]) -> dict[str, int] | None:
    """Find the columns in a heading; None where this row is none."""
    plain = [re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in row]
    places = {name: plain.index(one) for name, ways in HEADINGS.items() for one in ways if one in plain}
    return places if {"term", *GRADES} <= places.keys() else None


def keep_sheet(sheet: TermSheet, folder: Path) -> Path:
    """Keep a sheet in the user's folder.

    Returns: the file.

    Source: the sheet itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"ctcae-{sheet.version}.json"
    content = {"version": sheet.version, "terms": [asdict(one) for one in sheet.terms.values()]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def kept_sheet(folder: Path, version: str) -> TermSheet | None:
    """Read the sheet that was kept; None where none was loaded.

    Raises:
        InvalidInput: the kept file is damaged.

    Source: the user's copy of NCI's sheet.
    """
    path = folder / f"ctcae-{version}.json"
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        terms = {row["term"].lower(): Description(**row) for row in content["terms"]}
    except (ValueError, KeyError, TypeError):
        remedy = "Load it again with `earlyphase dictionary load ctcae FILE`."
        raise InvalidInput(str(path), None, "is damaged.", remedy) from None
    return TermSheet(version, terms)


def facts_of(sheet: TermSheet) -> Dictionary:
    """Draw the facts out of a sheet: terms, classes and existing grades, for a version that the package does not carry.

    Source: the user's copy of NCI's sheet.
    """
    terms = {
        name: Term(one.term, one.system_class, tuple(int(grade) for grade in GRADES if grade in one.grades))
        for name, one in sheet.terms.items()
    }
    return Dictionary("CTCAE", sheet.version, terms)
