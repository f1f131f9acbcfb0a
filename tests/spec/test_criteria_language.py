"""The criteria language: what it says, what it refuses and where, and what it means for a person."""
# ruff: noqa: E501 - a table is read by its rows

import datetime as dt
import json

import pytest

from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.facts import parse_patient
from earlyphase.eligibility.parsing import parse
from earlyphase.eligibility.person import person_of
from earlyphase.eligibility.showing import show
from earlyphase.eligibility.verdict import Answer, Verdict, both, either
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocol
from earlyphase.quantities import RoundingPolicy

TODAY = dt.date(2026, 5, 4)
MET, NOT_MET, UNKNOWN = Verdict


def answer(expression: str, *facts: dict, rounding=RoundingPolicy.UNROUNDED, **patient) -> Answer:
    """Ask an expression of a person with these facts, on 4 May 2026."""
    person = parse_patient(json.dumps({"id": "P", "facts": facts, **patient}))
    return evaluate(parse(expression), person_of(person, shared_terms(), TODAY, rounding), "I1")


def said(expression: str, *facts: dict, **patient) -> str:
    """Give the verdict, with the causes where it is unknown."""
    found = answer(expression, *facts, **patient)
    causes = "".join(f", {unknown.cause}" for unknown in found.unknowns)
    return f"{found.verdict}{causes}"


def lab(term: str, value: float, unit: str | None, on: str | None = "2026-05-01", **more) -> dict:
    """Give a laboratory value."""
    return {"term": term, "value": {"value": value, "unit": unit}, "on": on, **more}


def is_so(term: str, on: str | None = "2026-05-01", **more) -> dict:
    return {"term": term, "value": True, "on": on, **more}


def not_so(term: str, on: str | None = "2026-05-04", **more) -> dict:
    return {"term": term, "value": False, "on": on, **more}


KLEENE = [
    (MET, MET, MET, MET), (MET, NOT_MET, NOT_MET, MET), (MET, UNKNOWN, UNKNOWN, MET),
    (NOT_MET, NOT_MET, NOT_MET, NOT_MET), (NOT_MET, UNKNOWN, NOT_MET, UNKNOWN), (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "all_of", "any_of"), KLEENE)
def test_verdicts_combine_by_kleene(one, other, all_of, any_of):
    for pair in ((one, other), (other, one)):
        assert both(Answer(verdict) for verdict in pair).verdict is all_of
        assert either(Answer(verdict) for verdict in pair).verdict is any_of


def test_a_verdict_is_never_taken_for_yes_or_no():
    for verdict in Verdict:
        with pytest.raises(TypeError, match="three values"):
            bool(verdict)


