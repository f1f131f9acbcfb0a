"""Gives the design commands their shared options, each declared once in `earlyphase.escalation.options`."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Annotated, Any

import typer

from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput

NUMBERS = {"tuple[int, ...] | None": int, "tuple[float, ...] | None": float}
TYPES = {"int | None": int | None, "float | None": float | None, "str | None": str | None, "bool": bool}


def with_design_options(command: Callable[..., None]) -> Callable[..., None]:
    """Replace a command's parameter `options` by one option for each field of `Options`."""

    @functools.wraps(command)
    def wrapped(**said: Any) -> None:  # noqa: ANN401 - each value has its option's type
        chosen = {entry.name: _value(entry, said.pop(entry.name)) for entry in fields(Options)}
        command(**said, options=Options(**chosen))

    own = [each for name, each in inspect.signature(command).parameters.items() if name != "options"]
    shared = [_parameter(entry) for entry in fields(Options)]
    every = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (*own, *shared)]
    wrapped.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {each.name: each.annotation for each in every}
    return wrapped


def _parameter(entry: Field[Any]) -> inspect.Parameter:
    """Declare one option as typer reads it."""
    kind = TYPES.get(_type(entry), str | None)
    option = typer.Option(f"--{entry.name.replace('_', '-')}", help=entry.metadata["help"], show_default=False)
    return inspect.Parameter(
        entry.name, inspect.Parameter.KEYWORD_ONLY, default=entry.default, annotation=Annotated[kind, option]
    )


def _type(entry: Field[Any]) -> str:
    """Give a field's type as it is written."""
    return str(entry.type) if not isinstance(entry.type, type) else entry.type.__name__


def _value(entry: Field[Any], said: Any) -> Any:  # noqa: ANN401 - as above
    """Read a list of numbers; leave the rest as it is."""
    number = NUMBERS.get(_type(entry))
    if number is None or said is None:
        return said
    return numbers(said, f"--{entry.name.replace('_', '-')}", number)


def numbers(text: str, place: str, number: type[int] | type[float] = float) -> tuple[Any, ...]:
    """Read numbers with commas between them."""
    read: list[Any] = []
    for at, part in enumerate(text.split(","), start=1):
        try:
            read.append(number(part))
        except ValueError:
            rule = f"is not a {'whole ' if number is int else ''}number (number {at} of {text!r})."
            raise InvalidInput(place, part, rule, "Write numbers with commas between them.") from None
    return tuple(read)
