"""The ClinicalTrials.gov record (API v2) as typed values.

`protocolSection` is typed module by module; the other sections are carried through untouched. Attributes have the
registry's own names in snake case.

Source: ClinicalTrials.gov API 2.0.3, OpenAPI description and the field tree of its data structure.
"""

from typing import Annotated

from pydantic import Field, JsonValue

from earlyphase.registry.part import Coded, Count, Dated, Escaped, Flag, Number, Part, Text

DateText = Annotated[Text | None, Dated()]
Markup = Annotated[Text | None, Escaped()]


class OrgStudyIdInfo(Part):
    """The sponsor's own number for the study."""

    id: Text | None = None
    type: Annotated[Text | None, Coded("OrgStudyIdType")] = None
    link: Text | None = None


class SecondaryIdInfo(Part):
    """Another number by which the study is known."""

    id: Text | None = None
    type: Annotated[Text | None, Coded("SecondaryIdType")] = None
    domain: Text | None = None
    link: Text | None = None


class Organization(Part):
    """The organisation that keeps the record."""

    full_name: Text | None = None
    class_: Annotated[Text | None, Coded("AgencyClass"), Field(alias="class")] = None


class IdentificationModule(Part):
    """Numbers and titles."""

    nct_id: Text | None = None
    nct_id_aliases: tuple[Text, ...] = ()
    org_study_id_info: OrgStudyIdInfo | None = None
    secondary_id_infos: tuple[SecondaryIdInfo, ...] = ()
    brief_title: Text | None = None
    official_title: Text | None = None
    acronym: Text | None = None
    organization: Organization | None = None


class ExpandedAccessInfo(Part):
    """Whether the product can be had outside the study."""

    has_expanded_access: Flag | None = None
    nct_id: Text | None = None
    status_for_nct_id: Annotated[Text | None, Coded("ExpandedAccessStatus")] = None


class DateStruct(Part):
    """A date and whether it is actual or estimated."""

    date: DateText = None
    type: Annotated[Text | None, Coded("DateType")] = None


class StatusModule(Part):
    """Where the study stands, and every date of the record."""

    status_verified_date: DateText = None
    overall_status: Annotated[Text | None, Coded("Status")] = None
    last_known_status: Annotated[Text | None, Coded("Status")] = None
    delayed_posting: Flag | None = None
    why_stopped: Markup = None
    expanded_access_info: ExpandedAccessInfo | None = None
    start_date_struct: DateStruct | None = None
    primary_completion_date_struct: DateStruct | None = None
    completion_date_struct: DateStruct | None = None
    study_first_submit_date: DateText = None
    study_first_submit_qc_date: DateText = None
    study_first_post_date_struct: DateStruct | None = None
    results_waived: Flag | None = None
    results_first_submit_date: DateText = None
    results_first_submit_qc_date: DateText = None
    results_first_post_date_struct: DateStruct | None = None
    disp_first_submit_date: DateText = None
    disp_first_submit_qc_date: DateText = None
    disp_first_post_date_struct: DateStruct | None = None
    last_update_submit_date: DateText = None
    last_update_post_date_struct: DateStruct | None = None


class ResponsibleParty(Part):
    """Who answers for the record."""

    type: Annotated[Text | None, Coded("ResponsiblePartyType")] = None
    investigator_full_name: Text | None = None
    investigator_title: Text | None = None
    investigator_affiliation: Text | None = None
    old_name_title: Text | None = None
    old_organization: Text | None = None


class Sponsor(Part):
    """A sponsor or collaborator."""

    name: Text | None = None
    class_: Annotated[Text | None, Coded("AgencyClass"), Field(alias="class")] = None


class SponsorCollaboratorsModule(Part):
    """Who runs and who supports the study."""

    responsible_party: ResponsibleParty | None = None
    lead_sponsor: Sponsor | None = None
    collaborators: tuple[Sponsor, ...] = ()


