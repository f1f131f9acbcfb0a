"""What a search asks, as an address: every search is a link that can be kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from earlyphase.faults import InvalidInput
from earlyphase.registry.vocabulary import in_words
from earlyphase.registry.wording import Language, in_language
from earlyphase.store.search import Connection, Question, Sort
from earlyphase.store.search_facets import Facets
from earlyphase.store.search_filters import MOST_KILOMETRES, Near, near_city, read_near

DISTANCE = 50
"""Units: km. How far a site may be from a city, unless it is said."""

_VOCABULARIES = {"phase": "Phase", "status": "Status", "type": "StudyType"}
_MOST_SHOWN = 12
"""Values of a facet on a page; those that are chosen are always there."""


@dataclass(frozen=True, slots=True)
class Link:
    """One value of a facet: a link that chooses it, or lets it go."""

    value: str
    words: str
    records: int
    chosen: bool
    address: str


def question_of(connection: Connection, given: QueryDict) -> Question:
    """Read the question of an address.

    Raises:
        InvalidInput: a part of it makes no sense; the place names the field.
    """
    sort = given.get("sort") or Sort.RELEVANCE
    if sort not in tuple(Sort):
        raise InvalidInput("sort", sort, "is no order.", f"There is: {', '.join(Sort)}.")
    near = _near(connection, given)
    if sort == Sort.DISTANCE and near is None:
        raise InvalidInput("sort", sort, "needs a place to measure from.", "Name a city.")
    return Question(
        text=given.get("q", "").replace("\0", " "),
        phases=_values(given, "phase"),
        statuses=_values(given, "status"),
        types=_values(given, "type"),
        countries=_values(given, "country"),
        near=near,
        sort=Sort(sort),
        page=given.get("page") or None,
    )


def _values(given: QueryDict, field: str) -> tuple[str, ...]:
    return tuple(value for value in given.getlist(field) if value and "\0" not in value)


def _near(connection: Connection, given: QueryDict) -> Near | None:
    near, city, distance = (given.get(name, "").strip() for name in ("near", "city", "km"))
    if near:
        return read_near(near)
    if not city:
        return None
    kilometres = _kilometres(distance) if distance else DISTANCE
    return near_city(connection, city.replace("\0", " "), kilometres)


def _kilometres(text: str) -> float:
    if not re.fullmatch(r"\d{1,5}([.,]\d{1,6})?", text) or not 0 < float(text.replace(",", ".")) <= MOST_KILOMETRES:
        rule = f"should be a number of kilometres, more than 0 and at most {MOST_KILOMETRES}."
        raise InvalidInput("km", text[:40], rule, f"Leave it out for {DISTANCE} km.")
    return float(text.replace(",", "."))


def address(given: QueryDict, **changes: str | None) -> str:
    """Give the address of the same search with other values; None leaves one out. The page starts again."""
    held = given.copy()
    for name in ("page", "format"):
        held.pop(name, None)
    for name, value in changes.items():
        held.pop(name, None)
        if value is not None:
            held[name] = value
    return _written(held)


def facet_links(given: QueryDict, facets: Facets, language: Language) -> dict[str, tuple[Link, ...]]:
    """Give the values of every facet as links."""
    counted = {"status": facets.statuses, "phase": facets.phases, "type": facets.types, "country": facets.countries}
    return {field: tuple(_links(given, field, values, language)) for field, values in counted.items()}


def _links(given: QueryDict, field: str, values: Mapping[str, int], language: Language) -> Iterator[Link]:
    chosen = given.getlist(field)
    shown = [*values][:_MOST_SHOWN]
    for value in dict.fromkeys([*chosen, *shown]):
        held = given.copy()
        held.pop("page", None)
        others = [one for one in chosen if one != value]
        held.setlist(field, others if value in chosen else [*chosen, value])
        words = in_language(language, in_words(_VOCABULARIES[field], value) if field in _VOCABULARIES else value)
        yield Link(value, words, values.get(value, 0), value in chosen, _written(held))


def _written(given: QueryDict) -> str:
    pairs = [(name, value) for name, values in given.lists() for value in values if value]
    return f"?{urlencode(pairs)}"
