"""Reads protocol files; what is wrong with one is said with its line, what stands there and what was expected."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from earlyphase.faults import InvalidInput
from earlyphase.protocol.complaints import complaint
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.versions import Protocols, ProtocolVersion
from earlyphase.protocol.yaml_tree import Tree, parse_tree, read_tree

ORIGINAL = "protocol.yaml"
AMENDMENTS = "protocol-*.yaml"

_M = TypeVar("_M", bound=BaseModel)


def read_protocol(path: Path) -> Protocol:
    """Read one version of a protocol.

    Raises:
        InvalidInput: the file is not YAML or says what a protocol cannot say; the message names file and line.
    """
    return read_version(path).protocol


def read_version(path: Path) -> ProtocolVersion:
    """Read one version of a protocol, with the digest of its file.

    Raises:
        InvalidInput: as `read_protocol`.
    """
    tree, content = read_tree(path)
    return ProtocolVersion(fit(Protocol, tree, str(path)), hashlib.sha256(content).hexdigest())


def parse_protocol(content: bytes, place: str = "protocol") -> Protocol:
    """Make a protocol of the bytes of a YAML file.

    Raises:
        InvalidInput: as `read_protocol`.
    """
    return fit(Protocol, parse_tree(content, place), place)


def read_protocols(folder: Path) -> Protocols:
    """Read every version of a study's protocol: `protocol.yaml`, then the amendments `protocol-*.yaml` by name.

    Raises:
        InvalidInput: there is none, one cannot be read, two have one version, or they are of different studies.
    """
    found: dict[str, ProtocolVersion] = {}
    for path in (folder / ORIGINAL, *sorted(folder.glob(AMENDMENTS))):
        version = read_version(path)
        _require_own(version.protocol, [one.protocol for one in found.values()], str(path))
        found[version.protocol.version] = version
    return found


def _require_own(protocol: Protocol, others: list[Protocol], place: str) -> None:
    """Refuse a version that another file has, and a file of another study."""
    for other in others:
        if other.version == protocol.version:
            rule = "is a version that another file of this study has."
            raise InvalidInput(place, protocol.version, rule, "Give the amendment a version of its own.")
        if other.study != protocol.study:
            rule = f"is not the study of {ORIGINAL}, which is {other.study}."
            raise InvalidInput(place, protocol.study, rule, "Correct `study`, or move the file to its own folder.")


def fit(model: type[_M], tree: Tree, place: str, whole: str = "the protocol") -> _M:
    """Fit what a YAML file says to a model. Types are strict: text is no number, and yes is no 1.

    Args:
        model: what the file must say.
        tree: what it says.
        place: what to call the file in a message.
        whole: what to call all that it says.

    Raises:
        InvalidInput: it does not fit; the message names the line.
    """
    try:
        return model.model_validate_json(to_json(tree.value), strict=True)
    except ValidationError as fault:
        _refuse(fault, model, tree, place, whole)


@lru_cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _refuse(fault: ValidationError, model: type[BaseModel], tree: Tree, place: str, whole: str) -> NoReturn:
    """Raise the first complaint by line, and tell in which lines there are more."""
    schema = _schema(model)
    said = (complaint(error, schema, tree, whole) for error in fault.errors(include_url=False))
    found = sorted(said, key=lambda one: (one.absent, one.line))
    first, *others = found
    lines = ", ".join(str(line) for line in dict.fromkeys(one.line for one in others))
    more = f" There is more to correct: line {lines}." if others else ""
    raise InvalidInput(f"{place}:{first.line}", first.value, first.rule, f"{first.remedy}{more}".strip()) from None
