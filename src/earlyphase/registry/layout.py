"""Which field stands where on the page. What is not named here is shown under "Further particulars"."""

from typing import NamedTuple


class Line(NamedTuple):
    """A label and its values."""

    label: str
    path: str


class Body(NamedTuple):
    """Running text under its heading."""

    path: str


class Grid(NamedTuple):
    """A table: one row for each element of a list, one column for each field."""

    label: str
    path: str
    columns: tuple[Line, ...]


class Eligibility(NamedTuple):
    """The tree of criteria."""

    path: str


class Names(NamedTuple):
    """The names of the elements of a list, which have their own table further down."""

    label: str
    path: str
    fields: tuple[str, ...]


Entry = Line | Names | Body | Grid | Eligibility

_OUTCOME = (Line("Outcome", "measure"), Line("Time frame", "timeFrame"), Line("Description", "description"))

TITLE = "identificationModule.briefTitle"

LAYOUT: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Overview",
        (
            Line("Phase", "designModule.phases"),
            Line("Status", "statusModule.overallStatus"),
            Line("Conditions", "conditionsModule.conditions"),
            Names("Interventions", "armsInterventionsModule.interventions", ("type", "name")),
            Line("Registration number", "identificationModule.nctId"),
            Line("Also registered as", "identificationModule.nctIdAliases"),
            Line("Lead sponsor", "sponsorCollaboratorsModule.leadSponsor.name"),
            Line("Kind of sponsor", "sponsorCollaboratorsModule.leadSponsor.class"),
            Line("Collaborators", "sponsorCollaboratorsModule.collaborators"),
            Line("Official title", "identificationModule.officialTitle"),
            Line("Acronym", "identificationModule.acronym"),
            Line("Keywords", "conditionsModule.keywords"),
        ),
    ),
    ("Brief summary", (Body("descriptionModule.briefSummary"),)),
    ("Detailed description", (Body("descriptionModule.detailedDescription"),)),
    (
        "Recruitment and eligibility",
        (
            Line("Why stopped", "statusModule.whyStopped"),
            Line("Last known status", "statusModule.lastKnownStatus"),
            Line("Sex", "eligibilityModule.sex"),
            Line("Based on gender", "eligibilityModule.genderBased"),
            Line("Gender", "eligibilityModule.genderDescription"),
            Line("Minimum age", "eligibilityModule.minimumAge"),
            Line("Maximum age", "eligibilityModule.maximumAge"),
            Line("Age groups", "eligibilityModule.stdAges"),
            Line("Healthy volunteers", "eligibilityModule.healthyVolunteers"),
            Line("Target recruitment", "designModule.enrollmentInfo.count"),
            Line("Recruitment figure is", "designModule.enrollmentInfo.type"),
            Line("Study population", "eligibilityModule.studyPopulation"),
            Line("Sampling", "eligibilityModule.samplingMethod"),
            Eligibility("eligibilityModule.eligibilityCriteria"),
        ),
    ),
    (
        "Study and design",
        (
            Line("Study type", "designModule.studyType"),
            Line("Study design", "designModule.designInfo.interventionModel"),
            Line("About the design", "designModule.designInfo.interventionModelDescription"),
            Line("Allocation", "designModule.designInfo.allocation"),
            Line("Purpose", "designModule.designInfo.primaryPurpose"),
            Line("Observational model", "designModule.designInfo.observationalModel"),
            Line("Time perspective", "designModule.designInfo.timePerspective"),
            Line("Masking", "designModule.designInfo.maskingInfo.masking"),
            Line("Masked", "designModule.designInfo.maskingInfo.whoMasked"),
            Line("About the masking", "designModule.designInfo.maskingInfo.maskingDescription"),
            Line("Samples kept", "designModule.bioSpec.retention"),
            Line("About the samples", "designModule.bioSpec.description"),
            Line("Expanded access", "statusModule.expandedAccessInfo"),
            Line("Kind of expanded access", "designModule.expandedAccessTypes"),
            Line("Target duration", "designModule.targetDuration"),
            Line("Patient registry", "designModule.patientRegistry"),
        ),
    ),
    (
        "Arms and interventions",
        (
            Grid(
                "Arms",
                "armsInterventionsModule.armGroups",
                (
                    Line("Group", "label"),
                    Line("Type", "type"),
                    Line("Intervention", "interventionNames"),
                    Line("Description", "description"),
                ),
            ),
            Grid(
                "Interventions",
                "armsInterventionsModule.interventions",
                (
                    Line("Intervention", "name"),
                    Line("Type", "type"),
                    Line("Other names", "otherNames"),
                    Line("Arms", "armGroupLabels"),
                    Line("Description", "description"),
                ),
            ),
        ),
    ),
    ("Primary outcomes", (Grid("", "outcomesModule.primaryOutcomes", _OUTCOME),)),
    ("Secondary outcomes", (Grid("", "outcomesModule.secondaryOutcomes", _OUTCOME),)),
    ("Other outcomes", (Grid("", "outcomesModule.otherOutcomes", _OUTCOME),)),
    (
        "Locations",
        (
            Grid(
                "",
                "contactsLocationsModule.locations",
                (
                    Line("Facility", "facility"),
                    Line("Status", "status"),
                    Line("City", "city"),
                    Line("State", "state"),
                    Line("Postal code", "zip"),
                    Line("Country", "country"),
                    Line("Position", "geoPoint"),
                    Line("Contacts", "contacts"),
                ),
            ),
        ),
    ),
    (
        "Contacts and officials",
        (
            Grid(
                "Contacts",
                "contactsLocationsModule.centralContacts",
                (
                    Line("Name", "name"),
                    Line("Role", "role"),
                    Line("Phone", "phone"),
                    Line("Extension", "phoneExt"),
                    Line("E-mail", "email"),
                ),
            ),
            Grid(
                "Officials",
                "contactsLocationsModule.overallOfficials",
                (Line("Name", "name"), Line("Role", "role"), Line("Affiliation", "affiliation")),
            ),
            Line("Responsible party", "sponsorCollaboratorsModule.responsibleParty"),
            Line("Organisation", "identificationModule.organization"),
        ),
    ),
    (
        "Dates",
        (
            Line("Start", "statusModule.startDateStruct"),
            Line("Primary completion", "statusModule.primaryCompletionDateStruct"),
            Line("Completion", "statusModule.completionDateStruct"),
            Line("First submitted", "statusModule.studyFirstSubmitDate"),
            Line("First posted", "statusModule.studyFirstPostDateStruct"),
            Line("Last update submitted", "statusModule.lastUpdateSubmitDate"),
            Line("Last update posted", "statusModule.lastUpdatePostDateStruct"),
            Line("Last verified", "statusModule.statusVerifiedDate"),
            Line("First submitted in order", "statusModule.studyFirstSubmitQcDate"),
            Line("Results first submitted", "statusModule.resultsFirstSubmitDate"),
            Line("Results first submitted in order", "statusModule.resultsFirstSubmitQcDate"),
            Line("Results first posted", "statusModule.resultsFirstPostDateStruct"),
            Line("Delay certified", "statusModule.dispFirstSubmitDate"),
            Line("Delay certified in order", "statusModule.dispFirstSubmitQcDate"),
            Line("Delay posted", "statusModule.dispFirstPostDateStruct"),
            Line("Posting is delayed", "statusModule.delayedPosting"),
        ),
    ),
    (
        "Identifiers",
        (
            Line("Sponsor's number", "identificationModule.orgStudyIdInfo"),
            Grid(
                "Other numbers",
                "identificationModule.secondaryIdInfos",
                (Line("Number", "id"), Line("Type", "type"), Line("Domain", "domain"), Line("Link", "link")),
            ),
        ),
    ),
    (
        "Oversight",
        (
            Line("Data monitoring committee", "oversightModule.oversightHasDmc"),
            Line("FDA-regulated drug", "oversightModule.isFdaRegulatedDrug"),
            Line("FDA-regulated device", "oversightModule.isFdaRegulatedDevice"),
            Line("Device not approved", "oversightModule.isUnapprovedDevice"),
            Line("Paediatric postmarket surveillance", "oversightModule.isPpsd"),
            Line("Exported from the United States", "oversightModule.isUsExport"),
            Line("Violation of FDAAA 801", "oversightModule.fdaaa801Violation"),
        ),
    ),
    (
        "Sharing of participants' data",
        (
            Line("Plan to share", "ipdSharingStatementModule.ipdSharing"),
            Line("What is shared", "ipdSharingStatementModule.infoTypes"),
            Line("Description", "ipdSharingStatementModule.description"),
            Line("When", "ipdSharingStatementModule.timeFrame"),
            Line("To whom", "ipdSharingStatementModule.accessCriteria"),
            Line("Address", "ipdSharingStatementModule.url"),
        ),
    ),
    (
        "References",
        (
            Grid(
                "Papers",
                "referencesModule.references",
                (Line("Citation", "citation"), Line("Type", "type"), Line("PMID", "pmid")),
            ),
            Grid("Links", "referencesModule.seeAlsoLinks", (Line("Page", "label"), Line("Address", "url"))),
        ),
    ),
)