class OversightModule(Part):
    """Monitoring committee and regulator."""

    oversight_has_dmc: Flag | None = None
    is_fda_regulated_drug: Flag | None = None
    is_fda_regulated_device: Flag | None = None
    is_unapproved_device: Flag | None = None
    is_ppsd: Flag | None = None
    is_us_export: Flag | None = None
    fdaaa801_violation: Flag | None = None


class DescriptionModule(Part):
    """What the study is, in prose."""

    brief_summary: Markup = None
    detailed_description: Markup = None


class ConditionsModule(Part):
    """What is studied."""

    conditions: tuple[Text, ...] = ()
    keywords: tuple[Text, ...] = ()


class ExpandedAccessTypes(Part):
    """Kinds of expanded access."""

    individual: Flag | None = None
    intermediate: Flag | None = None
    treatment: Flag | None = None


class MaskingInfo(Part):
    """Who does not know the assignment."""

    masking: Annotated[Text | None, Coded("DesignMasking")] = None
    masking_description: Markup = None
    who_masked: Annotated[tuple[Text, ...], Coded("WhoMasked")] = ()


class DesignInfo(Part):
    """Allocation, model, purpose and masking."""

    allocation: Annotated[Text | None, Coded("DesignAllocation")] = None
    intervention_model: Annotated[Text | None, Coded("InterventionalAssignment")] = None
    intervention_model_description: Markup = None
    primary_purpose: Annotated[Text | None, Coded("PrimaryPurpose")] = None
    observational_model: Annotated[Text | None, Coded("ObservationalModel")] = None
    time_perspective: Annotated[Text | None, Coded("DesignTimePerspective")] = None
    masking_info: MaskingInfo | None = None


class BioSpec(Part):
    """Which samples are kept."""

    retention: Annotated[Text | None, Coded("BioSpecRetention")] = None
    description: Markup = None


class EnrollmentInfo(Part):
    """How many are, or are to be, enrolled."""

    count: Count | None = None
    type: Annotated[Text | None, Coded("EnrollmentType")] = None


class DesignModule(Part):
    """Type, phase and design."""

    study_type: Annotated[Text | None, Coded("StudyType")] = None
    n_ptrs_to_this_exp_acc_nct_id: Number | None = None
    expanded_access_types: ExpandedAccessTypes | None = None
    patient_registry: Flag | None = None
    target_duration: Text | None = None
    phases: Annotated[tuple[Text, ...], Coded("Phase")] = ()
    design_info: DesignInfo | None = None
    bio_spec: BioSpec | None = None
    enrollment_info: EnrollmentInfo | None = None


class ArmGroup(Part):
    """One arm."""

    label: Text | None = None
    type: Annotated[Text | None, Coded("ArmGroupType")] = None
    description: Markup = None
    intervention_names: tuple[Text, ...] = ()


class Intervention(Part):
    """One intervention."""

    type: Annotated[Text | None, Coded("InterventionType")] = None
    name: Text | None = None
    description: Markup = None
    arm_group_labels: tuple[Text, ...] = ()
    other_names: tuple[Text, ...] = ()


class ArmsInterventionsModule(Part):
    """Arms and interventions."""

    arm_groups: tuple[ArmGroup, ...] = ()
    interventions: tuple[Intervention, ...] = ()


class Outcome(Part):
    """One outcome measure."""

    measure: Text | None = None
    description: Markup = None
    time_frame: Text | None = None


class OutcomesModule(Part):
    """What is measured."""

    primary_outcomes: tuple[Outcome, ...] = ()
    secondary_outcomes: tuple[Outcome, ...] = ()
    other_outcomes: tuple[Outcome, ...] = ()


class EligibilityModule(Part):
    """Who can take part."""

    eligibility_criteria: Markup = None
    healthy_volunteers: Flag | None = None
    sex: Annotated[Text | None, Coded("Sex")] = None
    gender_based: Flag | None = None
    gender_description: Markup = None
    minimum_age: Text | None = None
    maximum_age: Text | None = None
    std_ages: Annotated[tuple[Text, ...], Coded("StandardAge")] = ()
    study_population: Markup = None
    sampling_method: Annotated[Text | None, Coded("SamplingMethod")] = None


