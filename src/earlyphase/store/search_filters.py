"""What a search is narrowed by: status, phase, type, country, and how near a site is."""

import difflib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from earlyphase.faults import InvalidInput
from earlyphase.registry.vocabulary import VOCABULARIES
from earlyphase.store.search_chinese import city_in_english

EARTH = 6371.0088
"""Units: km. The mean radius, as in the database's `distance_km`."""

MOST_KILOMETRES = 20_100
"""Units: km. Half way round the globe: there is nothing farther."""

_COLUMNS = {"phase": ("Phase", "unnest(phases)"), "status": ("Status", "status"), "type": ("StudyType", "study_type")}
"""Each filter by codes: its vocabulary, and what holds the codes that records have."""


@dataclass(frozen=True, slots=True)
class Near:
    """A place and how far from it a site may be.

    Units: degrees; km.
    """

    latitude: float
    longitude: float
    kilometres: float


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the globe that holds all that is near: one or two ranges of longitude.

    Units: degrees.
    """

    south: float
    north: float
    west: float
    east: float
    west2: float
    east2: float


def read_near(text: str) -> Near:
    """Read `30.3,120.2,50km`.

    Units: degrees north, degrees east, km.

    Raises:
        InvalidInput: it is written otherwise, or lies outside the globe.
    """
    number = r"\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*"
    found = re.fullmatch(rf"{number},{number},\s*(\d{{1,5}}(?:\.\d{{1,6}})?)\s*km\s*", text)
    if found is None:
        raise InvalidInput("--near", text, "is no place and distance.", "Write LATITUDE,LONGITUDE,DISTANCEkm.")
    near = Near(*map(float, found.groups()))
    if abs(near.latitude) > 90 or abs(near.longitude) > 180:  # noqa: PLR2004 - the limits of the globe
        rule = "lies outside −90 to 90 degrees north and −180 to 180 degrees east."
        raise InvalidInput("--near", text, rule, "Latitude comes first.")
    if not 0 < near.kilometres <= MOST_KILOMETRES:
        raise InvalidInput("--near", text, f"should be more than 0 and at most {MOST_KILOMETRES} km away.")
    return near


def box_around(near: Near) -> Box:
    """Give the ranges of latitude and longitude outside of which nothing is near."""
    angle = near.kilometres / EARTH
    reach = math.degrees(angle)
    south, north = near.latitude - reach, near.latitude + reach
    if south <= -90 or north >= 90:  # noqa: PLR2004 - a pole is near: every meridian is
        return Box(south, north, -180, 180, 0, 0)
    side = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(near.latitude)))))
    west, east = near.longitude - side, near.longitude + side
    if west < -180:  # noqa: PLR2004 - over the antimeridian
        return Box(south, north, -180, east, west + 360, 180)
    if east > 180:  # noqa: PLR2004 - as above
        return Box(south, north, west, 180, -180, east - 360)
    return Box(south, north, west, east, west, east)


def read_codes(connection: psycopg.Connection, name: str, given: Sequence[str]) -> list[str]:
    """Read the codes of a filter, however they are written: Early Phase 1 is EARLY_PHASE1.

    Raises:
        InvalidInput: neither the registry's list nor any record has such a code.
    """
    return [_code(connection, name, one) for one in given]


def _code(connection: psycopg.Connection, name: str, given: str) -> str:
    vocabulary, column = _COLUMNS[name]
    codes = VOCABULARIES[vocabulary]
    code = re.sub(r"PHASE_(?=\d)", "PHASE", re.sub(r"\W+", "_", given.strip().upper()))
    if code in codes:
        return code
    held = {row[0] for row in connection.execute(f"select distinct {column} from record_facet".encode()).fetchall()}  # noqa: S608 - a column of ours
    if given in held:
        return given
    near = difflib.get_close_matches(code, codes, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There is: {', '.join(sorted(codes))}."
    raise InvalidInput(f"--{name}", given, f"is not in the registry's list {vocabulary}.", hint)


def countries_held(connection: psycopg.Connection) -> list[str]:
    """List the countries that records have."""
    rows = connection.execute("select distinct unnest(countries) from record_facet order by 1").fetchall()
    return [row[0] for row in rows]


def read_countries(connection: psycopg.Connection, given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Find the countries that are meant, whatever their capitals.

    Returns:
        The countries as records write them, and a sentence for each that no record has.
    """
    if not given:
        return [], []
    held = {country.lower(): country for country in countries_held(connection)}
    found, notes = list[str](), list[str]()
    for name in given:
        country = held.get(name.strip().lower())
        if country:
            found.append(country)
        else:
            near = [held[one] for one in difflib.get_close_matches(name.lower(), held, n=1)]
            hint = f" Did you mean {near[0]}?" if near else ""
            notes.append(f"No record has a site in “{name}”.{hint}")
    return found, notes


def near_city(connection: psycopg.Connection, name: str, kilometres: float) -> Near:
    """Find where a city is, from the sites that records have there; of several of a name, the one with the most sites.

    Units: km.

    Raises:
        InvalidInput: no record has a site in a city of that name, or the distance makes no sense.
    """
    row = connection.execute(
        "select avg(latitude), avg(longitude) from record_site where lower(city) = lower(%s)"
        " group by country order by count(*) desc limit 1",
        (city_in_english(name),),
    ).fetchone()
    if row is None:
        raise InvalidInput("city", name[:60], "is no city in which a record has a site.", _like(connection, name[:60]))
    return read_near(f"{row[0]:.6f},{row[1]:.6f},{kilometres:g}km")


def _like(connection: psycopg.Connection, name: str) -> str:
    """Say what to write in place of a city that no record has."""
    rows = connection.execute("select distinct lower(city), city from record_site where city is not null").fetchall()
    held = {str(lower): str(city) for lower, city in rows}
    near = difflib.get_close_matches(name.strip().lower(), held, n=1)
    how = "Write the city as records do, in English, or give its latitude and longitude."
    return f"Did you mean {held[near[0]]}?" if near else how
