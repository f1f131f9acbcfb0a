"""Which codes of a FHIR bundle stand for which terms: data in a study's folder, not code."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from earlyphase.eligibility.vocabulary import Vocabulary, nearest
from earlyphase.faults import InvalidInput
from earlyphase.protocol.reading import fit
from earlyphase.protocol.stated import Model
from earlyphase.protocol.yaml_tree import read_tree

FILE = "fhir.yaml"

SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "atc": "http://www.whocc.no/atc",
}
"""The systems of codes by their short names, as FHIR writes them."""

ResourceType = Literal[
    "Observation", "Condition", "Procedure", "MedicationRequest", "MedicationAdministration", "MedicationStatement"
]


class CodeMapping(Model):
    """One code, or several of one meaning, and the term that they stand for."""

    resource: ResourceType
    system: Literal["loinc", "snomed", "rxnorm", "atc"]
    codes: Annotated[dict[str, str], Field(min_length=1)]
    """Each code with what the system calls it."""
    term: str
    """The term of the criteria language."""
    confirmed: str | None = None
    """Where the codes were found with this meaning; without it, nobody has confirmed them."""
    method: str | None = None
    """The method that the code implies."""
    specimen: str | None = None
    state: str | None = None
    purpose: str | None = None


class FhirMapping(Model):
    """All mappings of a study."""

    format: Literal[1] = Field(alias="schema")
    source: str
    """Where the codes were looked up, with the version."""
    mappings: tuple[CodeMapping, ...]

    def by_code(self) -> dict[tuple[str, str, str], CodeMapping]:
        """Give the mappings by resource, system as FHIR writes it, and code."""
        return {(one.resource, SYSTEMS[one.system], code): one for one in self.mappings for code in one.codes}


def read_mapping(folder: Path, known: Vocabulary) -> FhirMapping:
    """Read the mapping of a study.

    Raises:
        InvalidInput: there is none, it cannot be read, or it names a term that there is not.
    """
    tree, _ = read_tree(folder / FILE)
    mapping = fit(FhirMapping, tree, str(folder / FILE))
    for one in mapping.mappings:
        if one.term not in known:
            raise InvalidInput(str(folder / FILE), one.term, "is not a known term.", nearest(one.term, known))
    return mapping
