"""`earlyphase record search`: find records in the database."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earlyphase.cli.database import DatabaseOption, DataOption, open_database
from earlyphase.registry.vocabulary import in_words
from earlyphase.store.records import record_count
from earlyphase.store.search import Answer, Question, Sort, search, searching
from earlyphase.store.search_filters import read_near
from earlyphase.store.search_rows import Hit

if TYPE_CHECKING:
    from rich.console import Console

_MOST_CONDITIONS = 5
_MOST_COUNTED = 6
"""Values of a facet that are printed; `--json` has all."""


def command(
    text: Annotated[str, typer.Argument(help='Words, "phrases", beginnings*, -words that must not be there.')] = "",
    phase: Annotated[list[str] | None, typer.Option(help="A phase, as EARLY_PHASE1; may be repeated.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="A status, as RECRUITING; may be repeated.")] = None,
    study_type: Annotated[list[str] | None, typer.Option("--type", help="As INTERVENTIONAL; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="A country with a site; may be repeated.")] = None,
    near: Annotated[str | None, typer.Option(help="Latitude, longitude and distance: 30.3,120.2,50km.")] = None,
    sort: Annotated[Sort, typer.Option(help="What comes first.")] = Sort.RELEVANCE,
    size: Annotated[int, typer.Option(help="Records on a page.")] = 20,
    page: Annotated[str | None, typer.Option(help="The page that the answer before named as next.")] = None,
    database: DatabaseOption = None,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Search the imported records by words, status, phase, type, country and place.

    Names that mean the same are found by each other (T-ALL, T-cell acute lymphoblastic leukaemia); a word that no
    record has is taken for what it was probably meant to be, and the answer says so.

    Example: earlyphase record search "CAR-T T-ALL" --phase EARLY_PHASE1 --near 30.3,120.2,50km
    """
    question = Question(
        text=text,
        phases=tuple(phase or ()),
        statuses=tuple(status or ()),
        types=tuple(study_type or ()),
        countries=tuple(country or ()),
        near=read_near(near) if near else None,
        sort=sort,
        size=size,
        page=page,
    )
    with open_database(database, data) as address, searching(address) as connection:
        answer = search(connection, question)
        empty = answer.total == 0 and record_count(connection) == 0
    if as_json:
        _print_json(answer)
    elif empty:
        print("There are no records yet. Import some: earlyphase record import FILE")
    else:
        _show(answer)


def _print_json(answer: Answer) -> None:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    told: dict[str, Any] = asdict(answer)
    for hit in told["hits"]:
        del hit["tier"], hit["key"]
    print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


def _show(answer: Answer) -> None:
    from rich.console import Console  # noqa: PLC0415 - kept out of the start-up

    console = Console(highlight=False)
    for note in answer.notes:
        console.print(note, style="yellow", markup=False)
    for typed, name in answer.meanings.items():
        if typed.lower() != name.lower():
            console.print(f"“{typed}” is searched as {name}, under all its names.", style="dim", markup=False)
    for hit in answer.hits:
        _show_hit(console, hit)
    _show_counts(console, answer)


def _show_hit(console: "Console", hit: Hit) -> None:
    from rich.padding import Padding  # noqa: PLC0415 - kept out of the start-up
    from rich.text import Text  # noqa: PLC0415 - as above

    phases = "/".join(in_words("Phase", phase) for phase in hit.phases)
    facts = (in_words("Status", hit.status), phases, f"updated {hit.updated}" if hit.updated else "")
    console.print(Text(hit.nct_id, style="bold").append(f"  {' · '.join(filter(None, facts))}", style="not bold"))
    console.print(Padding(Text(hit.title), (0, 0, 0, 2)))
    console.print(Padding(Text("; ".join(hit.conditions[:_MOST_CONDITIONS]), style="dim"), (0, 0, 0, 2)))
    if hit.kilometres is not None:
        console.print(Padding(Text(f"{hit.kilometres:g} km: {hit.nearest_site}", style="dim"), (0, 0, 0, 2)))


def _show_counts(console: "Console", answer: Answer) -> None:
    facets = answer.facets
    if facets:
        counted = {
            "status": {in_words("Status", code): number for code, number in facets.statuses.items()},
            "phase": {in_words("Phase", code): number for code, number in facets.phases.items()},
            "type": {in_words("StudyType", code): number for code, number in facets.types.items()},
            "country": facets.countries,
        }
        console.print()
        for name, values in counted.items():
            shown = ", ".join(f"{value} {number:,}" for value, number in [*values.items()][:_MOST_COUNTED])
            more = f", and {len(values) - _MOST_COUNTED} more" if len(values) > _MOST_COUNTED else ""
            console.print(f"{name:8} {shown or 'none'}{more}", style="dim", markup=False)
    console.print(f"\n{answer.total:,} {'record' if answer.total == 1 else 'records'}.", markup=False)
    if answer.next_page:
        console.print(f"Next page: add --page {answer.next_page}", markup=False, soft_wrap=True)
