"""Reads laboratory values and vital signs from FHIR R4 Observations, and lists what cannot be used.

Who the observations are about is said beside them, by the number in the study: nothing that names a person is read.
"""

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, cast

import orjson

from earlyphase.eligibility.fhir_json import Json, object_of, objects_of, text_of
from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
FINAL = ("final", "amended", "corrected")
"""Observations of another status are preliminary, cancelled or wrong. Source: FHIR R4, ObservationStatus."""

MOST = 1000
"""Observations in one message."""

LONGEST = 390
"""Characters of an identifier with its system."""

_NOTHING: Json = {}


class Coded(NamedTuple):
    """What a code stands for."""

    record: Literal["laboratory", "vital_signs"]
    name: str
    unit: str
    """Values must convert to it."""
    substance: str | None


@dataclass(frozen=True, slots=True)
class Observed:
    """One observation that can be recorded."""

    identifier: str
    record: Literal["laboratory", "vital_signs"]
    on: dt.date
    at: dt.time | None
    results: tuple[Json, ...]
    """As the payload takes them; a panel has several."""

    @property
    def digest(self) -> str:
        """Give what tells two contents apart."""
        said = [self.record, str(self.on), str(self.at), list(self.results)]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Unusable:
    """One observation that cannot be recorded, and why."""

    observation: str
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Message:
    """What was read."""

    observed: tuple[Observed, ...] = ()
    unusable: tuple[Unusable, ...] = field(default=())


class _No(Exception):  # noqa: N818 - it names an observation, not an error
    """An observation that cannot be used, with the reason."""


@cache
def codes() -> dict[str, Coded]:
    """Give what each LOINC code stands for."""
    text = (files("earlyphase.exchange") / "data" / "fhir-observations.toml").read_text("utf-8")
    return {
        code: Coded(cast("Any", record), one["name"], one["unit"], one.get("substance"))
        for record, table in tomllib.loads(text).items()
        for code, one in table.items()
    }


def read_observations(content: object) -> Message:
    """Read an Observation, or a Bundle of them.

    Args:
        content: the resource as JSON values.

    Raises:
        InvalidInput: it is neither, or holds too many.

    Source:
        FHIR R4 (4.0.1), Bundle and Observation.
    """
    observed: list[Observed] = []
    unusable: list[Unusable] = []
    for place, one in enumerate(_resources(content), start=1):
        name = f"{text_of(one.get('resourceType')) or 'resource'} {text_of(one.get('id')) or place}"
        try:
            observed.append(_observed(one))
        except _No as why:
            unusable.append(Unusable(name, _called(one), str(why)))
    twice = {one.identifier for one in observed if sum(other.identifier == one.identifier for other in observed) > 1}
    unusable += [Unusable(name, "", "the identifier stands twice in this message") for name in sorted(twice)]
    return Message(tuple(observed), tuple(unusable))


def entries_of(observed: Iterable[Observed]) -> Iterator[tuple[tuple[Observed, ...], str, Json]]:
    """Put observations together that make one entry: a sampling of a day, the vital signs of a moment.

    Returns:
        The observations, the record and the payload of each entry, by day.
    """
    groups: dict[tuple[dt.date, str, dt.time | None], list[Observed]] = {}
    for one in observed:
        moment = one.at if one.record == "vital_signs" else None
        groups.setdefault((one.on, one.record, moment), []).append(one)
    for (on, record, at), together in sorted(
        groups.items(), key=lambda item: (str(item[0][0]), item[0][1], str(item[0][2]))
    ):
        results = [result for one in together for result in one.results]
        payload: Json = {"on": on.isoformat(), "results" if record == "laboratory" else "signs": results}
        if at is not None:
            payload["at"] = at.isoformat()
        yield tuple(together), record, payload