class Contact(Part):
    """A person or desk to ask."""

    name: Text | None = None
    role: Annotated[Text | None, Coded("ContactRole")] = None
    phone: Text | None = None
    phone_ext: Text | None = None
    email: Text | None = None


class Official(Part):
    """A person who answers for the science."""

    name: Text | None = None
    affiliation: Text | None = None
    role: Annotated[Text | None, Coded("OfficialRole")] = None


class GeoPoint(Part):
    """Where a place lies.

    Units: degrees.
    """

    lat: Number | None = None
    lon: Number | None = None


class Location(Part):
    """One study site."""

    facility: Text | None = None
    status: Annotated[Text | None, Coded("RecruitmentStatus")] = None
    city: Text | None = None
    state: Text | None = None
    zip: Text | None = None
    country: Text | None = None
    country_code: Text | None = None
    contacts: tuple[Contact, ...] = ()
    geo_point: GeoPoint | None = None


class ContactsLocationsModule(Part):
    """Whom to ask and where."""

    central_contacts: tuple[Contact, ...] = ()
    overall_officials: tuple[Official, ...] = ()
    locations: tuple[Location, ...] = ()


class Retraction(Part):
    """The retraction of a cited paper."""

    pmid: Text | None = None
    source: Text | None = None


class Reference(Part):
    """A cited paper."""

    pmid: Text | None = None
    type: Annotated[Text | None, Coded("ReferenceType")] = None
    citation: Text | None = None
    retractions: tuple[Retraction, ...] = ()


class SeeAlsoLink(Part):
    """A page about the study."""

    label: Markup = None
    url: Text | None = None


class AvailIpd(Part):
    """A data set or document that can be had."""

    id: Text | None = None
    type: Text | None = None
    url: Text | None = None
    comment: Markup = None


class ReferencesModule(Part):
    """Papers, links and data."""

    references: tuple[Reference, ...] = ()
    see_also_links: tuple[SeeAlsoLink, ...] = ()
    avail_ipds: tuple[AvailIpd, ...] = ()


class IpdSharingStatementModule(Part):
    """Whether participants' data will be shared."""

    ipd_sharing: Annotated[Text | None, Coded("IpdSharing")] = None
    description: Markup = None
    info_types: Annotated[tuple[Text, ...], Coded("IpdSharingInfoType")] = ()
    time_frame: Markup = None
    access_criteria: Markup = None
    url: Text | None = None


class ProtocolSection(Part):
    """What the sponsor says of the study, module by module; a module that is absent is empty."""

    identification_module: IdentificationModule = IdentificationModule()
    status_module: StatusModule = StatusModule()
    sponsor_collaborators_module: SponsorCollaboratorsModule = SponsorCollaboratorsModule()
    oversight_module: OversightModule = OversightModule()
    description_module: DescriptionModule = DescriptionModule()
    conditions_module: ConditionsModule = ConditionsModule()
    design_module: DesignModule = DesignModule()
    arms_interventions_module: ArmsInterventionsModule = ArmsInterventionsModule()
    outcomes_module: OutcomesModule = OutcomesModule()
    eligibility_module: EligibilityModule = EligibilityModule()
    contacts_locations_module: ContactsLocationsModule = ContactsLocationsModule()
    references_module: ReferencesModule = ReferencesModule()
    ipd_sharing_statement_module: IpdSharingStatementModule = IpdSharingStatementModule()


class Record(Part):
    """A whole registry record."""

    protocol_section: ProtocolSection
    results_section: JsonValue = None
    annotation_section: JsonValue = None
    document_section: JsonValue = None
    derived_section: JsonValue = None
    has_results: Flag | None = None

    @property
    def nct_id(self) -> str | None:
        """The registration number."""
        return self.protocol_section.identification_module.nct_id
