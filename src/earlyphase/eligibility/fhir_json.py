"""Reads JSON that may hold anything, as FHIR resources from elsewhere do: what is not of the wanted kind is absent."""

from collections.abc import Iterator
from typing import Any, cast

Json = dict[str, Any]


def object_of(given: object) -> Json:
    """Give an object; an empty one where it is none."""
    return cast("Json", given) if isinstance(given, dict) else {}


def objects_of(given: object) -> Iterator[Json]:
    """Go through the objects of a list; of what is no list there are none."""
    for one in cast("list[object]", given) if isinstance(given, list) else []:
        if isinstance(one, dict):
            yield cast("Json", one)


def text_of(given: object) -> str | None:
    """Give a text; None where it is none, or empty."""
    return given if isinstance(given, str) and given else None
