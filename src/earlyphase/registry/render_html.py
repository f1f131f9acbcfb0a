"""The page of a record as HTML: a fragment to put into a page, or one file that stands alone."""

from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from earlyphase.registry.beside import NOTHING, Beside
from earlyphase.registry.leaves import Leaf, printable
from earlyphase.registry.page import Page
from earlyphase.registry.wording import Language, in_language


def html_fragment(page: Page, beside: Beside = NOTHING, language: Language = "en") -> str:
    """Give the page as an `article` element.

    Args:
        page: the page.
        beside: the findings that stand beside its parts.
        language: of headings, labels and codes; what the sponsor wrote stays as it is.
    """
    say = partial(in_language, language)

    def worded(leaf: Leaf) -> str:
        coded = leaf.text != leaf.written
        return say(leaf.text) if coded else leaf.text

    given = {"say": say, "worded": worded, "carried": ", ".join(map(say, page.carried))}
    return _environment().get_template("record.html.j2").render(page=page, beside=beside, **given)


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
