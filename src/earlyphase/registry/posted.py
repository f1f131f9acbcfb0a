"""What a record holds beside its registration: results as they were posted, documents, terms that the registry derived.

These parts are read as they come: what is missing or of another kind is left out, and nothing is computed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from earlyphase.registry.leaves import printable
from earlyphase.registry.markup import unescape
from earlyphase.registry.model import Record

_EVENTS = (("seriousEvents", "Serious adverse events"), ("otherEvents", "Other adverse events"))
_AFFECTED = (
    ("deathsNumAffected", "deathsNumAtRisk", "Deaths"),
    ("seriousNumAffected", "seriousNumAtRisk", "Serious adverse events"),
    ("otherNumAffected", "otherNumAtRisk", "Other adverse events"),
)


_CODED = frozenset({"type", "paramType", "dispersionType"})
"""Fields that hold a code, which is written in words."""


@dataclass(frozen=True, slots=True)
class PostedTable:
    """One table as it was posted."""

    title: str
    notes: tuple[str, ...]
    """What is said of it: time frame, description, analyses."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def cells(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Give every row as cells, each with the heading of its column."""
        return tuple(tuple(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Posted:
    """The tables under one heading."""

    heading: str
    tables: tuple[PostedTable, ...]


def posted(record: Record) -> tuple[Posted, ...]:
    """Lay out what a record holds beside its registration; nothing where it holds no such thing."""
    results = _map(record.results_section)
    parts = (
        ("Participant flow", _flow(_map(results.get("participantFlowModule")))),
        ("Baseline characteristics", _baseline(_map(results.get("baselineCharacteristicsModule")))),
        ("Outcome measures", _outcomes(_map(results.get("outcomeMeasuresModule")))),
        ("Adverse events", _adverse_events(_map(results.get("adverseEventsModule")))),
        ("Limits of the results", _limits(_map(results.get("moreInfoModule")))),
        ("Documents", _documents(_map(record.document_section))),
        ("Terms derived by the registry", _terms(_map(record.derived_section))),
    )
    found = (Posted(heading, tuple(tables)) for heading, tables in parts)
    return tuple(one for one in found if one.tables)


def _flow(module: Mapping[str, Any]) -> Iterator[PostedTable]:
    groups = _groups(module.get("groups"))
    notes = _said(module, "recruitmentDetails", "preAssignmentDetails")
    for period in _maps(module.get("periods")):
        rows = [
            (_in_words(_text(one.get("type"))), *_by_group(one.get("achievements"), groups, "numSubjects"))
            for one in _maps(period.get("milestones"))
        ]
        rows += [
            (_in_words(_text(one.get("type"))), *_by_group(one.get("reasons"), groups, "numSubjects"))
            for one in _maps(period.get("dropWithdraws"))
        ]
        yield PostedTable(_text(period.get("title")), notes, ("", *groups.values()), tuple(rows))


def _baseline(module: Mapping[str, Any]) -> Iterator[PostedTable]:
    groups = _groups(module.get("groups"))
    rows = [*_denominators(module, groups)]
    for measure in _maps(module.get("measures")):
        unit = ", ".join(_said(measure, "paramType", "unitOfMeasure"))
        rows += [
            (" · ".join(filter(None, (f"{_text(measure.get('title'))} ({unit})", name))), *values)
            for name, values in _classes(measure, groups)
        ]
    if rows:
        yield PostedTable("", _said(module, "populationDescription"), ("", *groups.values()), tuple(rows))


def _outcomes(module: Mapping[str, Any]) -> Iterator[PostedTable]:
    for one in _maps(module.get("outcomeMeasures")):
        groups = _groups(one.get("groups"))
        unit = ", ".join(_said(one, "paramType", "dispersionType", "unitOfMeasure"))
        rows = [*_denominators(one, groups), *((name or unit, *values) for name, values in _classes(one, groups))]
        title = ": ".join(_said(one, "type", "title"))
        notes = (*_said(one, "timeFrame", "description", "populationDescription"), *filter(None, (unit,)))
        analyses = tuple(_analysis(each) for each in _maps(one.get("analyses")))
        yield PostedTable(title, (*notes, *filter(None, analyses)), ("", *groups.values()), tuple(rows))


def _analysis(one: Mapping[str, Any]) -> str:
    interval = " to ".join(_said(one, "ciLowerLimit", "ciUpperLimit"))
    level = _text(one.get("ciPctValue"))
    parts = (
        *_said(one, "statisticalMethod"),
        " ".join(_said(one, "paramType", "paramValue")),
        f"{level} % CI {interval}" if interval else "",
        f"p {_text(one.get('pValue'))}" if one.get("pValue") else "",
    )
    return ", ".join(filter(None, parts))


def _adverse_events(module: Mapping[str, Any]) -> Iterator[PostedTable]:
    groups, notes = _groups(module.get("eventGroups")), _said(module, "timeFrame", "description")
    held = _maps(module.get("eventGroups"))
    rows = tuple(
        (label, *(_of(one.get(affected), one.get(at_risk)) for one in held)) for affected, at_risk, label in _AFFECTED
    )
    if groups:
        yield PostedTable("Participants with events", notes, ("", *groups.values()), rows)
    for name, title in _EVENTS:
        events = _maps(module.get(name))
        if events:
            columns = ("Event", "Organ system", *groups.values())
            yield PostedTable(title, (), columns, tuple(_event(one, groups) for one in events))


def _event(one: Mapping[str, Any], groups: Mapping[str, str]) -> tuple[str, ...]:
    stats = {_text(stat.get("groupId")): stat for stat in _maps(one.get("stats"))}
    counts = (_of(stats.get(key, {}).get("numAffected"), stats.get(key, {}).get("numAtRisk")) for key in groups)
    return _text(one.get("term")), _text(one.get("organSystem")), *counts


def _limits(module: Mapping[str, Any]) -> Iterator[PostedTable]:
    if said := _said(_map(module.get("limitationsAndCaveats")), "description"):
        yield PostedTable("", said, (), ())


def _documents(section: Mapping[str, Any]) -> Iterator[PostedTable]:
    held = _maps(_map(section.get("largeDocumentModule")).get("largeDocs"))
    rows = tuple(tuple(_text(one.get(name)) for name in ("label", "date", "filename")) for one in held)
    if rows:
        yield PostedTable("", (), ("Document", "Date", "File"), rows)


def _terms(section: Mapping[str, Any]) -> Iterator[PostedTable]:
    for name, title in (("conditionBrowseModule", "Conditions"), ("interventionBrowseModule", "Interventions")):
        meshes = _maps(_map(section.get(name)).get("meshes"))
        if meshes:
            rows = tuple((_text(one.get("term")), _text(one.get("id"))) for one in meshes)
            yield PostedTable(title, (), ("Term", "MeSH"), rows)


def _classes(measure: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each category of a measure: its name, and the value of each group."""
    for one in _maps(measure.get("classes")):
        for category in _maps(one.get("categories")):
            name = " · ".join((*_said(one, "title"), *_said(category, "title")))
            values = {_text(each.get("groupId")): _value(each) for each in _maps(category.get("measurements"))}
            yield name, tuple(values.get(key, "") for key in groups)


def _value(one: Mapping[str, Any]) -> str:
    limits = " to ".join(_said(one, "lowerLimit", "upperLimit"))
    around = limits or _text(one.get("spread"))
    return f"{_text(one.get('value'))} ({around})" if around else _text(one.get("value"))


def _denominators(one: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for denominator in _maps(one.get("denoms")):
        yield _text(denominator.get("units")), *_by_group(denominator.get("counts"), groups, "value")


def _by_group(counts: object, groups: Mapping[str, str], name: str) -> tuple[str, ...]:
    held = {_text(one.get("groupId")): _text(one.get(name)) for one in _maps(counts)}
    return tuple(held.get(key, "") for key in groups)


def _groups(value: object) -> dict[str, str]:
    return {_text(one.get("id")): _text(one.get("title")) for one in _maps(value)}


def _of(affected: object, at_risk: object) -> str:
    return "/".join(filter(None, (_text(affected), _text(at_risk))))


def _said(one: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    said = ((name, _text(one.get(name))) for name in names)
    return tuple(_in_words(text) if name in _CODED else text for name, text in said if text)


def _in_words(code: str) -> str:
    return code.replace("_", " ").capitalize() if code.isupper() else code


def _text(value: object) -> str:
    """Give a text without the registry's escapes; nothing for what is no text and no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    return printable(unescape(text))


def _map(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _maps(value: object) -> tuple[Mapping[str, Any], ...]:
    held = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(cast("Mapping[str, Any]", one) for one in held if isinstance(one, dict))
