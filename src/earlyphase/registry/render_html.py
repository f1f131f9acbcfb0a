"""The page of a record as HTML: a fragment to put into a page, or one file that stands alone."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import zip_longest
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from earlyphase.registry.beside import NOTHING, Beside
from earlyphase.registry.glance import Fact
from earlyphase.registry.leaves import Leaf, printable
from earlyphase.registry.page import Page
from earlyphase.registry.wording import Language, in_language, worded

MANY = 20
"""A table of more rows is folded up: who wants them all opens it."""

_ENGLISH: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Around:
    """What a site puts into the page of a record beside what the record says."""

    beside: Beside = NOTHING
    """The findings that stand beside its parts."""
    glance: tuple[Fact, ...] = ()
    """The record in short, below its title."""
    opening: Markup | None = None
    """What stands below that."""
    further: tuple[tuple[str, str], ...] = ()
    """The names and headings of parts that follow behind the record, for its table of contents."""
    elsewhere: str | None = None
    """The address of the page that shows what else the record holds."""
    told: Callable[[str], str] = _ENGLISH
    """Says the sentence of a finding in the language of the page."""


def html_fragment(page: Page, around: Around | None = None, language: Language = "en") -> str:
    """Give the page as an `article` element.

    Args:
        page: the page.
        around: what a site puts into it.
        language: of headings, labels and codes; what the sponsor wrote stays as it is.
    """
    say = partial(in_language, language)

    given = {name: getattr(around or Around(), name) for name in Around.__slots__}
    words = {
        "say": say,
        "worded": partial(worded, language=language),
        "carried": ", ".join(map(say, page.carried)),
        "many": MANY,
    }
    return _environment().get_template("record.html.j2").render(page=page, **given, **words)


def html_page(page: Page, short: tuple[Fact, ...] = ()) -> str:
    """Give the page as one file that works offline."""
    article = Markup(html_fragment(page, Around(glance=short)))  # noqa: S704 - its own template has escaped it
    return _environment().get_template("page.html.j2").render(page=page, article=article)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("earlyphase.registry"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["printable"] = printable
    made.filters["kind"] = _kind
    made.filters["slug"] = _slug
    made.filters["separated"] = cast("Any", _separated)
    return made


def _kind(value: object) -> str:
    return type(value).__name__


def _slug(heading: str) -> str:
    """Give the name of a part in an address."""
    return re.sub(r"[^a-z]+", "-", heading.lower())


def _separated(leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, str]]:
    """Give values with what stands behind each: a comma within one thing, a semicolon between two."""
    for leaf, following in zip_longest(leaves, leaves[1:]):
        together = following and _thing(leaf.path) == _thing(following.path)
        yield leaf, "" if following is None or leaf.blocks else ", " if together else "; "


def _thing(path: str) -> str:
    """Give the path of what a value belongs to: `collaborators[0]` of `collaborators[0].name`."""
    return path.rpartition(".")[0] if not path.endswith("]") else path
