"""Reads the flat shape of AACT exports: one JSON object a line, with columns instead of modules.

The words of the older registry ("Phase 1/Phase 2") become the codes of the current one; a word without a code is kept
as it is, and so is told as irregular. Columns that are not known are kept beside the sections.

Source: AACT (Clinical Trials Transformation Initiative), as flattened by the R package ctrialsgov.
"""

import re
from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from pydantic import JsonValue, ValidationError

from earlyphase.faults import InvalidInput
from earlyphase.registry.model import Record
from earlyphase.registry.vocabulary import VOCABULARIES

UNKNOWN_COLUMNS = "otherColumns"
"""Where columns that are not known are kept in the record."""

_MISSING = "NA"
_INTERVENTION = ("intervention_type", "name", "description")
_OUTCOME = ("outcome_type", "measure", "time_frame", "description")

_WORDS: dict[str, str] = {
    "N/A": "NA",
    "Unknown status": "UNKNOWN",
    "Active, not recruiting": "ACTIVE_NOT_RECRUITING",
    "Single Group Assignment": "SINGLE_GROUP",
    "Parallel Assignment": "PARALLEL",
    "Crossover Assignment": "CROSSOVER",
    "Factorial Assignment": "FACTORIAL",
    "Sequential Assignment": "SEQUENTIAL",
    "None (Open Label)": "NONE",
    "U.S. Fed": "FED",
    "Individual": "INDIV",
    "Educational/Counseling/Training": "ECT",
}
"""What no rule of spelling gives."""

_PHASES = {"Early Phase 1": "EARLY_PHASE1", **{f"Phase {number}": f"PHASE{number}" for number in range(1, 5)}}


def is_flat(data: Mapping[str, Any]) -> bool:
    """Tell whether an object is a record in the flat shape."""
    return "nct_id" in data and "protocolSection" not in data


def flat_record(row: Mapping[str, JsonValue], place: str = "record") -> Record:
    """Make a record of a row of the flat shape.

    Raises:
        InvalidInput: a column holds something other than text.
    """
    for name, value in row.items():
        if value is not None and not isinstance(value, str):
            raise InvalidInput(f"{place}: {name}", str(value)[:80], "should be text.", "Write the column as a string.")
    given = _Columns({name: value for name, value in row.items() if isinstance(value, str) and value != _MISSING})
    section = {name: module for name, module in _modules(given).items() if module}
    rest: dict[str, JsonValue] = dict(given.rest())
    data = {"protocolSection": section, **({UNKNOWN_COLUMNS: rest} if rest else {})}
    try:
        return Record.model_validate(data)
    except ValidationError as fault:
        raise InvalidInput(place, None, f"cannot be read: {fault.errors()[0]['msg']}.") from None


class _Columns:
    """The columns of a row; what was not taken is the rest."""

    def __init__(self, row: dict[str, str]) -> None:
        self._row = row
        self._taken: set[str] = set()

    def take(self, name: str) -> str | None:
        """Give a column, or None where the row has none."""
        self._taken.add(name)
        return self._row.get(name)

    def code(self, name: str, vocabulary: str) -> str | None:
        """Give a column as the code of a vocabulary."""
        value = self.take(name)
        return None if value is None else _code(value, vocabulary)

    def date(self, name: str) -> dict[str, Any]:
        """Give a column as a date."""
        return _filled(date=self.take(name))

    def parts(self, name: str, keys: tuple[str, ...]) -> list[dict[str, str]]:
        """Give a column that lists things as `key=value|key=value ;; …`; each begins with the first of the keys."""
        parts = re.split(rf"(?:\A| ;; )(?={keys[0]}=)", self.take(name) or "")
        return [_pairs(part, keys) for part in parts if part.strip()]

    def rest(self) -> dict[str, str]:
        """Give the columns that were not taken."""
        return {name: value for name, value in self._row.items() if name not in self._taken}


