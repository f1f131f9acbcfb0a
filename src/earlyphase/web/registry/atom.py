"""Atom feeds: what is new in a search, and of a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # it writes; nothing is read

from django.http import HttpRequest, HttpResponse

NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One thing that is new."""

    address: str
    title: str
    updated: str | None
    """A date as the record says it: to the day, to the month, or not at all."""
    summary: str
    author: str


def atom(request: HttpRequest, title: str, page: str, entries: Sequence[FeedEntry]) -> HttpResponse:
    """Give a feed.

    Args:
        request: its address is the feed's own.
        title: of the feed.
        page: the address of the page that the feed belongs to.
        entries: the newest first.
    """
    root = ET.Element("feed", {"xmlns": NAMESPACE})
    _texts(root, title=title, id=page, updated=_moment(entries[0].updated if entries else None))
    _link(root, "alternate", page)
    _link(root, "self", request.build_absolute_uri())
    for one in entries:
        entry = ET.SubElement(root, "entry")
        _texts(entry, title=one.title, id=one.address, updated=_moment(one.updated), summary=one.summary)
        _texts(ET.SubElement(entry, "author"), name=one.author or "unknown")
        _link(entry, "alternate", one.address)
    return HttpResponse(ET.tostring(root, "utf-8", xml_declaration=True), content_type="application/atom+xml")


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = "".join(one for one in text if one.isprintable())


def _link(parent: ET.Element, rel: str, href: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": href})


def _moment(updated: str | None) -> str:
    """Give a moment for a day; records that say only the month, or nothing, get the first day of what they say."""
    given = (updated or "1970-01-01").split("-")
    year, month, day = (*given, "01", "01")[:3]
    return f"{year}-{month}-{day}T00:00:00Z"