MISTAKES = {
    "unknown term": ("alt <= 3 ULN and total_bilirubine <= 51 umol/L", 18, "'total_bilirubine' is not a known term. Did you mean total_bilirubin"),
    "unknown unit": ("total_bilirubin <= 51 umoll/L", 23, "is not a UCUM unit. Did you mean umol/L"),
    "a mistyped multiple": ("alt <= 3 ULNN", 10, "Did you mean ULN"),
    "a unit of another kind": ("alt <= 3 umol/L", 1, "is given in U/L, and its limit in umol/L does not convert"),
    "a window without an anchor": ("radiotherapy within 4 weeks", 28, "stops too early. Expected after, before or of"),
    "an unknown anchor": ("radiotherapy within 4 weeks before infuson", 36, "neither a stage of the study nor an event. Did you mean infusion"),
    "a status as an anchor": ("radiotherapy within 4 weeks before pregnant", 36, "is no anchor"),
    "a mistyped word": ("pregnant nad lactating", 10, "'nad' was not expected here. Did you mean and"),
    "no comparison": ("alt", 1, "Compare it: alt <= … U/L"),
    "a status compared": ("pregnant >= 3", 1, "is compared with a limit, but is no measured value. Write pregnant, or not pregnant"),
    "a status counted": ("count(pregnant) >= 3", 7, "is counted, but is no event"),
    "a word compared with <": ("sex < female", 5, "cannot compare words. Write ="),
    "an unknown word": ("sex = femal", 1, "'femal' is not among the choices of sex. Did you mean female"),
    "an open bracket": ("(pregnant or lactating", 23, "stops too early"),
    "a closed bracket too many": ("pregnant)", 9, "')' was not expected here"),
    "nothing": ("", 1, "stops too early"),
    "an unknown character": ("pregnant & lactating", 10, "'&' was not expected here"),
    "a text without end": ('undefined "QT', 11, "was not expected here"),
    "an empty text": ('undefined ""', 11, "is empty"),
    "half a month": ("duration(first_cr) <= 1.5 months", 23, "is not a whole number"),
    "a number without end": ("ecog <= 9e99", 9, "is too large a number"),
    "an endless nest": ("(" * 60 + "pregnant" + ")" * 60 + " or " + "not " * 60 + "pregnant", 1, "nested more than 40 levels deep"),
    "an exception that narrows nothing": ("(pregnant or lactating) except dose < 5 mg/d", 1, "follows a single term"),
    "an endless text": ("pregnant or " * 400 + "pregnant", None, "is longer than 4000 characters"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "character", "expected"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_told_with_its_character(text, character, expected):
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert expected in str(caught.value)
    if character is not None:
        assert caught.value.place == f"criterion, character {character}"


def test_the_mark_stands_under_the_mistake_in_its_line():
    with pytest.raises(InvalidInput) as caught:
        parse("pregnant\n  or lactatin\n  or fertile")
    assert str(caught.value).splitlines()[1:] == ["    or lactatin", "       ^"]


EQUAL = {
    "alt≤3ULN": "alt <= 3 ULN",
    "ALT_ <= 1 ULN": None,
    "total_bilirubin <= 51 µmol/L": "total_bilirubin <= 51 umol/L",
    "NOT pregnant AND Not lactating": "not pregnant and not lactating",
    "(pregnant) or ((lactating))": "pregnant or lactating",
    "any of (pregnant)": "any of (pregnant)",
    "(pregnant or lactating) and fertile": "(pregnant or lactating) and fertile",
    "pregnant or lactating and fertile": "pregnant or lactating and fertile",
    "not (pregnant and lactating)": "not (pregnant and lactating)",
    "if fertile then if pregnant then lactating": "if fertile then if pregnant then lactating",
    "(radiotherapy except purpose = x) except pregnant": "(radiotherapy except purpose = x) except pregnant",
    "radiotherapy within 1 week of relapse": "radiotherapy within 1 week of relapse",
    "sex in (female)": "sex = female",
}


@pytest.mark.parametrize(("text", "shown"), [pair for pair in EQUAL.items() if pair[1]])
def test_an_expression_is_written_in_one_way(text, shown):
    assert show(parse(text)) == shown
    assert parse(shown) == parse(text)


BILIRUBIN = "total_bilirubin <= 51 umol/L"
MEASURED = {
    "at the limit": (BILIRUBIN, [lab("total_bilirubin", 51, "umol/L")], "met"),
    "above the limit": (BILIRUBIN, [lab("total_bilirubin", 51.1, "umol/L")], "not met"),
    "as people write the unit": (BILIRUBIN, [lab("total_bilirubin", 51, "µmol/l")], "met"),
    "mass for amount": (BILIRUBIN, [lab("total_bilirubin", 2.9, "mg/dL")], "met"),
    "no fact": (BILIRUBIN, [], "unknown, missing"),
    "no unit": (BILIRUBIN, [lab("total_bilirubin", 12, None)], "unknown, unit"),
    "only a number": (BILIRUBIN, [{"term": "total_bilirubin", "value": 12, "on": "2026-05-01"}], "unknown, unit"),
    "another unit": (BILIRUBIN, [lab("total_bilirubin", 12, "kg")], "unknown, unit"),
    "no such unit": (BILIRUBIN, [lab("total_bilirubin", 12, "blobs")], "unknown, unit"),
    "a word": (BILIRUBIN, [{"term": "total_bilirubin", "value": "normal"}], "unknown, unit"),
    "yes": (BILIRUBIN, [is_so("total_bilirubin")], "unknown, unit"),
    "from the future": (BILIRUBIN, [lab("total_bilirubin", 12, "umol/L", "2026-05-05")], "unknown, conflict"),
    "the latest counts": (BILIRUBIN, [lab("total_bilirubin", 90, "umol/L", "2026-04-01"), lab("total_bilirubin", 12, "umol/L", "2026-05-02")], "met"),
    "the order does not": (BILIRUBIN, [lab("total_bilirubin", 12, "umol/L", "2026-05-02"), lab("total_bilirubin", 90, "umol/L", "2026-04-01")], "met"),
    "two of one day agree": (BILIRUBIN, [lab("total_bilirubin", 12, "umol/L"), lab("total_bilirubin", 14, "umol/L")], "met"),
    "two of one day disagree": (BILIRUBIN, [lab("total_bilirubin", 12, "umol/L"), lab("total_bilirubin", 60, "umol/L")], "unknown, conflict"),
    "perhaps the latest": (BILIRUBIN, [lab("total_bilirubin", 12, "umol/L", "2026-04-20"), lab("total_bilirubin", 60, "umol/L", "2026-04")], "unknown, conflict"),
    "times the upper limit": ("alt <= 3 ULN", [lab("alt", 120, "U/L", upper_limit={"value": 40, "unit": "U/L"})], "met"),
    "above three times": ("alt <= 3 ULN", [lab("alt", 121, "U/L", upper_limit={"value": 40, "unit": "U/L"})], "not met"),
    "times the lower limit": ("hemoglobin >= 0.5 LLN", [lab("hemoglobin", 6, "g/dL", lower_limit={"value": 120, "unit": "g/L"})], "met"),
    "no upper limit": ("alt <= 3 ULN", [lab("alt", 120, "U/L")], "unknown, missing"),
    "an upper limit without a unit": ("alt <= 3 ULN", [lab("alt", 120, "U/L", upper_limit={"value": 40})], "unknown, unit"),
    "an international unit of an enzyme": ("alt <= 100 U/L", [lab("alt", 90, "IU/L")], "met"),
    "a score": ("ecog <= 2", [{"term": "ecog", "value": 2}], "met"),
    "the asked method": ("lvef >= 50 % with method = echocardiography", [lab("lvef", 40, "%", method="mri"), lab("lvef", 55, "%", method="echocardiography")], "met"),
    "another method": ("lvef >= 50 % with method = echocardiography", [lab("lvef", 60, "%", method="mri")], "unknown, missing"),
    "no method": ("lvef >= 50 % with method = echocardiography", [lab("lvef", 60, "%")], "unknown, missing"),
    "a code": ("sex = female", [{"term": "sex", "value": "female"}], "met"),
    "another code": ("sex = female", [{"term": "sex", "value": "male"}], "not met"),
    "an unknown code": ("sex = female", [{"term": "sex", "value": "F"}], "unknown, missing"),
    "a status": ("pregnant", [not_so("pregnant", "2026-05-01")], "not met"),
    "a status in conflict": ("pregnant", [not_so("pregnant", "2026-05-01"), is_so("pregnant", "2026-05-01")], "unknown, conflict"),
    "a status in words": ("pregnant", [{"term": "pregnant", "value": "no"}], "unknown, missing"),
    "a status without a value": ("pregnant", [{"term": "pregnant"}], "unknown, missing"),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "facts", "expected"), MEASURED.values(), ids=list(MEASURED))
def test_a_measured_value_is_compared_or_unknown_with_its_cause(expression, facts, expected):
    assert said(expression, *facts) == expected


@pytest.mark.parametrize(
    ("value", "rounding", "verdict"),
    [
        (3.0, RoundingPolicy.UNROUNDED, NOT_MET),
        (3.0, RoundingPolicy.DECIMALS_OF_LIMIT, MET),
        (3.1, RoundingPolicy.DECIMALS_OF_LIMIT, NOT_MET),
    ],
)
def test_the_rounding_policy_decides_at_the_boundary_and_is_shown(value, rounding, verdict):
    found = answer(BILIRUBIN, lab("total_bilirubin", value, "mg/dL"), rounding=rounding)
    assert found.verdict is verdict
    shown = found.evidence[0]
    assert "µmol/L" in shown.value
    assert ("rounded to the decimals of the limit" in shown.because) == (rounding is RoundingPolicy.DECIMALS_OF_LIMIT)


RECENT = "platelets >= 50 10*9/L within 7 days before infusion"
INFUSION = {"infusion": "2026-05-04"}
WINDOWS = {
    "on the first day": (RECENT, [lab("platelets", 60, "10*9/L", "2026-04-27")], INFUSION, "met"),
    "a day too early": (RECENT, [lab("platelets", 60, "10*9/L", "2026-04-26")], INFUSION, "unknown, stale"),
    "on an unknown day": (RECENT, [lab("platelets", 60, "10*9/L", "2026-04")], INFUSION, "unknown, missing"),
    "without a date": (RECENT, [lab("platelets", 60, "10*9/L", None)], INFUSION, "unknown, missing"),
    "no anchor yet": (RECENT, [lab("platelets", 60, "10*9/L")], {}, "unknown, not due yet"),
    "not begun": (RECENT, [lab("platelets", 60, "10*9/L")], {"infusion": "2026-06-30"}, "unknown, not due yet"),
    "after an event": ("ecog <= 1 within 30 days after relapse", [{"term": "ecog", "value": 1, "on": "2026-04-10"}, is_so("relapse", "2026-04-01")], {}, "met"),
    "72 hours before": ("targeted_therapy within 72 hours before infusion", [is_so("targeted_therapy", "2026-05-01")], INFUSION, "met"),
    "longer ago, and none since": ("targeted_therapy within 72 hours before infusion", [is_so("targeted_therapy", "2026-04-30"), not_so("targeted_therapy")], INFUSION, "not met"),
    "longer ago, since then unknown": ("targeted_therapy within 72 hours before infusion", [is_so("targeted_therapy", "2026-04-30")], INFUSION, "unknown, missing"),
    "denied too early": ("targeted_therapy within 72 hours before infusion", [not_so("targeted_therapy", "2026-05-02")], INFUSION, "unknown, stale"),
    "denied on an unknown day": ("targeted_therapy within 72 hours before infusion", [not_so("targeted_therapy", None)], INFUSION, "unknown, missing"),
    "a course that reaches into the window": ("targeted_therapy within 72 hours before infusion", [is_so("targeted_therapy", "2026-04-01", until="2026-05-01")], INFUSION, "met"),
    "the window is not over": ("targeted_therapy within 72 hours before infusion", [not_so("targeted_therapy")], {"infusion": "2026-05-05"}, "unknown, not due yet"),
    "in the window although it is not over": ("targeted_therapy within 72 hours before infusion", [is_so("targeted_therapy", "2026-05-03")], {"infusion": "2026-05-05"}, "met"),
    "some day of the month": ("radiotherapy within 4 weeks before infusion", [is_so("radiotherapy", "2026-04"), not_so("radiotherapy")], INFUSION, "unknown, missing"),
    "surely before": ("radiotherapy within 4 weeks before infusion", [is_so("radiotherapy", "2026-03"), not_so("radiotherapy")], INFUSION, "not met"),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "facts", "anchors", "expected"), WINDOWS.values(), ids=list(WINDOWS))
