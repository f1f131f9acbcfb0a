"""Completes what a user said of a design: options by name, the doses of a truth, how far a table reaches."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from earlyphase.escalation.behaving import core, max_participants
from earlyphase.escalation.catalogue import build, find
from earlyphase.escalation.count_design import CountDesign
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput


def options_of(said: dict[str, Any]) -> Options:
    """Make options of what was said by name: a number or a list stands for a tuple where one is wanted.

    Raises:
        InvalidInput: there is no option of this name.

    Source: `Options`.
    """
    known = {entry.name: str(entry.type) for entry in fields(Options)}
    for name in said.keys() - known.keys():
        raise InvalidInput(name, said[name], "is not an option of a design.", f"There are: {', '.join(known)}.")
    return Options(**{name: _fitted(value, known[name]) for name, value in said.items()})


def _fitted(value: Any, kind: str) -> Any:  # noqa: ANN401 - as the option's
    """Give a tuple where one is wanted."""
    if value is None or not kind.startswith("tuple"):
        return value
    return tuple(value) if isinstance(value, list | tuple) else (value,)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - as the option's


def completed(design: str, options: Options, truths: Sequence[Sequence[float]]) -> Options:
    """Take the number of doses from the truth where it was not given, and insist on a maximum.

    Raises:
        InvalidInput: the design has no end of its own, and none was given.

    Source: the catalogue.
    """
    takes = find(design).options
    if "max_n" in takes and max_participants(options) is None:
        remedy = "Give --cohorts, or --max-n: the design has no end of its own."
        raise InvalidInput("--cohorts", None, "is missing.", remedy)
    if "doses" in takes and options.doses is None and truths:
        return replace(options, doses=len(truths[0]))
    return options


def count_design_of(design: str, options: Options, n_max: int) -> CountDesign:
    """Give a design that decides by the counts at one dose alone, with its table up to a number treated there.

    Raises:
        InvalidInput: an option is missing or wrong, or the design is not of this kind.

    Source: the catalogue.
    """
    if n_max < 1:
        raise InvalidInput("--n-max", n_max, "is not a number of participants.", "Give 1 or more.")
    if "doses" in find(design).options and options.doses is None:
        options = replace(options, doses=len(options.skeleton or options.amounts or (1,)))
    if "max_n" in find(design).options and design != "table":
        options = replace(options, max_n=n_max)
    made = core(build(design, options))
    if not isinstance(made, CountDesign):
        raise InvalidInput("design", design, "does not decide by the counts at one dose alone: it has no such table.")
    return made
