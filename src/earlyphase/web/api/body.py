"""Reads what a request brings: JSON in UTF-8, and no character that is no text."""

import re
from collections.abc import Iterator
from typing import Any, cast

import orjson
from django.http import HttpRequest
from ninja.parser import Parser

from earlyphase.faults import InvalidInput

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


class StrictJson(Parser):
    """JSON as the standard has it, and nothing else."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - JSON
        """Read the body.

        Raises:
            InvalidInput: it is not JSON, or holds a character that is no text.
        """
        return read_json(request.body)


def read_json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    """Read JSON that a program sent.

    Raises:
        InvalidInput: it is not JSON, or holds a character that is no text.
    """
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as fault:
        raise InvalidInput("body", None, f"is not JSON: {fault}.", "Send JSON in UTF-8.") from None
    for text in texts_in(found):
        if _NO_TEXT.search(text):
            rule = "holds a character that is no text (a control character, or another encoding than UTF-8)."
            raise InvalidInput("body", text[:40], rule)
    return found


def texts_in(value: object) -> Iterator[str]:
    """Give every text of a JSON value, its keys included."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            left += cast("list[object]", one)
        elif isinstance(one, dict):
            for name, inner in cast("dict[str, object]", one).items():
                yield name
                left.append(inner)
