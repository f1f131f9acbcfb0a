"""Eligibility in the journal: verdicts are held against the recorded facts, and nothing that fails is waived."""

import dataclasses
import datetime as dt
import json

import pytest
from tests.builders import ASSUMED, SHA, Site, a_protocol, day, rules_of

from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads.entering import ScreeningFacts
from earlyphase.protocol.versions import ProtocolVersion
from earlyphase.reports.tables.escalation import deviations_table
from earlyphase.study.commands import read_command
from earlyphase.study.desk import Author
from earlyphase.study.deviations import not_eligible
from earlyphase.study.status import status_of

EXPRESSIONS = {
    "I1": ("inclusion", "screening", "total_bilirubin <= 51 umol/L"),
    "I2": ("inclusion", "screening", "age >= 18 years"),
    "I3": ("inclusion", "screening", 'judgement "life expectancy of at least 12 weeks" by investigator'),
    "I4": ("inclusion", "consent", 'attest "informed consent" by participant'),
    "E1": ("exclusion", "screening", "epilepsy"),
    "E2": ("exclusion", "screening", 'undefined "severe heart disease"'),
    "E3": ("exclusion", "infusion", "systemic_corticosteroid within 72 hours before infusion except dose < 10 mg/d"),
}
REASON = "No threshold is published; in my judgement it does not exclude."


@pytest.fixture
def site():
    criteria = [
        {**ASSUMED, "id": name, "kind": kind, "stage": stage, "as_written": said, "as_interpreted": said}
        | {"expression": said}
        for name, (kind, stage, said) in EXPRESSIONS.items()
    ]
    made = Site(a_protocol(criteria=criteria))
    made.consents("001", day(1))
    return made


def finds(site, *facts, on=2, **more):
    dated = [{"on": str(day(on)), **fact} for fact in facts]
    return site.says("screening_facts", "coordinator", "001", on=day(on), facts=dated, **more)


def bilirubin(value, unit="umol/L"):
    return {"term": "total_bilirubin", "value": {"value": value, "unit": unit}}


NO_EPILEPSY = {"term": "epilepsy", "value": False}


def confirms(site, on=3, stage="enrolment", **changes):
    due = [name for name, (_, at, _) in EXPRESSIONS.items() if stage == "infusion" or at != "infusion"]
    verdicts = []
    for name in due:
        right = {"criterion": name, "verdict": "met" if EXPRESSIONS[name][0] == "inclusion" else "not met"}
        if name == "E2":
            right = {"criterion": name, "verdict": "unknown", "statement": REASON}
        verdicts.append({**right, **changes.get(name, {})})
    return site.says("eligibility_confirmed", "investigator", "001", on=day(on), stage=stage, verdicts=verdicts)


def eligible(site):
    assert isinstance(finds(site, bilirubin(2.9, "mg/dL"), NO_EPILEPSY, birth_date="1988-06"), Entry)
    answer = confirms(site)
    assert isinstance(answer, Entry), answer


def test_facts_statement_judgement_and_consent_together_settle_every_criterion(site):
    eligible(site)
    assert isinstance(site.enrols("001", day(3)), Entry)


def test_a_participant_is_held_against_the_criteria_of_the_version_in_force(site):
    eligible(site)
    site.enrols("001", day(3))
    assert not list(not_eligible(site.study))
    stricter = next(iter(site.protocols.values()))
    criteria = [one.model_copy(update={"expression": "age >= 60 years"}) for one in stricter.protocol.criteria]
    protocol = stricter.protocol.model_copy(update={"criteria": (criteria[1],)})
    amended = dataclasses.replace(site.study, protocols={protocol.version: ProtocolVersion(protocol, SHA)})
    assert [one.criterion for one in not_eligible(amended)] == ["I2"]
    assert not list(not_eligible(site.study))


