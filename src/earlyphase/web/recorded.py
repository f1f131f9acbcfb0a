"""What an entry holds, in the language of a page: its coded words and the names of fields. Free text stays."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.utils.translation import pgettext

from earlyphase.journal.payloads import TYPES
from earlyphase.web.forms.shapes import Part, Shape, parts_of
from earlyphase.web.history import Wording, flat
from earlyphase.web.language import word
from earlyphase.web.wording import plain

_CODED = (Shape.CHOICE, Shape.YES_NO, Shape.FINDING)
_NAMES_OF_OURS = frozenset(
    {"term", "system_class", "analyte", "sign", "name", "method", "specimen", "state", "purpose", "by", "site", "sites"}
)
"""Fields that may be typed freely and mostly hold the name of something that is known."""


def in_our_words() -> Wording:
    """Give the wording of the page: what is known is said in its language, all else as recorded."""
    return Wording(plain, _value, pgettext("between the parts of a line", ", "))


def in_short(payload: Mapping[str, Any]) -> str:
    """Say in one line what a payload holds, each value with its name; the lines of a list need none."""
    return " · ".join(
        text if name[-1:].isdigit() else f"{plain(name)} {text}"
        for name, text in flat(payload, wording=in_our_words())
        if text
    )


def _value(field: str, text: str) -> str:
    return word(text) if field in _coded() else text


@cache
def _coded() -> frozenset[str]:
    """Name the fields whose words are looked up."""

    def inside(part: Part) -> Iterator[str]:
        if part.shape in _CODED or part.name in _NAMES_OF_OURS:
            yield part.name
        for inner in part.parts:
            yield from inside(inner)

    return frozenset(name for kind in TYPES for part in parts_of(kind.record) for name in inside(part))
