"""YAML 1.2 as a tree that remembers its lines, so that every complaint can name one."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.error import MarkedYAMLError

from earlyphase.faults import InvalidInput

LARGEST = 4 * 1024 * 1024
"""Units: bytes. A protocol has some tens of thousands."""

DEEPEST = 40
"""Levels of nesting. A protocol has less than ten."""

_TAG = "tag:yaml.org,2002:"
_TOO_DEEP = f"is nested more than {DEEPEST} levels deep."


@dataclass(frozen=True, slots=True)
class Tree:
    """One node of the file: its value, where it stands, and what stands in it."""

    value: Any
    line: int
    """Counted from 1."""
    inside: "dict[str | int, Tree]" = field(default_factory=dict["str | int", "Tree"])
    """The nodes in a mapping by key, in a list by position."""
    keys: dict[str, int] = field(default_factory=dict[str, int])
    """The line of each key of a mapping."""


def read_tree(path: Path) -> tuple[Tree, bytes]:
    """Read a YAML file.

    Returns:
        The tree, and the file's bytes.

    Raises:
        InvalidInput: it cannot be read or is not YAML; the message names the line.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise InvalidInput(str(path), None, f"cannot be read: {fault.strerror}.", "Check the path.") from None
    return parse_tree(content, str(path)), content


def parse_tree(content: bytes, place: str) -> Tree:
    """Make the tree of the bytes of a YAML file.

    Raises:
        InvalidInput: it is not UTF-8, not YAML, empty, too large or too deep; a key stands twice.
    """
    if len(content) > LARGEST:
        raise InvalidInput(place, None, f"is larger than {LARGEST // 2**20} MiB.", "Give the YAML file itself.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise InvalidInput(f"{place}:{line}", None, "is not text in UTF-8.", "Give the YAML file itself.") from None
    try:
        node = _compose(text)
    except YAMLError as fault:
        _refuse(fault, place)
    except RecursionError:
        raise InvalidInput(place, None, _TOO_DEEP, "Write it flatter.") from None
    except (ValueError, IndexError, AttributeError) as fault:  # what ruamel raises on some broken input
        raise InvalidInput(place, None, f"is not YAML: {fault}.", "Check it in an editor.") from None
    if node is None:
        raise InvalidInput(place, None, "is empty.", "Write the YAML, or restore the file.")
    return _Maker(place).tree(node, 0)


def _compose(text: str) -> Any:  # noqa: ANN401 - ruamel's nodes have no types
    loader: Any = YAML(typ="safe", pure=True)
    return loader.compose(text)


def _refuse(fault: YAMLError, place: str) -> NoReturn:
    """Say where YAML is malformed and what was expected."""
    told: Any = fault if isinstance(fault, MarkedYAMLError) else None
    mark = told and (told.problem_mark or told.context_mark)
    problem = str((told and told.problem) or " ".join(str(fault).split()))
    context = f" ({told.context})" if told and told.context else ""
    where = f"{place}:{mark.line + 1}:{mark.column + 1}" if mark else place
    tab = "\\t" in problem
    remedy = "Indent with spaces, not tabs." if tab else "Check indentation, colons and quotes at this line."
    raise InvalidInput(where, None, f"is not YAML: {problem}{context}.", remedy) from None


class _Maker:
    """Turns composed nodes into a tree, refusing what a protocol file must not hold."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._seen: set[int] = set()

    def tree(self, node: Any, depth: int) -> Tree:  # noqa: ANN401 - ruamel's nodes have no types
        """Make the tree of one node."""
        line = int(node.start_mark.line) + 1
        if depth > DEEPEST:
            raise InvalidInput(f"{self._place}:{line}", None, _TOO_DEEP, "Write it flatter.")
        if id(node) in self._seen:
            raise InvalidInput(f"{self._place}:{line}", None, "is used again by an alias.", "Write it out instead.")
        self._seen.add(id(node))
        match node.id:
            case "mapping":
                return self._mapping(node.value, line, depth)
            case "sequence":
                inside = {place: self.tree(one, depth + 1) for place, one in enumerate(node.value)}
                return Tree([one.value for one in inside.values()], line, {**inside})
            case _:
                return Tree(self._scalar(node, line), line)

    def _mapping(self, pairs: list[tuple[Any, Any]], line: int, depth: int) -> Tree:
        inside: dict[str | int, Tree] = {}
        keys: dict[str, int] = {}
        for key_node, value_node in pairs:
            at = int(key_node.start_mark.line) + 1
            if key_node.id != "scalar":
                raise InvalidInput(f"{self._place}:{at}", None, "a key is a word, not a list or mapping.")
            key = self._text(str(key_node.value), at)
            if key in keys:
                rule = f"stands twice: first in line {keys[key]}."
                raise InvalidInput(f"{self._place}:{at}", key, rule, "Keep one of the two.")
            keys[key] = at
            inside[key] = self.tree(value_node, depth + 1)
        return Tree({key: one.value for key, one in inside.items()}, line, inside, keys)

    def _scalar(self, node: Any, line: int) -> Any:  # noqa: ANN401 - ruamel's nodes have no types
        text = self._text(str(node.value), line)
        try:
            return _plain(str(node.tag), text)
        except ValueError:
            rule = "is not a number that can be used."
            raise InvalidInput(f"{self._place}:{line}", text, rule, "Put it in quotes if it is text.") from None

    def _text(self, text: str, line: int) -> str:
        """Join the halves of characters that were written as two escapes."""
        try:
            return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise InvalidInput(f"{self._place}:{line}", None, "holds half a character.", "Write it out.") from None


def _plain(tag: str, text: str) -> Any:  # noqa: ANN401 - any YAML scalar
    """Read a scalar by its tag; what is no number, truth value or null is text, dates included.

    Raises:
        ValueError: it is tagged as a number and is no finite one.
    """
    match tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text.replace("_", ""), 0) if text.lstrip("+-")[:2] in {"0x", "0o"} else int(text)
        case "float":
            value = float(text.replace("_", ""))
            if not math.isfinite(value):
                raise ValueError(text)
            return value
        case _:
            return text