def test_a_criterion_of_which_nothing_is_recorded_is_not_settled_by_a_verdict(site):
    finds(site, NO_EPILEPSY, birth_date="1988")
    answer = confirms(site)
    assert rules_of(answer) == {"not settled"}
    assert "I1 is unknown: missing: total bilirubin: nothing is recorded" in str(answer)
    assert "blood chemistry" in str(answer)


def test_an_unknown_is_settled_by_a_statement_with_its_reason(site):
    finds(site, NO_EPILEPSY, birth_date="1988")
    answer = confirms(site, I1={"statement": "Measured today at 20 µmol/L; the report follows."})
    assert isinstance(answer, Entry), answer


def test_a_criterion_that_is_not_met_is_never_waived_by_verdict_or_statement(site):
    finds(site, bilirubin(80), NO_EPILEPSY, birth_date="1988")
    for given in ({}, {"verdict": "unknown", "statement": REASON}, {"statement": REASON}, {"verdict": "not met"}):
        answer = confirms(site, I1=given)
        assert rules_of(answer) == {"not eligible"}
        assert "total bilirubin 80 µmol/L on 2026-01-07 (≤ 51 µmol/L)" in str(answer)
        assert "never waived" in str(answer)


def test_a_verdict_that_contradicts_the_facts_is_refused_with_the_evidence(site):
    finds(site, bilirubin(20), NO_EPILEPSY, birth_date="1988")
    answer = confirms(site, I1={"verdict": "unknown", "statement": REASON})
    assert rules_of(answer) == {"contradiction"}
    assert "total bilirubin 20" in str(answer)


def test_an_exclusion_that_is_met_keeps_the_participant_out(site):
    finds(site, bilirubin(20), {"term": "epilepsy", "value": True}, birth_date="1988")
    assert rules_of(confirms(site)) == {"not eligible"}


def test_the_age_comes_from_the_birth_date_and_the_consent_from_the_consent_form(site):
    finds(site, bilirubin(20), NO_EPILEPSY, birth_date="2012-05-01")
    assert "I2 is not met" in str(confirms(site))


def test_the_investigators_judgement_is_the_verdict_and_a_recorded_one_is_not_overruled(site):
    finds(site, bilirubin(20), NO_EPILEPSY, birth_date="1988")
    assert rules_of(confirms(site, I3={"verdict": "not met"})) == {"not eligible"}
    finds(site, {"term": "judgement", "about": "I3", "value": False, "by": "Zhang Min"})
    assert "no, by Zhang Min" in str(confirms(site))


def test_what_was_found_after_the_day_of_the_confirmation_does_not_count_on_that_day(site):
    finds(site, bilirubin(20), NO_EPILEPSY, birth_date="1988")
    finds(site, bilirubin(80), on=5)
    assert isinstance(confirms(site, on=3), Entry)


def test_facts_that_came_after_the_confirmation_bar_the_enrolment(site):
    eligible(site)
    finds(site, bilirubin(80), on=4)
    answer = site.enrols("001", day(4))
    assert rules_of(answer) == {"not eligible"}
    assert all(reason.deviation_possible for reason in answer.reasons)


def test_entering_all_the_same_is_a_deviation_that_shows_in_status_and_report(site):
    finds(site, bilirubin(80), NO_EPILEPSY, birth_date="1988")
    assert rules_of(site.enrols("001", day(3))) == {"not eligible"}
    assert isinstance(site.enrols("001", day(3), deviation="Gilbert syndrome; the sponsor agreed."), Entry)
    alerts = [str(alert.message) for alert in status_of(site.study, day(4)).alerts]
    assert any("Gilbert syndrome" in said for said in alerts)
    assert any("I1 is not met" in said and "recorded as a protocol deviation" in said for said in alerts)
    shown = [[cell.text for cell in row.cells] for row in deviations_table(site.study).rows]
    assert [row[:2] for row in shown] == [["001", "enrolment"], ["001", "eligibility"]]


