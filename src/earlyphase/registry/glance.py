"""What a reader of a record wants to know first: is it open, to whom, where, and whom to ask."""

from collections import Counter
from collections.abc import Iterator

from earlyphase.registry.leaves import printable
from earlyphase.registry.model import Contact, Location, Record
from earlyphase.registry.vocabulary import in_words
from earlyphase.registry.wording import Language, in_language

MOST_COUNTRIES = 5
"""Countries that are named; of the rest it is said how many there are."""

Fact = tuple[str, str]
"""A label and what is said under it, in one language."""


def glance(record: Record, language: Language = "en") -> tuple[Fact, ...]:
    """Give a record in four lines, each of which stands in full further down its page."""
    lines = (("Status", _status), ("Open to", _open_to), ("Where", _where), ("Whom to ask", _whom_to_ask))
    said = ((label, " · ".join(part for part in parts(record, language) if part)) for label, parts in lines)
    return tuple((in_language(language, label), printable(text)) for label, text in said if text)


def _status(record: Record, language: Language) -> Iterator[str]:
    section = record.protocol_section
    status, design = section.status_module.overall_status, section.design_module
    yield in_language(language, in_words("Status", status)) if status else ""
    yield from (in_language(language, in_words("Phase", phase)) for phase in design.phases if phase != "NA")
    count = design.enrollment_info.count if design.enrollment_info else None
    yield in_language(language, "{n} participants").format(n=f"{count:,}") if count is not None else ""


def _open_to(record: Record, language: Language) -> Iterator[str]:
    module = record.protocol_section.eligibility_module
    sexes = {"ALL": "all sexes", "FEMALE": "women only", "MALE": "men only"}
    yield in_language(language, sexes[module.sex]) if module.sex in sexes else module.sex or ""
    least, most = module.minimum_age, module.maximum_age
    if least and most:
        yield in_language(language, "{least} to {most}").format(least=_age(least, language), most=_age(most, language))
    elif least or most:
        said = "from {age}" if least else "up to {age}"
        yield in_language(language, said).format(age=_age(least or most or "", language))
    elif module.sex:
        yield in_language(language, "no age limits given")


def _age(written: str, language: Language) -> str:
    number, _, unit = written.partition(" ")
    said = in_language(language, f"{{n}} {unit.lower().rstrip('s')}")
    return said.format(n=number) if language == "zh" and number.isdecimal() else written


def _where(record: Record, language: Language) -> Iterator[str]:
    places = record.protocol_section.contacts_locations_module.locations
    if len(places) == 1:
        one = places[0]
        yield ", ".join(filter(None, (one.facility, one.city, in_language(language, one.country or ""))))
    elif places:
        countries = Counter(one.country for one in places if one.country)
        yield in_language(language, "{n} places").format(n=len(places))
        yield ", ".join(
            f"{in_language(language, country)} {count}" for country, count in countries.most_common(MOST_COUNTRIES)
        )
        more = len(countries) - MOST_COUNTRIES
        yield in_language(language, "{n} more countries").format(n=more) if more > 0 else ""
    else:
        yield in_language(language, "no place is named")


def _whom_to_ask(record: Record, language: Language) -> Iterator[str]:
    module = record.protocol_section.contacts_locations_module
    contact = next(iter((*module.central_contacts, *_of_places(module.locations))), None)
    if contact is None:
        yield in_language(language, "nobody is named")
    else:
        yield from filter(None, (contact.name, contact.phone, contact.email))


def _of_places(places: tuple[Location, ...]) -> Iterator[Contact]:
    return (contact for place in places for contact in place.contacts)
