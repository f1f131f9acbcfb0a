"""`earlyphase study record`: commands as lines of JSON, each answered by its entry or by the reasons against it."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from earlyphase.cli.exits import REFUSED
from earlyphase.cli.study_source import now, open_study
from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry
from earlyphase.study.commands import command_schemas, read_command
from earlyphase.study.desk import Author, Desk
from earlyphase.study.refusal import Refused

ALL = "all"


def command(
    study: Annotated[str | None, typer.Argument(help="A study that comes with the package, or its folder.")] = None,
    journal: Annotated[Path | None, typer.Option(help="The journal file; the first entry makes it.")] = None,
    by: Annotated[str | None, typer.Option(help="Who acts: the name that the entries carry.")] = None,
    role: Annotated[str | None, typer.Option(help="In which role: investigator, coordinator, committee …")] = None,
    schema: Annotated[
        str | None, typer.Option(help="Print the JSON Schema of a command instead, or of 'all' of them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer each line with a line of JSON.")] = False,
) -> None:
    """Record what happened: each line of the input is a command, and is answered by its entry or by its refusal.

    A refused command changes nothing, and the next line is tried; the exit code is then 3. An invalid line ends the
    run with exit code 2: the lines before it stay recorded, those after it are not tried. Empty lines and lines that
    begin with # are passed over. In a simulation or a training journal a command may carry `recorded_at`.

    Example: earlyphase study record STUDY --journal site.jsonl --by "Li Wei" --role coordinator < commands.jsonl
    """
    if schema is not None:
        _print_schema(schema)
        return
    if study is None or journal is None or by is None or role is None:
        raise typer.BadParameter("give a study, --journal, --by and --role (or --schema)")
    found = open_study(study, journal, must_exist=False)
    desk, author = Desk(found.journal, found.protocols), Author(by, role)
    refused = False
    for number, line in _lines():
        answer = _answered(desk, author, line, f"line {number}")
        refused = refused or isinstance(answer, Refused)
        print(_as_json(number, answer) if as_json else _in_words(number, answer), flush=True)
    if refused:
        raise SystemExit(REFUSED)


def _lines() -> Iterator[tuple[int, str]]:
    for number, line in enumerate(sys.stdin, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _answered(desk: Desk, author: Author, line: str, place: str) -> Entry | Refused:
    """Carry out one line.

    Raises:
        InvalidInput: it is no command; the sentence says what became of the other lines.
    """
    try:
        return desk.do(read_command(line, place), author, now())
    except InvalidInput as fault:
        at = fault.place if fault.place.startswith(place) else f"{place}, {fault.place}"
        remedy = f"{fault.remedy} The lines before it stay recorded; those after it were not tried.".strip()
        raise type(fault)(at, fault.value, fault.rule, remedy) from None


def _in_words(number: int, answer: Entry | Refused) -> str:
    match answer:
        case Entry():
            who = f" {answer.participant}" if answer.participant else ""
            return f"line {number}: entry {answer.seq} {answer.kind} {answer.record}{who}  {answer.hash[:12]}"
        case Refused():
            return "\n".join(f"line {number}: refused ({reason.rule}): {reason}" for reason in answer.reasons)


def _as_json(number: int, answer: Entry | Refused) -> str:
    import orjson  # noqa: PLC0415 - kept out of the start-up

    told: dict[str, Any] = {"line": number}
    match answer:
        case Entry():
            told |= {"entry": asdict(answer)}
        case Refused():
            told |= {"refused": [asdict(reason) for reason in answer.reasons]}
    return orjson.dumps(told).decode()


def _print_schema(name: str) -> None:
    import difflib  # noqa: PLC0415 - kept out of the start-up

    import orjson  # noqa: PLC0415 - as above

    schemas = command_schemas()
    if name != ALL and name not in schemas:
        near = difflib.get_close_matches(name, schemas, n=1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"Commands are {', '.join(schemas)}."
        raise InvalidInput("--schema", name, "is not a command.", remedy)
    print(orjson.dumps(schemas if name == ALL else schemas[name], option=orjson.OPT_INDENT_2).decode())
