"""`earlyphase grade terms`: which adverse-event terms there are, and which grades they have."""

from typing import Annotated

import typer

from earlyphase.cli.user_data import user_folder
from earlyphase.faults import InvalidInput
from earlyphase.toxicity.criteria import load_criteria
from earlyphase.toxicity.descriptions import TermSheet, facts_of, kept_sheet
from earlyphase.toxicity.dictionary import Term, load_dictionary, search_terms

CARRIED = "5.0"
"""The version whose facts and criteria the package carries."""


def command(
    words: Annotated[str, typer.Argument(help="Words, or parts of words; every term when empty.")] = "",
    version: Annotated[str, typer.Option(help="Of CTCAE; others than 5.0 once you have loaded them.")] = CARRIED,
    computable: Annotated[bool, typer.Option(help="Only terms that are graded from a value.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Search the terms of CTCAE: class, existing grades, and from what a term can be graded.

    Once you have loaded NCI's sheet (`earlyphase dictionary load ctcae FILE`), its descriptions are shown too.

    Example: earlyphase grade terms hypokal
    """
    sheet = kept_sheet(user_folder(), version)
    if version != CARRIED and sheet is None:
        remedy = f"Load your copy: earlyphase dictionary load ctcae FILE --version {version}"
        raise InvalidInput("--version", version, "is not carried by the package.", remedy)
    book = load_dictionary() if version == CARRIED or sheet is None else facts_of(sheet)
    measured = _measured() if version == CARRIED else {}
    found = [term for term in search_terms(words, book) if not computable or term.name in measured]
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps([_fields(term, measured, sheet) for term in found]).decode())
        return
    if not found:
        print(f"No term is like {words!r}.")
    for term in found:
        _show(term, measured.get(term.name, ()), sheet)


def _measured() -> dict[str, tuple[str, ...]]:
    """Name what each term can be graded from."""
    found: dict[str, tuple[str, ...]] = {}
    for row in load_criteria():
        found[row.term] = (*found.get(row.term, ()), row.measured)
    return found


def _fields(term: Term, measured: dict[str, tuple[str, ...]], sheet: TermSheet | None) -> dict[str, object]:
    described = sheet.terms.get(term.name.lower()) if sheet else None
    return {
        "term": term.name,
        "system_class": term.system_class,
        "grades": term.grades,
        "graded_from": measured.get(term.name, ()),
        "descriptions": described.grades if described else None,
        "definition": described.definition if described else None,
        "code": described.code if described else None,
    }


def _show(term: Term, measured: tuple[str, ...], sheet: TermSheet | None) -> None:
    grades = ", ".join(map(str, term.grades))
    graded = f"; graded from {', '.join(measured)}" if measured else ""
    print(f"{term.name} ({term.system_class}): grades {grades}{graded}")
    described = sheet.terms.get(term.name.lower()) if sheet else None
    if described:
        print("\n".join(f"  {grade}  {text}" for grade, text in described.grades.items()))