def test_a_window_decides_which_facts_count(expression, facts, anchors, expected):
    assert said(expression, *facts, anchors=anchors) == expected


STEROID = "systemic_corticosteroid within 72 hours before infusion except dose < 10 mg/d"
EVENTS = {
    "more than replacement": (STEROID, [is_so("systemic_corticosteroid", "2026-05-03", dose={"value": 10, "unit": "mg/d"})], "met"),
    "replacement": (STEROID, [is_so("systemic_corticosteroid", "2026-05-03", dose={"value": 9.9, "unit": "mg/d"}), not_so("systemic_corticosteroid")], "not met"),
    "replacement, and perhaps another": (STEROID, [is_so("systemic_corticosteroid", "2026-05-03", dose={"value": 5, "unit": "mg/d"})], "unknown, missing"),
    "dose unknown": (STEROID, [is_so("systemic_corticosteroid", "2026-05-03"), not_so("systemic_corticosteroid")], "unknown, missing"),
    "never happened": ("gene_therapy", [not_so("gene_therapy", "2026-01-01")], "not met"),
    "nobody asked": ("gene_therapy", [], "unknown, missing"),
    "happened": ("gene_therapy", [{"term": "gene_therapy"}], "met"),
    "from before birth": ("gene_therapy", [is_so("gene_therapy", "1970")], "unknown, conflict"),
    "ends before it begins": ("gene_therapy", [is_so("gene_therapy", "2026-04-01", until="2026-03-01")], "unknown, conflict"),
    "two are two": ("count(relapse) >= 2", [is_so("relapse", "2025"), is_so("relapse", "2026-02")], "met"),
    "one is perhaps not all": ("count(relapse) >= 2", [is_so("relapse", "2025")], "unknown, missing"),
    "one and no other": ("count(relapse) >= 2", [is_so("relapse", "2025"), not_so("relapse")], "not met"),
    "one, denied before it": ("count(relapse) >= 2", [is_so("relapse", "2025-06-01"), not_so("relapse", "2025-01-01")], "unknown, stale"),
    "at most, and more unknown": ("count(relapse) <= 1", [is_so("relapse", "2025")], "unknown, missing"),
    "at most, exceeded": ("count(relapse) <= 1", [is_so("relapse", "2024"), is_so("relapse", "2025")], "not met"),
    "exactly": ("count(relapse) = 1", [is_so("relapse", "2025"), not_so("relapse")], "met"),
    "exactly, exceeded": ("count(relapse) = 1", [is_so("relapse", "2024"), is_so("relapse", "2025")], "not met"),
    "twelve months to the day": ("duration(first_cr) <= 12 months", [is_so("first_cr", "2025-01-31", until="2026-01-31")], "met"),
    "a day more": ("duration(first_cr) <= 12 months", [is_so("first_cr", "2025-01-31", until="2026-02-01")], "not met"),
    "months are of the calendar": ("duration(first_cr) <= 1 month", [is_so("first_cr", "2025-01-31", until="2025-02-28")], "met"),
    "days unknown, yet short": ("duration(first_cr) <= 12 months", [is_so("first_cr", "2025-01", until="2025-06")], "met"),
    "days unknown": ("duration(first_cr) <= 12 months", [is_so("first_cr", "2025-01", until="2026-01")], "unknown, missing"),
    "it lasts": ("duration(first_cr) <= 12 months", [is_so("first_cr", "2026-01-01")], "unknown, not due yet"),
    "it lasts, too long already": ("duration(first_cr) <= 12 months", [is_so("first_cr", "2025-01-01")], "not met"),
    "it lasts, long enough already": ("duration(first_cr) >= 12 months", [is_so("first_cr", "2025-01-01")], "met"),
    "what never was did not last": ("duration(first_cr) <= 12 months", [not_so("first_cr")], "not met"),
    "what is not defined": ('undefined "prolonged QT interval"', [], "unknown, underspecified criterion"),
    "a judgement": ('judgement "fit" by investigator', [is_so("judgement", about="Fit", by="A")], "met"),
    "a judgement on the criterion": ('judgement "fit" by investigator', [not_so("judgement", about="I1", by="A")], "not met"),
    "a judgement on something else": ('judgement "fit" by investigator', [is_so("judgement", about="tall", by="A")], "unknown, missing"),
    "two judgements": ('judgement "fit" by investigator', [is_so("judgement", about="fit"), not_so("judgement", about="fit")], "unknown, conflict"),
    "nothing to ask": ("if pregnant then fertile", [not_so("pregnant")], "met"),
    "something to ask": ("if pregnant then fertile", [is_so("pregnant")], "unknown, missing"),
    "an exception": ("pregnant except fertile", [is_so("pregnant"), is_so("fertile")], "not met"),
    "of age on the birthday": ("age >= 18 years", [], "met"),
    "no longer a child": ("age < 18 years", [], "not met"),
    "perhaps of age": ("age >= 46 years", [], "unknown, missing"),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "facts", "expected"), EVENTS.values(), ids=list(EVENTS))