def _modules(given: _Columns) -> dict[str, dict[str, Any]]:
    return {
        "identificationModule": _identification(given),
        "statusModule": _filled(
            overallStatus=given.code("rec_status", "Status"),
            startDateStruct=given.date("start_date"),
            primaryCompletionDateStruct=given.date("primary_completion_date"),
            completionDateStruct=given.date("completion_date"),
            lastUpdatePostDateStruct=given.date("last_update"),
        ),
        "sponsorCollaboratorsModule": _filled(
            leadSponsor=_filled(name=given.take("sponsor"), **{"class": given.code("sponsor_type", "AgencyClass")})
        ),
        "descriptionModule": _filled(briefSummary=given.take("description")),
        "conditionsModule": _filled(conditions=[name for name in (given.take("conditions") or "").split("|") if name]),
        "designModule": _design(given),
        "armsInterventionsModule": _filled(
            interventions=[_intervention(one) for one in given.parts("interventions", _INTERVENTION)]
        ),
        "outcomesModule": _outcomes(given.parts("outcomes", _OUTCOME)),
        "eligibilityModule": _eligibility(given),
    }


def _identification(given: _Columns) -> dict[str, Any]:
    eudract = given.take("eudract_num")
    return _filled(
        nctId=given.take("nct_id"),
        orgStudyIdInfo=_filled(id=given.take("other_id")),
        secondaryIdInfos=[{"id": eudract, "type": "EUDRACT_NUMBER"}] if eudract else None,
        briefTitle=given.take("brief_title"),
        officialTitle=given.take("official_title"),
    )


def _design(given: _Columns) -> dict[str, Any]:
    kind = given.take("study_type")
    phase, count = given.take("phase"), given.take("enrollment")
    whole = count is not None and re.fullmatch(r"\d{1,15}", count)
    return _filled(
        studyType=_code(kind.removesuffix(" [Patient Registry]"), "StudyType") if kind else None,
        patientRegistry=True if kind and kind.endswith("[Patient Registry]") else None,
        phases=[_PHASES.get(part) or _code(part, "Phase") for part in _phases(phase)] if phase else None,
        designInfo=_filled(
            allocation=given.code("allocation", "DesignAllocation"),
            interventionModel=given.code("intervention_model", "InterventionalAssignment"),
            interventionModelDescription=given.take("intervention_model_description"),
            primaryPurpose=given.code("primary_purpose", "PrimaryPurpose"),
            observationalModel=given.code("observational_model", "ObservationalModel"),
            timePerspective=given.code("time_perspective", "DesignTimePerspective"),
            maskingInfo=_filled(masking=given.code("masking_description", "DesignMasking")),
        ),
        enrollmentInfo=_filled(count=int(count) if count and whole else None, asWritten=None if whole else count),
    )


def _eligibility(given: _Columns) -> dict[str, Any]:
    criteria = given.take("criteria")
    lowest, highest = given.take("minimum_age"), given.take("maximum_age")
    return _filled(
        eligibilityCriteria=dedent(criteria).strip("\n") if criteria else None,
        sex=given.code("gender", "Sex"),
        minimumAge=f"{lowest} Years" if lowest else None,
        maximumAge=f"{highest} Years" if highest else None,
        studyPopulation=given.take("population"),
        samplingMethod=given.code("sampling_method", "SamplingMethod"),
    )


def _intervention(part: dict[str, str]) -> dict[str, Any]:
    kind, name = part.pop("intervention_type", None), part.pop("name", None)
    return _filled(
        type=_code(kind, "InterventionType") if kind else None,
        name=name.removeprefix(f"{kind}: ") if name else None,
        **part,
    )


def _outcomes(parts: list[dict[str, str]]) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        rank = part.pop("outcome_type", "other")
        name = f"{rank}Outcomes" if rank in {"primary", "secondary"} else "otherOutcomes"
        found.setdefault(name, []).append(_filled(timeFrame=part.pop("time_frame", None), **part))
    return found


def _pairs(part: str, keys: tuple[str, ...]) -> dict[str, str]:
    """Read `key=value|key=value`; what is no key, or comes a second time, belongs to the value before it."""
    pieces = re.split(rf"(?:\A|\|)({'|'.join(keys)})=", part)
    pairs: dict[str, str] = {}
    last = keys[-1]
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if name in pairs:
            pairs[last] += f"|{name}={value}"
        else:
            pairs[name], last = value, name
    return {name: value for name, value in pairs.items() if value and value != _MISSING}


def _phases(text: str) -> list[str]:
    return [text] if text == "N/A" else text.split("/")


def _code(words: str, vocabulary: str) -> str:
    code = _WORDS.get(words) or re.sub(r"[\s-]+", "_", words.upper())
    return code if code in VOCABULARIES[vocabulary] else words


def _filled(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {name: value for name, value in fields.items() if value not in (None, {}, [])}
