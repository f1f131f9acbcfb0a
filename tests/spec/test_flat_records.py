"""Records in the flat shape of AACT exports: the same record, in the registry's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlyphase.faults import InvalidInput
from earlyphase.registry.aact import flat_record, is_flat
from earlyphase.registry.irregular import irregularities
from earlyphase.registry.part import as_json


def a_row(**columns):
    return {"nct_id": "NCT00000001", "brief_title": "Cells for lymphoma", **columns}


def section_of(**columns):
    return as_json(flat_record(a_row(**columns)))["protocolSection"]


@pytest.mark.parametrize(
    ("column", "words", "module", "field", "code"),
    [
        ("rec_status", "Active, not recruiting", "statusModule", "overallStatus", "ACTIVE_NOT_RECRUITING"),
        ("rec_status", "Unknown status", "statusModule", "overallStatus", "UNKNOWN"),
        ("phase", "Early Phase 1", "designModule", "phases", ["EARLY_PHASE1"]),
        ("phase", "Phase 1/Phase 2", "designModule", "phases", ["PHASE1", "PHASE2"]),
        ("phase", "N/A", "designModule", "phases", ["NA"]),
        ("study_type", "Interventional", "designModule", "studyType", "INTERVENTIONAL"),
        ("gender", "Female", "eligibilityModule", "sex", "FEMALE"),
        ("sampling_method", "Non-Probability Sample", "eligibilityModule", "samplingMethod", "NON_PROBABILITY_SAMPLE"),
        ("minimum_age", "18", "eligibilityModule", "minimumAge", "18 Years"),
        ("enrollment", "30", "designModule", "enrollmentInfo", {"count": 30}),
        ("conditions", "Lymphoma|Leukemia", "conditionsModule", "conditions", ["Lymphoma", "Leukemia"]),
    ],
)
def test_words_of_the_older_registry_become_codes(column, words, module, field, code):
    assert section_of(**{column: words})[module][field] == code
    assert irregularities(flat_record(a_row(**{column: words}))) == ()


def test_a_patient_registry_is_an_observational_study():
    design = section_of(study_type="Observational [Patient Registry]")["designModule"]
    assert design == {"studyType": "OBSERVATIONAL", "patientRegistry": True}


def test_interventions_and_outcomes_are_parted():
    section = section_of(
        interventions="intervention_type=Drug|name=Drug: Fludarabine|description=30 mg/m2 ;; "
        "intervention_type=Genetic|name=Genetic: CAR T cells|description=NA",
        outcomes="outcome_type=primary|measure=DLT|time_frame=28 days|description=NA",
    )
    assert section["armsInterventionsModule"]["interventions"] == [
        {"type": "DRUG", "name": "Fludarabine", "description": "30 mg/m2"},
        {"type": "GENETIC", "name": "CAR T cells"},
    ]
    assert section["outcomesModule"]["primaryOutcomes"] == [{"measure": "DLT", "timeFrame": "28 days"}]


def test_a_bar_or_a_semicolon_inside_a_description_stays_there():
    text = "either a | b ;; or c|name=d"
    section = section_of(interventions=f"intervention_type=Drug|name=Drug: X|description={text}")
    assert section["armsInterventionsModule"]["interventions"] == [{"type": "DRUG", "name": "X", "description": text}]


def test_a_word_without_a_code_is_kept_and_told():
    record = flat_record(a_row(rec_status="Sleeping"))
    assert record.protocol_section.status_module.overall_status == "Sleeping"
    assert [found.written for found in irregularities(record)] == ["Sleeping"]


def test_a_column_that_nobody_knows_is_kept_and_told():
    record = flat_record(a_row(shoe_size="42"))
    assert as_json(record)["otherColumns"] == {"shoe_size": "42"}
    assert [found.field for found in irregularities(record)] == ["otherColumns"]


def test_a_column_that_holds_no_text_is_refused_by_its_name():
    with pytest.raises(InvalidInput, match="line 3: enrollment: '30' should be text"):
        flat_record(a_row(enrollment=30), "line 3")


JSON = st.recursive(st.none() | st.integers() | st.text(), lambda held: st.lists(held, max_size=2), max_leaves=4)
COLUMNS = st.sampled_from(["phase", "interventions", "outcomes", "conditions", "study_type", "enrollment", "criteria"])
VALUES = st.text() | st.sampled_from(["a=|name=", "intervention_type=|name=x ;; ", "outcome_type=x|measure=", "/", "|"])


@given(st.dictionaries(COLUMNS | st.text(max_size=5), VALUES | JSON, max_size=5))
def test_any_row_is_read_or_refused(columns):
    row = {**columns, "nct_id": "NCT00000001"}
    assert is_flat(row) is ("protocolSection" not in row)
    try:
        record = flat_record(row)
    except InvalidInput:
        assert any(not isinstance(value, str | None) for value in columns.values())
    else:
        assert record.nct_id == "NCT00000001"
        irregularities(record)