def _resources(content: object) -> tuple[Json, ...]:
    whole = object_of(content)
    kind = text_of(whole.get("resourceType"))
    remedy = "Send an Observation, or a Bundle of Observations, of FHIR R4."
    if kind == "Observation":
        return (whole,)
    if kind != "Bundle":
        raise InvalidInput("body", kind, "is no resource that is taken in.", remedy)
    found = tuple(object_of(one.get("resource")) for one in objects_of(whole.get("entry")))
    taken = tuple(one for one in found if text_of(one.get("resourceType")) != "Patient")
    if not taken:
        raise InvalidInput("body", None, "holds no observation.", remedy)
    if len(taken) > MOST:
        raise InvalidInput(
            "body", len(taken), f"observations are too many: {MOST} fit into a message.", "Send several."
        )
    return taken


def _observed(resource: Json) -> Observed:
    if text_of(resource.get("resourceType")) != "Observation":
        raise _No("is not an Observation")
    if (status := text_of(resource.get("status"))) not in FINAL:
        raise _No(f"its status is {status or 'missing'}: only {', '.join(FINAL)} observations are recorded")
    on, at = _moment(resource)
    panel = tuple(objects_of(resource.get("component")))
    parts = tuple(_result(part) for part in panel) if panel else (_result(resource),)
    record = parts[0][0].record
    if any(coded.record != record for coded, _ in parts):
        raise _No("its components are laboratory values and vital signs in one")
    return Observed(_identifier(resource), record, on, at, tuple(result for _, result in parts))


def _identifier(resource: Json) -> str:
    for one in objects_of(resource.get("identifier")):
        if value := text_of(one.get("value")):
            found = f"{text_of(one.get('system')) or ''}|{value}"
            if len(found) > LONGEST:
                raise _No(f"its identifier is longer than {LONGEST} characters")
            return found
    raise _No("it has no identifier: without one it would be recorded again whenever it is sent again")


def _moment(resource: Json) -> tuple[dt.date, dt.time | None]:
    """Give the day and the time as the laboratory's clock showed them: a clinical date is a local one."""
    given = text_of(resource.get("effectiveDateTime")) or text_of(resource.get("effectiveInstant"))
    if given is None:
        raise _No("it has no effectiveDateTime: the day of the sampling is not known")
    try:
        if len(given) == len("2026-05-03"):
            return dt.date.fromisoformat(given), None
        moment = dt.datetime.fromisoformat(given)
    except ValueError:
        raise _No(f"its effectiveDateTime {given[:40]!r} is no date with a day") from None
    return moment.date(), moment.time().replace(microsecond=0)


def _result(part: Json) -> tuple[Coded, Json]:
    coded = _coded(part)
    value = _quantity(part.get("valueQuantity"), coded)
    name = "analyte" if coded.record == "laboratory" else "sign"
    result: Json = {name: coded.name, "value": value}
    if coded.record == "laboratory":
        limits = next(objects_of(part.get("referenceRange")), _NOTHING)
        for field_name, end in (("lower_limit", "low"), ("upper_limit", "high")):
            if limits.get(end) is not None:
                result[field_name] = _quantity(limits[end], coded)
    return coded, result


def _coded(part: Json) -> Coded:
    for coding in objects_of(object_of(part.get("code")).get("coding")):
        if coding.get("system") == LOINC and (found := codes().get(text_of(coding.get("code")) or "")):
            return found
    raise _No("no laboratory value or vital sign is known for its code")


def _quantity(given: object, coded: Coded) -> Json:
    quantity = object_of(given)
    value, unit = quantity.get("value"), text_of(quantity.get("code"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _No("it has no numeric valueQuantity")
    if quantity.get("comparator") is not None:
        raise _No(f"its value is not exact ({quantity['comparator']}): record it by hand")
    if quantity.get("system") != UCUM or unit is None:
        raise _No(f"its unit is no UCUM code (system {UCUM})")
    try:
        Quantity(value, unit).to(coded.unit, coded.substance)
    except (InvalidInput, OverflowError) as fault:
        raise _No(f"its unit does not fit {coded.name}: {fault}") from None
    return {"value": value, "unit": unit}


def _called(resource: Json) -> str:
    coding = next(objects_of(object_of(resource.get("code")).get("coding")), _NOTHING)
    said = (text_of(coding.get("system")), text_of(coding.get("code")), text_of(coding.get("display")))
    return " ".join(filter(None, said))[:200]
