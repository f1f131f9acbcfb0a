"""MedDRA from the user's licensed files: lowest level and preferred terms with their primary class. None is shipped."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from earlyphase.faults import InvalidInput

LLT_FILE = "llt.asc"
HIERARCHY_FILE = "mdhier.asc"


@dataclass(frozen=True, slots=True)
class PreferredTerm:
    """One preferred term with its place in the primary hierarchy."""

    code: str
    name: str
    system_class: str


@dataclass(frozen=True, slots=True)
class Meddra:
    """A version of MedDRA as it was read."""

    version: str
    preferred: Mapping[str, PreferredTerm]
    """By code."""
    lowest: Mapping[str, str]
    """The code of the preferred term of each lowest level term, by its name in lower case."""

    def find(self, name: str) -> PreferredTerm | None:
        """Find the preferred term of a lowest level term, or of its own name."""
        code = self.lowest.get(name.strip().lower())
        return None if code is None else self.preferred[code]


def read_meddra(path: Path, version: str) -> Meddra:
    """Read MedDRA from its folder of .asc files, or from a CSV with llt_name, pt_code, pt_name and soc_name.

    Raises:
        InvalidInput: the files are not there, or not what MSSO distributes.

    Source: MedDRA Distribution File Format Document: `$` separates fields; in mdhier the primary path is marked Y.
    """
    if path.is_dir():
        preferred = {term.code: term for term in _hierarchy(path / HIERARCHY_FILE)}
        lowest = {name.lower(): code for name, code in _lowest(path / LLT_FILE) if code in preferred}
    elif path.is_file():
        rows = list(_flat(path))
        preferred = {term.code: term for _, term in rows}
        lowest = {name.lower(): term.code for name, term in rows}
    else:
        raise InvalidInput("FILE", str(path), "is not there.", "Give MedDRA's folder of .asc files, or a CSV.")
    if not preferred:
        raise InvalidInput(str(path), None, "holds no terms.", "Give MedDRA's folder of .asc files, or a CSV.")
    return Meddra(version, preferred, lowest | {term.name.lower(): term.code for term in preferred.values()})


def _hierarchy(path: Path) -> Iterator[PreferredTerm]:
    for row in _asc(path, 12):
        if row[11] == "Y":
            yield PreferredTerm(code=row[0], name=row[4], system_class=row[7])


def _lowest(path: Path) -> Iterator[tuple[str, str]]:
    for row in _asc(path, 3):
        yield row[1], row[2]


def _asc(path: Path, fields: int) -> Iterator[list[str]]:
    if not path.is_file():
        raise InvalidInput(
            "FILE", str(path), "is not there.", f"MedDRA has {LLT_FILE} and {HIERARCHY_FILE} in one folder."
        )
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        row = line.split("$")
        if len(row) < fields:
            raise InvalidInput(
                f"{path.name}, line {number}", line[:40], f"has {len(row)} fields of {fields}.", "Is it MedDRA's?"
            )
        yield row


def _flat(path: Path) -> Iterator[tuple[str, PreferredTerm]]:
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True))
    except UnicodeDecodeError as fault:
        rule = f"is not text in UTF-8 (byte {fault.start})."
        raise InvalidInput(path.name, None, rule, "Save it as CSV UTF-8.") from None
    wanted = {"llt_name", "pt_code", "pt_name", "soc_name"}
    if absent := wanted - set(reader.fieldnames or ()):
        raise InvalidInput(f"{path.name}, line 1", None, f"lacks {', '.join(sorted(absent))}.", "Name the columns so.")
    for row in reader:
        if any(row[name] is None for name in wanted):
            place = f"{path.name}, line {reader.line_num}"
            raise InvalidInput(place, None, f"has fewer cells than the {len(wanted)} that are needed.", "Fill it in.")
        yield row["llt_name"], PreferredTerm(row["pt_code"], row["pt_name"], row["soc_name"])


def keep_meddra(book: Meddra, folder: Path) -> Path:
    """Keep MedDRA in the user's folder.

    Returns: the file.

    Source: the user's licensed copy.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"meddra-{book.version}.json"
    content = {"preferred": [asdict(term) for term in book.preferred.values()], "lowest": dict(book.lowest)}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def kept_meddra(folder: Path, version: str) -> Meddra | None:
    """Read the MedDRA that was kept; None where none was loaded.

    Raises:
        InvalidInput: the kept file is damaged.

    Source: the user's licensed copy.
    """
    path = folder / f"meddra-{version}.json"
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        preferred = {row["code"]: PreferredTerm(**row) for row in content["preferred"]}
        return Meddra(version, preferred, content["lowest"])
    except (ValueError, KeyError, TypeError):
        remedy = "Load it again with `earlyphase dictionary load meddra FILE`."
        raise InvalidInput(str(path), None, "is damaged.", remedy) from None
