"""The statistics section of a protocol, as text: the design in words, what it was held against, and its references."""

import tomllib
from dataclasses import fields
from functools import cache
from importlib.resources import files

from earlyphase.escalation.catalogue import Kind, find
from earlyphase.escalation.characteristics import Characteristics
from earlyphase.escalation.options import Options, given
from earlyphase.escalation.scenarios import true_mtd


@cache
def references() -> dict[str, tuple[str, ...]]:
    """Give the publications that a protocol cites for each design.

    Source: the table `references.toml`.
    """
    text = files("earlyphase.escalation").joinpath("references.toml").read_text("utf-8")
    return {name: tuple(cited) for name, cited in tomllib.loads(text).items()}


def statistics_section(
    name: str, options: Options, target: float, results: tuple[Characteristics, ...]
) -> tuple[str, ...]:
    """Write the statistics section of a protocol that uses a design.

    Args:
        name: the design.
        options: its options.
        target: the target DLT probability that the curves are judged by.
        results: its operating characteristics.

    Returns:
        Paragraphs; the references come last, one each.

    Source: `references`.
    """
    entry = find(name)
    how = "computed exactly, following every possible course of the study"
    if entry.kind is Kind.TIME:
        how = "estimated by simulation in calendar time, with Monte Carlo standard errors"
    what = entry.help if name in CAPITALS else entry.help[0].lower() + entry.help[1:]
    design = f"Dose escalation follows this design: {what} ({entry.source}). {_said(options)}"
    characteristics = f"The operating characteristics were {how}. {_accuracy(results, target)}"
    return (design, characteristics, *references()[name])


CAPITALS = frozenset({"mtpi", "mtpi2", "boin", "crm", "blrm", "tite-boin", "tite-crm", "bf-boin", "boin12"})
"""The designs whose descriptions begin with a name."""


def _said(options: Options) -> str:
    """Name every option that was chosen."""
    chosen = [entry.name for entry in fields(options) if entry.name in given(options)]
    words = [f"{name.replace('_', ' ')} {_value(getattr(options, name))}".strip() for name in chosen]
    return f"Its settings: {'; '.join(words)}." if words else "It has no settings."


def _value(value: object) -> str:
    """Write one option's value."""
    match value:
        case True:
            return ""
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(map(_value, value))  # pyright: ignore[reportUnknownArgumentType] - numbers
        case _:
            return str(value)


def _accuracy(results: tuple[Characteristics, ...], target: float) -> str:
    """Say how often the MTD is found under each curve."""
    if not results:
        return ""
    said: list[str] = []
    for result in results:
        mtd = true_mtd(result.truth, target)
        curve = ", ".join(f"{p:.2f}" for p in result.truth)
        what = f"dose {mtd} is chosen" if mtd else "no dose is chosen, rightly,"
        chance = result.select[mtd - 1] if mtd else result.no_mtd
        said.append(
            f"with DLT probabilities {curve}, {what} with a chance of {chance:.1%} after {result.total_patients:.1f} "
            "participants on average"
        )
    sentence = "; ".join(said) + "."
    return f"At a target of {target:g}: {sentence}"