def test_a_correction_that_makes_a_participant_ineligible_shows_at_once(site):
    eligible(site)
    site.enrols("001", day(3))
    fact = site.study.participants["001"].all(ScreeningFacts)[0]
    payload = fact.payload.model_dump(mode="json", exclude_none=True)
    payload["facts"][0]["value"] = {"value": 9.2, "unit": "mg/dL"}
    command = {"command": "correct", "entry": fact.latest, "reason": "Misread.", "payload": payload}
    assert isinstance(asks(site, command), Entry)
    (alert,) = [alert for alert in status_of(site.study, day(5)).alerts if alert.what == "not eligible"]
    assert "001 is enrolled, and I1 is not met: total bilirubin 9.2 mg/dL" in alert.message


def asks(site, command):
    return site.desk.do(read_command(json.dumps(command), "line 1"), Author("Li Wei", "coordinator"), site.now)


def test_the_window_before_the_infusion_is_counted_from_the_day_of_the_recheck(site):
    eligible(site)
    site.enrols("001", day(3))
    steroid = {"term": "systemic_corticosteroid", "on": str(day(29)), "dose": {"value": 40, "unit": "mg/d"}}
    assert isinstance(finds(site, steroid, on=29), Entry)
    assert rules_of(confirms(site, on=30, stage="infusion")) == {"not eligible"}
    assert rules_of(confirms(site, on=40, stage="infusion")) == {"not settled"}
    finds(site, {"term": "systemic_corticosteroid", "value": False}, on=40)
    assert isinstance(confirms(site, on=40, stage="infusion"), Entry)


def test_a_replacement_dose_below_the_limit_does_not_exclude(site):
    eligible(site)
    site.enrols("001", day(3))
    steroid = {"term": "systemic_corticosteroid", "on": str(day(30)), "dose": {"value": 5, "unit": "mg/d"}}
    finds(site, steroid, {"term": "systemic_corticosteroid", "value": False}, on=30)
    assert isinstance(confirms(site, on=30, stage="infusion"), Entry)


def measures(site, value, *, on=2, analyte="bilirubin", unit="umol/L", **limits):
    result = {"analyte": analyte, "value": {"value": value, "unit": unit}, **limits}
    entry = site.says("laboratory", "coordinator", "001", on=day(on), results=[result])
    assert isinstance(entry, Entry), entry
    return entry.seq


def test_a_laboratory_value_of_the_journal_settles_a_criterion_and_names_its_entry(site):
    finds(site, NO_EPILEPSY, birth_date="1988")
    measures(site, 1.1, unit="mg/dL")
    assert isinstance(confirms(site), Entry)
    number = measures(site, 80, on=4, analyte="Bilirubin")
    answer = site.enrols("001", day(4))
    assert rules_of(answer) == {"not eligible"}
    assert f"total bilirubin 80 µmol/L on 2026-01-09 (≤ 51 µmol/L), by entry {number}" in str(answer)


def test_a_corrected_laboratory_value_is_what_counts(site):
    finds(site, NO_EPILEPSY, birth_date="1988")
    number = measures(site, 80)
    payload = {"on": str(day(2)), "results": [{"analyte": "bilirubin", "value": {"value": 8.0, "unit": "umol/L"}}]}
    corrected = asks(site, {"command": "correct", "entry": number, "reason": "Misread.", "payload": payload})
    assert isinstance(corrected, Entry)
    assert isinstance(confirms(site), Entry)


def test_a_laboratory_value_that_contradicts_a_screening_fact_of_its_day_settles_nothing(site):
    finds(site, bilirubin(20), NO_EPILEPSY, birth_date="1988")
    measures(site, 80)
    answer = confirms(site)
    assert rules_of(answer) == {"not settled"}
    assert "conflict: total bilirubin: recorded as 20 µmol/L (2026-01-07) and 80 µmol/L (2026-01-07)" in str(answer)


