"""The page of a record as JSON: every block says its kind, every value its path and what was written."""

import re
from dataclasses import fields, is_dataclass
from typing import Any

from earlyphase.registry.page import Page


def page_as_json(page: Page) -> dict[str, Any]:
    """Give the page as values that any JSON writer takes."""
    return _plain(page)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a page
    if is_dataclass(value) and not isinstance(value, type):
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(value).__name__).lower()
        kinds = {} if "kind" in {field.name for field in fields(value)} else {"kind": kind}
        return {**kinds, **{field.name: _plain(getattr(value, field.name)) for field in fields(value)}}
    if isinstance(value, tuple):
        return [_plain(held) for held in value]  # pyright: ignore[reportUnknownVariableType]
    return value
