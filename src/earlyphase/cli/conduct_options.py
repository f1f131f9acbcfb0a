"""Gives a command the options of a study's conduct, each declared once in `earlyphase.escalation.conduct`."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Annotated, Any

import typer

from earlyphase.escalation.conduct import Conduct


def with_conduct_options(command: Callable[..., None]) -> Callable[..., None]:
    """Replace a command's parameter `conduct` by one option for each field; it is None where none was given."""

    @functools.wraps(command)
    def wrapped(**said: Any) -> None:  # noqa: ANN401 - each value has its option's type
        chosen = {entry.name: said.pop(entry.name) for entry in fields(Conduct)}
        given = {name: value for name, value in chosen.items() if value is not None}
        command(**said, conduct=Conduct(**given) if given else None)

    own = [each for name, each in inspect.signature(command).parameters.items() if name != "conduct"]
    every = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own] + [
        _parameter(e) for e in fields(Conduct)
    ]
    wrapped.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {each.name: each.annotation for each in every}
    return wrapped


def _parameter(entry: Field[Any]) -> inspect.Parameter:
    """Declare one option as typer reads it."""
    text = isinstance(entry.default, str)
    shown = f"{entry.metadata['help']} Where not given: {entry.default if text else f'{entry.default:g}'}."
    name = f"--{entry.name.replace('_', '-')}"
    option = typer.Option(name, help=shown, show_default=False, rich_help_panel="Conduct in calendar time")
    kind = str | None if text else float | None
    return inspect.Parameter(
        entry.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
    )