@pytest.fixture
def measuring_site():
    asked = {
        "I1": ("screening", "spo2 >= 92 % with state = room_air"),
        "I2": ("screening", "marrow_blasts > 5 % with method = morphology or marrow_blasts > 1 % with method = flow"),
        "I3": ("screening", "alt <= 3 ULN within 7 days before enrolment"),
        "I4": ("infusion", "temperature < 38 Cel within 1 day before infusion"),
    }
    made = Site(
        a_protocol(
            criteria=[
                {**ASSUMED, "id": name, "kind": "inclusion", "stage": stage, "expression": said}
                | {"as_written": said, "as_interpreted": said}
                for name, (stage, said) in asked.items()
            ]
        )
    )
    made.consents("001", day(1))
    return made


def refusal(site, stage="enrolment", on=20):
    due = ["I1", "I2", "I3", *(["I4"] if stage == "infusion" else [])]
    verdicts = [{"criterion": name, "verdict": "met"} for name in due]
    return site.says("eligibility_confirmed", "investigator", "001", on=day(on), stage=stage, verdicts=verdicts)


def signs(site, sign, value, unit, on):
    site.says(
        "vital_signs", "coordinator", "001", on=day(on), signs=[{"sign": sign, "value": {"value": value, "unit": unit}}]
    )


def test_vital_signs_marrow_and_stale_values_count_as_a_file_s_do(measuring_site):
    site = measuring_site
    signs(site, "oxygen saturation", 97, "%", on=15)
    site.says("marrow", "investigator", "001", on=day(3), blasts={"value": 3, "unit": "%"}, method="flow cytometry")
    measures(site, 31, on=5, analyte="ALT", unit="U/L", upper_limit={"value": 40, "unit": "U/L"})
    said = str(refusal(site))
    assert "I1 is unknown: missing: oxygen saturation (room_air): recorded without its state" in said
    assert "I2" not in said
    assert "I3 is unknown: stale: alanine aminotransferase (ALT): last recorded on 2026-01-10" in said


def test_after_the_enrolment_routine_values_reopen_no_criterion_of_screening(measuring_site):
    site = measuring_site
    finds(site, {"term": "spo2", "value": {"value": 97, "unit": "%"}, "state": "room_air"}, on=18)
    site.says("marrow", "investigator", "001", on=day(3), blasts={"value": 30, "unit": "%"}, method="morphology")
    measures(site, 31, on=18, analyte="alt", unit="U/L", upper_limit={"value": 40, "unit": "U/L"})
    assert isinstance(refusal(site), Entry)
    assert isinstance(site.enrols("001", day(20)), Entry)
    measures(site, 400, on=40, analyte="alt", unit="U/L", upper_limit={"value": 40, "unit": "U/L"})
    signs(site, "temperature", 38.6, "Cel", on=40)
    answer = refusal(site, "infusion", on=40)
    assert rules_of(answer) == {"not eligible"}
    assert "I4 is not met (temperature 38.6 °C" in str(answer)
    assert "alanine" not in str(answer)


def test_the_refusal_of_an_enrolment_says_what_is_open_and_what_may_be_done(site):
    answer = str(site.enrols("001", day(3)))
    assert (
        "eligibility is not confirmed for enrolment; open: I1 (missing), I2 (missing), I3 (missing), E1 (missing)"
        in answer
    )
    assert "E2 (underspecified criterion)" in answer
    for said in (
        "by data",
        "signed statement with its reason",
        "protocol deviation",
        "in the status and in every report",
    ):
        assert said in answer
    finds(site, bilirubin(80), NO_EPILEPSY, birth_date="1988")
    answer = str(site.enrols("001", day(3)))
    assert "never waived" in answer
    assert "changes no verdict" in answer


def test_a_payload_of_the_first_journals_still_reads():
    old = '{"on":"2026-01-16","facts":[{"term":"lvef","value":{"value":61,"unit":"%"},"on":"2026-01-14"}]}'
    assert ScreeningFacts.model_validate_json(old).facts[0].state is None
    assert dt.date(2026, 1, 16) == ScreeningFacts.model_validate_json(old).on
