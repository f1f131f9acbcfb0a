"""The registry's code lists, with the words in which a page shows each code.

Source: ClinicalTrials.gov API 2.0.3, OpenAPI description, the schemas with `enum`.
"""

from collections.abc import Mapping
from types import MappingProxyType

_CODES: dict[str, str] = {
    "Status": (
        "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED "
        "WITHDRAWN AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD UNKNOWN"
    ),
    "RecruitmentStatus": (
        "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED "
        "WITHDRAWN AVAILABLE"
    ),
    "ExpandedAccessStatus": "AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING",
    "StudyType": "EXPANDED_ACCESS INTERVENTIONAL OBSERVATIONAL",
    "Phase": "NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4",
    "Sex": "FEMALE MALE ALL",
    "StandardAge": "CHILD ADULT OLDER_ADULT",
    "SamplingMethod": "PROBABILITY_SAMPLE NON_PROBABILITY_SAMPLE",
    "IpdSharing": "YES NO UNDECIDED",
    "IpdSharingInfoType": "STUDY_PROTOCOL SAP ICF CSR ANALYTIC_CODE",
    "OrgStudyIdType": "NIH FDA VA CDC AHRQ SAMHSA",
    "SecondaryIdType": "NIH FDA VA CDC AHRQ SAMHSA OTHER_GRANT EUDRACT_NUMBER CTIS REGISTRY OTHER",
    "AgencyClass": "NIH FED OTHER_GOV INDIV INDUSTRY NETWORK AMBIG OTHER UNKNOWN",
    "DateType": "ACTUAL ESTIMATED",
    "ResponsiblePartyType": "SPONSOR PRINCIPAL_INVESTIGATOR SPONSOR_INVESTIGATOR",
    "DesignAllocation": "RANDOMIZED NON_RANDOMIZED NA",
    "InterventionalAssignment": "SINGLE_GROUP PARALLEL CROSSOVER FACTORIAL SEQUENTIAL",
    "PrimaryPurpose": (
        "TREATMENT PREVENTION DIAGNOSTIC ECT SUPPORTIVE_CARE SCREENING HEALTH_SERVICES_RESEARCH BASIC_SCIENCE "
        "DEVICE_FEASIBILITY OTHER"
    ),
    "ObservationalModel": (
        "COHORT CASE_CONTROL CASE_ONLY CASE_CROSSOVER ECOLOGIC_OR_COMMUNITY FAMILY_BASED DEFINED_POPULATION "
        "NATURAL_HISTORY OTHER"
    ),
    "DesignTimePerspective": "RETROSPECTIVE PROSPECTIVE CROSS_SECTIONAL OTHER",
    "BioSpecRetention": "NONE_RETAINED SAMPLES_WITH_DNA SAMPLES_WITHOUT_DNA",
    "EnrollmentType": "ACTUAL ESTIMATED",
    "ArmGroupType": "EXPERIMENTAL ACTIVE_COMPARATOR PLACEBO_COMPARATOR SHAM_COMPARATOR NO_INTERVENTION OTHER",
    "InterventionType": (
        "BEHAVIORAL BIOLOGICAL COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST DIETARY_SUPPLEMENT DRUG GENETIC PROCEDURE "
        "RADIATION OTHER"
    ),
    "ContactRole": "STUDY_CHAIR STUDY_DIRECTOR PRINCIPAL_INVESTIGATOR SUB_INVESTIGATOR CONTACT",
    "OfficialRole": "STUDY_CHAIR STUDY_DIRECTOR PRINCIPAL_INVESTIGATOR SUB_INVESTIGATOR",
    "ReferenceType": "BACKGROUND RESULT DERIVED",
    "DesignMasking": "NONE SINGLE DOUBLE TRIPLE QUADRUPLE",
    "WhoMasked": "PARTICIPANT CARE_PROVIDER INVESTIGATOR OUTCOMES_ASSESSOR",
}

VOCABULARIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(codes.split()) for name, codes in _CODES.items()}
)
"""Every code list by the name that the registry gives it."""

_WORDS = MappingProxyType(
    {
        "NA": "Not applicable",
        "EARLY_PHASE1": "Early Phase 1",
        "PHASE1": "Phase 1",
        "PHASE2": "Phase 2",
        "PHASE3": "Phase 3",
        "PHASE4": "Phase 4",
        "ACTIVE_NOT_RECRUITING": "Active, not recruiting",
        "NIH": "NIH",
        "FDA": "FDA",
        "VA": "VA",
        "CDC": "CDC",
        "AHRQ": "AHRQ",
        "SAMHSA": "SAMHSA",
        "CTIS": "CTIS",
        "EUDRACT_NUMBER": "EudraCT number",
        "FED": "Federal agency",
        "OTHER_GOV": "Other government agency",
        "INDIV": "Individual",
        "AMBIG": "Ambiguous",
        "ECT": "Educational, counselling or training",
        "SAP": "Statistical analysis plan (SAP)",
        "ICF": "Informed consent form (ICF)",
        "CSR": "Clinical study report (CSR)",
        "NON_RANDOMIZED": "Non-randomized",
        "NON_PROBABILITY_SAMPLE": "Non-probability sample",
        "CASE_CONTROL": "Case-control",
        "CASE_ONLY": "Case-only",
        "CASE_CROSSOVER": "Case-crossover",
        "FAMILY_BASED": "Family-based",
        "CROSS_SECTIONAL": "Cross-sectional",
        "SAMPLES_WITH_DNA": "Samples with DNA",
        "SAMPLES_WITHOUT_DNA": "Samples without DNA",
        "SUB_INVESTIGATOR": "Sub-investigator",
    }
)


def in_words(vocabulary: str, code: str) -> str:
    """Give the words for a code; a code that the vocabulary does not have is given as it is written.

    Within one vocabulary no two codes have the same words, so that the code can be told from what is shown.
    """
    if code not in VOCABULARIES[vocabulary]:
        return code
    return _WORDS.get(code) or code.replace("_", " ").capitalize()
