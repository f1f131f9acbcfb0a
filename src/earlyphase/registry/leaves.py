"""The values of a record one by one: each with its path, and with the words in which it is shown."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from earlyphase.registry.markup import Block, parse_markup, texts
from earlyphase.registry.part import Coded, Escaped, Part
from earlyphase.registry.vocabulary import VOCABULARIES, in_words

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a record."""

    path: str
    """Below `protocolSection`, as `designModule.phases[0]`."""
    written: str | int | float | bool | None
    text: str
    """In words, unescaped, and free of control characters."""
    blocks: tuple[Block, ...] = ()
    """The paragraphs and lists of escaped markdown; empty for any other value."""
    known: bool = True
    """Whether the field and its code stand in the registry's description."""


class Leaves:
    """All values of a part; what has been taken is not given again as the rest."""

    def __init__(self, part: Part) -> None:
        """Collect the values of a part of a record."""
        self._all = list(_of_part(part, ""))
        self._below: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self._all:
            for prefix in _prefixes(leaf.path):
                self._below[prefix].append(leaf)
        self._taken: set[str] = set()

    def take(self, path: str) -> tuple[Leaf, ...]:
        """Give the values at and below a path, in the order of the record."""
        found = tuple(leaf for leaf in self.look(path) if leaf.path not in self._taken)
        self._taken.update(leaf.path for leaf in found)
        return found

    def look(self, path: str) -> tuple[Leaf, ...]:
        """Give the values at and below a path without taking them."""
        return tuple(self._below.get(path, ()))

    def rows(self, path: str) -> list[str]:
        """Give the paths of the elements of a list."""
        start = len(path)
        heads = (f"{path}{leaf.path[start : leaf.path.index(']', start) + 1]}" for leaf in self.look(path))
        return list(dict.fromkeys(heads))

    def rest(self) -> tuple[Leaf, ...]:
        """Give what has not been taken."""
        return tuple(leaf for leaf in self._all if leaf.path not in self._taken)


def printable(text: str) -> str:
    """Make control characters visible, so that no terminal or page acts on them."""
    return _UNPRINTABLE.sub(lambda found: chr(0x2400 + ord(found[0])) if ord(found[0]) < 0x20 else "�", text)  # noqa: PLR2004 - the control pictures


def _name(written: str) -> str:
    """Keep a name that nobody foresaw from being read as a path."""
    return printable(re.sub(r"[.\[\]]", "·", written))


def _prefixes(path: str) -> Iterator[str]:
    for found in re.finditer(r"[.\[]", path):
        yield path[: found.start()]
        if found[0] == "[":
            yield path[: path.index("]", found.start()) + 1]
    if not path.endswith("]"):
        yield path


def _of_part(part: Part, path: str) -> Iterator[Leaf]:
    for name, attribute, value in part.entries():
        here = f"{path}.{_name(name)}" if path else _name(name)
        if attribute is None:
            yield from _of_json(value, here)
        else:
            yield from _of_field(value, here, type(part).model_fields[attribute].metadata)


def _of_field(value: Any, path: str, marks: list[Any]) -> Iterator[Leaf]:  # noqa: ANN401 - any field's value
    match value:
        case Part():
            yield from _of_part(value, path)
        case tuple():
            for index, held in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
                yield from _of_field(held, f"{path}[{index}]", marks)
        case str():
            yield _of_text(value, path, marks)
        case _:
            yield Leaf(path, value, _scalar(value))


def _of_text(value: str, path: str, marks: list[Any]) -> Leaf:
    for mark in marks:
        if isinstance(mark, Coded):
            known = value in VOCABULARIES[mark.vocabulary]
            return Leaf(path, value, printable(in_words(mark.vocabulary, value)), known=known)
        if isinstance(mark, Escaped):
            blocks = parse_markup(value)
            return Leaf(path, value, printable("\n".join(filter(None, texts(blocks)))), blocks)
    return Leaf(path, value, printable(value))


def _of_json(value: Any, path: str) -> Iterator[Leaf]:  # noqa: ANN401 - any JSON
    match value:
        case dict():
            for name, held in value.items():  # pyright: ignore[reportUnknownVariableType]
                yield from _of_json(held, f"{path}.{_name(name)}")  # pyright: ignore[reportUnknownArgumentType]
        case list():
            for index, held in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
                yield from _of_json(held, f"{path}[{index}]")
        case str():
            yield Leaf(path, value, printable(value), known=False)
        case _:
            yield Leaf(path, value, _scalar(value), known=False)


def _scalar(value: JsonValue) -> str:
    match value:
        case None:
            return "(empty)"
        case True:
            return "Yes"
        case False:
            return "No"
        case _:
            return json.dumps(value)
