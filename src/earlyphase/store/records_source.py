"""Reads files of registry records as a stream: one record at a time, whatever the size of the file.

A file holds one record, a list of records, a page of the registry's API (`studies`), or JSON Lines; it may be
compressed (`.gz`, `.xz`).
"""

import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from earlyphase.faults import InvalidInput
from earlyphase.registry.reading import LARGEST

_LINES = frozenset({".jsonl", ".ndjson"})
_DAMAGE = (OSError, EOFError, lzma.LZMAError, zlib.error)
_START = 65_536


@dataclass(frozen=True, slots=True)
class Given:
    """One record as it was given."""

    place: str
    """The file and the line, or the number in the file's list."""
    content: bytes


def given_records(path: Path, progress: Callable[[int], None] = lambda _: None) -> Iterator[Given | InvalidInput]:
    """Go through the records of a file. One that cannot be read is told in its place, and the rest is given.

    Args:
        path: the file.
        progress: told how many bytes of the file, as it is stored, have been read since the last time.

    Raises:
        InvalidInput: there is no such file.
    """
    try:
        with path.open("rb") as stored:
            opened = _opened(stored, path.suffix)
            lines, before = _holds_lines(opened, path), 0
            for one in _by_line(opened, path) if lines else _whole(opened, path):
                now = stored.tell()
                progress(now - before)
                before = now
                yield one
    except FileNotFoundError:
        raise InvalidInput(str(path), None, "does not exist.", "Check the path.") from None
    except _DAMAGE as fault:
        yield _damaged(str(path), fault)


def stored_size(paths: Iterable[Path]) -> int:
    """Add up the sizes of the files that are there.

    Units: bytes.
    """
    return sum(path.stat().st_size for path in paths if path.is_file())


def _opened(stored: IO[bytes], suffix: str) -> IO[bytes]:
    match suffix:
        case ".gz":
            return cast("IO[bytes]", gzip.GzipFile(fileobj=stored))
        case ".xz":
            return cast("IO[bytes]", lzma.LZMAFile(stored))
        case _:
            return stored


def _holds_lines(opened: IO[bytes], path: Path) -> bool:
    """Tell whether each line is a record, by the name of the file or else by its first line."""
    suffix = Path(path.stem).suffix if path.suffix in {".gz", ".xz"} else path.suffix
    if suffix in _LINES:
        return True
    first = opened.readline(LARGEST).strip()
    more = opened.read(_START).strip()
    opened.seek(0)
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and ("studies" not in value or bool(more))


def _by_line(opened: IO[bytes], path: Path) -> Iterator[Given | InvalidInput]:
    number = 0
    try:
        while line := opened.readline(LARGEST + 1):
            number += 1
            place = f"{path}:{number}"
            if len(line) > LARGEST and not line.endswith(b"\n"):
                _skip(opened)
                yield _too_large(place)
            elif line.strip():
                yield Given(place, line)
    except _DAMAGE as fault:
        yield _damaged(f"{path}:{number + 1}", fault)


def _skip(opened: IO[bytes]) -> None:
    """Read to the end of a line without keeping it."""
    while (rest := opened.readline(LARGEST)) and not rest.endswith(b"\n"):
        pass


def _whole(opened: IO[bytes], path: Path) -> Iterator[Given | InvalidInput]:
    content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        yield _too_large(str(path))
        return
    try:
        value: Any = json.loads(content)
    except (ValueError, RecursionError):
        yield Given(str(path), content)  # the reader of records says what is wrong, and where
        return
    listed = value.get("studies") if isinstance(value, dict) else value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(listed, list):
        yield Given(str(path), content)
        return
    for number, record in enumerate(cast("list[Any]", listed), start=1):
        yield Given(f"{path} record {number}", json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _too_large(place: str) -> InvalidInput:
    rule = f"is larger than {LARGEST // 2**20} MiB."
    return InvalidInput(place, None, rule, "Write one record on each line (.jsonl).")


def _damaged(place: str, fault: Exception) -> InvalidInput:
    return InvalidInput(place, None, f"cannot be read: {fault}. What comes before it was read.", "Get the file again.")
