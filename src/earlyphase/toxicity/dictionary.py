"""Dictionaries of adverse-event terms: which terms there are, in which class, and which grades each of them has."""

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from earlyphase.faults import InvalidInput

WORST = 5
"""The worst grade of any term: death."""


@dataclass(frozen=True, slots=True)
class Term:
    """One adverse-event term."""

    name: str
    system_class: str
    """The system organ class."""
    grades: tuple[int, ...]
    """The grades that exist for it; a term may begin at 3, or leave one out."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """One version of a dictionary."""

    name: str
    version: str
    terms: Mapping[str, Term]
    """By name in lower case."""

    @property
    def label(self) -> str:
        """Name and version, as entries write them: `CTCAE v5.0`."""
        return f"{self.name} v{self.version}"

    @property
    def system_classes(self) -> tuple[str, ...]:
        """The system organ classes, in the order of the dictionary."""
        return tuple(dict.fromkeys(term.system_class for term in self.terms.values()))


@lru_cache(maxsize=8)
def load_dictionary(name: str = "CTCAE", version: str = "5.0") -> Dictionary:
    """Read a dictionary that the package carries.

    Returns:
        Its terms with their classes and grades; no descriptions and no MedDRA codes, which come from the user's copy.

    Raises:
        InvalidInput: the package does not carry it.

    Source: the table's own header; for CTCAE v5.0, NCI, 27 November 2017.
    """
    table = data_folder(name, version) / "terms.csv"
    with table.open(encoding="utf-8") as lines:
        rows = [
            Term(row["term"], row["system_class"], tuple(int(grade) for grade in row["grades"]))
            for row in csv.DictReader(lines)
        ]
    return Dictionary(name, version, {term.name.lower(): term for term in rows})


def data_folder(name: str, version: str) -> Traversable:
    """Find the data of a dictionary in the package.

    Raises:
        InvalidInput: the package does not carry it.

    Source: the package's own folder of data.
    """
    data = resources.files("earlyphase.toxicity") / "data"
    folder = data / f"{name.lower()}-{version}"
    if not folder.is_dir():
        known = ", ".join(sorted(entry.name for entry in data.iterdir() if (entry / "terms.csv").is_file()))
        raise InvalidInput("dictionary", f"{name} {version}", "is not carried by this version.", f"Known: {known}.")
    return folder


@lru_cache(maxsize=1)
def carried() -> Mapping[str, tuple[str, str]]:
    """Give the dictionaries that the package carries: name and version by label, `CTCAE v5.0`.

    Source: the package's own folder of data.
    """
    data = resources.files("earlyphase.toxicity") / "data"
    names = sorted(entry.name for entry in data.iterdir() if (entry / "terms.csv").is_file())
    parts = [name.rpartition("-") for name in names]
    return {f"{name.upper()} v{version}": (name.upper(), version) for name, _, version in parts}


def find_term(name: str, dictionary: Dictionary | None = None) -> Term:
    """Look a term up by its name, in any case.

    Raises:
        InvalidInput: there is no such term; the nearest are named.

    Source: CTCAE v5.0, or the dictionary that is given.
    """
    book = dictionary or load_dictionary()
    found = book.terms.get(name.strip().lower())
    if found is None:
        near = difflib.get_close_matches(name.strip().lower(), book.terms, n=3, cutoff=0.5)
        remedy = f"Did you mean {' or '.join(repr(book.terms[one].name) for one in near)}?" if near else ""
        raise InvalidInput("term", name, f"is not a term of {book.label}.", remedy)
    return found


def search_terms(words: str, dictionary: Dictionary | None = None) -> tuple[Term, ...]:
    """Find the terms that hold all of some words, or parts of words; where none does, those spelled most alike.

    Source: CTCAE v5.0, or the dictionary that is given.
    """
    book = dictionary or load_dictionary()
    parts = words.lower().split()
    found = tuple(term for name, term in book.terms.items() if all(part in name for part in parts))
    if found or not parts:
        return found
    near = difflib.get_close_matches(words.lower(), book.terms, n=5, cutoff=0.5)
    return tuple(book.terms[name] for name in near)


def require_grade(term: Term, grade: int, place: str = "grade") -> None:
    """Refuse a grade that a term does not have.

    Raises:
        InvalidInput: the term has no such grade.

    Source: CTCAE v5.0, or the dictionary of the term.
    """
    if grade not in term.grades:
        has = ", ".join(str(one) for one in term.grades)
        raise InvalidInput(place, grade, f"does not exist for {term.name!r}.", f"Its grades are {has}.")