def test_an_event_has_happened_only_where_somebody_says_so(expression, facts, expected):
    assert said(expression, *facts, anchors=INFUSION, birth_date="1980") == expected


def test_an_unknown_says_which_test_would_settle_it():
    found = answer("total_bilirubin <= 51 umol/L and lvef >= 50 % with method = echocardiography")
    assert [(unknown.need.test, unknown.need.about) for unknown in found.unknowns] == [
        ("blood chemistry", "total bilirubin"),
        ("echocardiography", "left ventricular ejection fraction (echocardiography)"),
    ]


def test_evidence_names_value_day_and_source():
    fact = lab("total_bilirubin", 1.5, "mg/dL", source="report 12")
    shown = answer(BILIRUBIN, fact).evidence[0]
    assert (shown.about, shown.value, shown.on, shown.source, shown.because) == (
        "total_bilirubin", "1.5 mg/dL = 25.6554 µmol/L", "2026-05-01", "report 12", "≤ 51 µmol/L",
    )  # fmt: skip


def test_both_languages_are_made_from_the_one_expression():
    criteria = criteria_set(read_protocol(study_folder("NCT06633354") / "protocol.yaml"))
    node = criteria.rule("I5").node
    assert criteria.speaker("en").say(node).startswith("total bilirubin at most 51 µmol/L; and alanine")
    assert criteria.speaker("zh").say(node).startswith("总胆红素≤51 µmol/L，且丙氨酸氨基转移酶（ALT）≤3倍正常值上限")
    changed = criteria.changed("I5", "total_bilirubin < 60 umol/L")
    assert changed.speaker("zh").say(changed.rule("I5").node) == "总胆红素<60 µmol/L"


def test_every_criterion_of_the_example_is_said_wholly_in_chinese():
    criteria = criteria_set(read_protocol(study_folder("NCT06633354") / "protocol.yaml"))
    speaker = criteria.speaker("zh")
    for rule in criteria.rules:
        words = speaker.say(rule.node)
        assert not any(quoted in words for quoted in criteria.translations), rule.id
