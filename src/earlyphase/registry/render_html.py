"""The page of a record as HTML: a fragment to put into a page, or one file that stands alone."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from earlyphase.registry.leaves import printable
from earlyphase.registry.page import Page


def html_fragment(page: Page) -> str:
    """Give the page as an `article` element."""
    return _environment().get_template("record.html.j2").render(page=page)


def html_page(page: Page) -> str:
    """Give the page as one file that works offline."""
    article = Markup(html_fragment(page))  # noqa: S704 - the fragment has been escaped by its own template
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
    return made


def _kind(value: object) -> str:
    return type(value).__name__
