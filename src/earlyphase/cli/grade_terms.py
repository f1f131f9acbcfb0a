"""`earlyphase grade terms`: which adverse-event terms there are, and which grades they have."""

from typing import Annotated

import typer

from earlyphase.cli.user_data import user_folder
from earlyphase.toxicity.criteria import load_criteria
from earlyphase.toxicity.descriptions import TermSheet, kept_sheet
from earlyphase.toxicity.dictionary import Term, search_terms


def command(
    words: Annotated[str, typer.Argument(help="Words, or parts of words; every term when empty.")] = "",
    computable: Annotated[bool, typer.Option(help="Only terms that are graded from a value.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Search the terms of CTCAE v5.0: class, existing grades, and from what a term can be graded.

    Once you have loaded NCI's sheet (`earlyphase dictionary load ctcae FILE`), its descriptions are shown too.

    Example: earlyphase grade terms hypokal
    """
    measured = {
        row.term: tuple(one.measured for one in load_criteria() if one.term == row.term) for row in load_criteria()
    }
    found = [term for term in search_terms(words) if not computable or term.name in measured]
    sheet = kept_sheet(user_folder(), "5.0")
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps([_fields(term, measured, sheet) for term in found]).decode())
        return
    if not found:
        print(f"No term is like {words!r}.")
    for term in found:
        _show(term, measured.get(term.name, ()), sheet)


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
