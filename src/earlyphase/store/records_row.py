"""What the index holds of a record: its text by weight, its facets, its sites, and the card of a hit."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from earlyphase.registry.model import Location, Record
from earlyphase.store.search_words import fold, index_text, split

LONGEST = {"A": 20_000, "B": 20_000, "C": 60_000, "D": 100_000}
"""Characters of each weight that can be searched. Of longer texts the rest is kept, but not found."""

MOST_SITES = 5_000
"""Sites of one record by which it is found. The largest studies have about two thousand."""

_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")
_PLAIN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_WORD = re.compile(r"[^\W\d_]{3,30}")
_LARGEST_COUNT = 10**15


@dataclass(frozen=True, slots=True)
class Site:
    """Where a study takes place."""

    facility: str
    city: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One record as the index sees it."""

    status: str
    study_type: str
    phases: tuple[str, ...]
    countries: tuple[str, ...]
    updated: str
    started: str
    enrolment: int
    card: str
    texts: tuple[str, str, str, str]
    """By weight, A first."""
    sites: tuple[Site, ...]
    words: frozenset[str]
    """The words of its conditions and interventions."""

    @property
    def facet_digest(self) -> bytes:
        """What records share that agree in all that they are counted by."""
        facets = [self.status, self.study_type, self.phases, self.countries]
        return hashlib.sha256(json.dumps(facets).encode()).digest()


def index_row(record: Record) -> IndexRow:
    """Say what the index holds of a record."""
    section = record.protocol_section
    status, design = section.status_module, section.design_module
    enrolment = design.enrollment_info.count if design.enrollment_info else None
    conditions, interventions = _conditions(record), _interventions(record)
    locations = section.contacts_locations_module.locations
    updated = status.last_update_post_date_struct
    return IndexRow(
        status=plain(status.overall_status),
        study_type=plain(design.study_type),
        phases=tuple(dict.fromkeys(map(plain, design.phases))),
        countries=tuple(sorted({plain(place.country) for place in locations if place.country})),
        updated=a_date(updated.date if updated else None) or a_date(status.last_update_submit_date),
        started=a_date(status.start_date_struct.date if status.start_date_struct else None),
        enrolment=enrolment if enrolment is not None and 0 <= enrolment < _LARGEST_COUNT else -1,
        card=_card(record, conditions, interventions),
        texts=_texts(record, conditions, interventions),
        sites=tuple(dict.fromkeys(_sites(locations)))[:MOST_SITES],
        words=frozenset(_words([*conditions, *interventions])),
    )


def plain(text: str | None) -> str:
    """Give a text in one line, without control characters: what PostgreSQL can hold and a terminal can show."""
    return _PLAIN.sub(" ", text or "").strip()


def a_date(text: str | None) -> str:
    """Give a date that can be sorted by; an empty text where it is none."""
    return text if text and _DATE.fullmatch(text) else ""


def _conditions(record: Record) -> list[str]:
    return [plain(name) for name in record.protocol_section.conditions_module.conditions]


def _interventions(record: Record) -> list[str]:
    return [plain(one.name) for one in record.protocol_section.arms_interventions_module.interventions if one.name]


def _card(record: Record, conditions: list[str], interventions: list[str]) -> str:
    section = record.protocol_section
    sponsor = section.sponsor_collaborators_module.lead_sponsor
    card = {
        "title": plain(section.identification_module.brief_title or section.identification_module.official_title)[:500],
        "conditions": [name[:200] for name in conditions[:20]],
        "interventions": [name[:200] for name in interventions[:20]],
        "sponsor": plain(sponsor.name if sponsor else None)[:200],
        "sites": len(section.contacts_locations_module.locations),
    }
    return json.dumps(card, ensure_ascii=False)


def _texts(record: Record, conditions: list[str], interventions: list[str]) -> tuple[str, str, str, str]:
    section = record.protocol_section
    names = section.identification_module
    head = [record.nct_id, names.brief_title, names.acronym, *conditions, *interventions]
    return (
        " ".join(map(index_text, _texts_up_to(head, LONGEST["A"]))),
        " ".join(map(index_text, _texts_up_to(_second(record), LONGEST["B"]))),
        index_text(" ".join(_texts_up_to(_third(record), LONGEST["C"]))),
        index_text(" ".join(_texts_up_to(_fourth(record), LONGEST["D"]))),
    )


def _texts_up_to(texts: Iterable[str | None], most: int) -> Iterator[str]:
    """Give the texts that there are, as long as they are no longer together than what can be searched."""
    for text in texts:
        if text and most > 0:
            yield text[:most]
            most -= len(text)


def _second(record: Record) -> Iterator[str | None]:
    section = record.protocol_section
    names, arms = section.identification_module, section.arms_interventions_module
    yield names.official_title
    yield names.org_study_id_info.id if names.org_study_id_info else None
    yield from (other.id for other in names.secondary_id_infos)
    yield from names.nct_id_aliases
    yield from section.conditions_module.keywords
    yield from (name for one in arms.interventions for name in one.other_names)
    yield from (arm.label for arm in arms.arm_groups)
    yield from _headings(record)


def _headings(record: Record) -> Iterator[str]:
    """Give the MeSH headings that the registry has added."""
    derived = record.derived_section
    for module in ("conditionBrowseModule", "interventionBrowseModule"):
        browse = derived.get(module) if isinstance(derived, dict) else None
        meshes = browse.get("meshes") if isinstance(browse, dict) else None
        for mesh in meshes if isinstance(meshes, list) else ():
            term = mesh.get("term") if isinstance(mesh, dict) else None
            if isinstance(term, str):
                yield term


def _third(record: Record) -> Iterator[str | None]:
    section = record.protocol_section
    sponsors, places = section.sponsor_collaborators_module, section.contacts_locations_module
    yield section.description_module.brief_summary
    yield sponsors.lead_sponsor.name if sponsors.lead_sponsor else None
    yield from (other.name for other in sponsors.collaborators)
    yield from (official.name for official in places.overall_officials)
    outcomes = section.outcomes_module
    for outcome in (*outcomes.primary_outcomes, *outcomes.secondary_outcomes, *outcomes.other_outcomes):
        yield outcome.measure
    for place in places.locations:
        yield from (place.facility, place.city, place.state, place.country)


def _fourth(record: Record) -> Iterator[str | None]:
    section = record.protocol_section
    yield section.description_module.detailed_description
    yield from (arm.description for arm in section.arms_interventions_module.arm_groups)
    yield from (one.description for one in section.arms_interventions_module.interventions)
    yield from (outcome.description for outcome in section.outcomes_module.primary_outcomes)
    yield from (outcome.description for outcome in section.outcomes_module.secondary_outcomes)
    yield section.eligibility_module.eligibility_criteria
    yield section.eligibility_module.study_population


def _sites(locations: Iterable[Location]) -> Iterator[Site]:
    for place in locations:
        point = place.geo_point
        if point is None or point.lat is None or point.lon is None:
            continue
        if -90 <= point.lat <= 90 and -180 <= point.lon <= 180:  # noqa: PLR2004 - the limits of the globe
            facility, city, country = (plain(text)[:300] for text in (place.facility, place.city, place.country))
            yield Site(facility, city, country, float(point.lat), float(point.lon))


def _words(texts: Iterable[str]) -> Iterator[str]:
    return (token.lower() for token in split(fold(" ".join(texts))) if _WORD.fullmatch(token))
