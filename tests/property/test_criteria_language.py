"""The grammar never crashes; printing then parsing gives an expression back; three-valued logic is sound."""
# ruff: noqa: E501 - lists of words are read by their rows

import datetime as dt
import itertools
import json
from contextlib import suppress
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.criteria_strategies import KNOWN, LEAF, NUMBER, trees

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.facts import parse_patient
from earlyphase.eligibility.needs import leaf_ways, ways_to
from earlyphase.eligibility.parsing import parse
from earlyphase.eligibility.person import person_of
from earlyphase.eligibility.possible import kleene
from earlyphase.eligibility.screening import screen
from earlyphase.eligibility.showing import show
from earlyphase.eligibility.verdict import Verdict
from earlyphase.eligibility.wording import Speaker
from earlyphase.faults import InvalidInput
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocol
from earlyphase.quantities import RoundingPolicy

TODAY = dt.date(2026, 5, 4)
EXAMPLE = criteria_set(read_protocol(study_folder("NCT06633354") / "protocol.yaml"))


@settings(max_examples=400)
@given(trees(LEAF, 8))
def test_printing_then_parsing_gives_an_expression_back(node):
    assert parse(show(node)) == node


@given(trees(LEAF, 6))
def test_every_expression_can_be_said_in_both_languages(node):
    for language in ("en", "zh"):
        assert Speaker(language, KNOWN, {}).say(node)


WORDS = st.sampled_from([
    "pregnant", "alt", "sex", "relapse", "radiotherapy", "<=", "=", "51", "umol/L", "3", "ULN", "and", "or", "not", "(", ")",
    ",", "any of", "if", "then", "except", "within", "72 hours", "before", "infusion", "with", "method", "flow", "count(",
    "duration(", "age", "judgement", '"text"', "by", "undefined", "%", "1e9", "-", "µ",
])  # fmt: skip


@settings(max_examples=300)
@given(st.text(max_size=40) | st.lists(WORDS, max_size=14).map(" ".join))
def test_any_text_is_parsed_or_refused(text):
    with suppress(InvalidInput):
        parse(text)


STATUSES = ("pregnant", "lactating", "fertile", "hiv")
SMALL = trees(st.sampled_from([n.Holds(n.Subject(name)) for name in STATUSES]), 7)
STATES = st.fixed_dictionaries({name: st.none() | st.booleans() for name in STATUSES})


def person_with(states: dict[str, bool | None]):
    facts = [{"term": name, "value": value} for name, value in states.items() if value is not None]
    patient = parse_patient(json.dumps({"id": "P", "facts": facts}))
    return person_of(patient, KNOWN, TODAY, RoundingPolicy.UNROUNDED)


def completions(states: dict[str, bool | None]):
    """Go through all ways in which what is unknown may turn out."""
    unknown = [name for name, value in states.items() if value is None]
    for values in itertools.product((False, True), repeat=len(unknown)):
        yield states | dict(zip(unknown, values, strict=True))


@given(SMALL, STATES)
def test_a_verdict_on_part_of_the_facts_holds_however_the_rest_turns_out(node, states):
    now = evaluate(node, person_with(states)).verdict
    later = {evaluate(node, person_with(whole)).verdict for whole in completions(states)}
    assert Verdict.UNKNOWN not in later
    assert now is Verdict.UNKNOWN or later == {now}


@given(SMALL, STATES)
def test_an_unknown_has_a_cause_and_a_verdict_has_evidence(node, states):
    found = evaluate(node, person_with(states))
    assert bool(found.unknowns) == (found.verdict is Verdict.UNKNOWN)
    assert found.verdict is Verdict.UNKNOWN or found.evidence


@given(SMALL, STATES)
def test_the_two_ways_of_answering_agree(node, states):
    def answer(leaf):
        return evaluate(leaf, person_with(states)).verdict

    assert kleene(node, answer) is evaluate(node, person_with(states)).verdict


@given(SMALL, STATES)
def test_the_needs_suffice_to_settle_where_they_come_out_well(node, states):
    names = {KNOWN[name].en: name for name in STATUSES}
    for needs in ways_to(node, Verdict.MET, partial(leaf_ways, person_with(states), "")):
        asked = [names[need.about] for need in needs]
        tries = [
            states | dict(zip(asked, values, strict=True))
            for values in itertools.product((False, True), repeat=len(asked))
        ]
        simple = [evaluate(node, person_with(known)).verdict for known in tries]
        twice = [name for name in asked if sum(show(leaf) == name for leaf in n.leaves(node)) > 1]
        assert Verdict.MET in simple or twice


@given(SMALL, STATES)
def test_where_no_needs_are_named_the_person_cannot_become_eligible(node, states):
    ways = ways_to(node, Verdict.MET, partial(leaf_ways, person_with(states), ""))
    if not ways:
        assert all(evaluate(node, person_with(whole)).verdict is Verdict.NOT_MET for whole in completions(states))


AMOUNT = st.fixed_dictionaries(
    {"value": NUMBER, "unit": st.sampled_from(["umol/L", "mg/dL", "%", "U/L", "", "x"]) | st.none()}
)
DATE = st.sampled_from(["2026-05-04", "2026-05-01", "2026-04", "2025", "2027-01-01", "1900"])
FACT = st.fixed_dictionaries(
    {"term": st.sampled_from([*EXAMPLE.known, "judgement", "attest", "unheard_of"])},
    optional={
        "value": st.booleans() | NUMBER | AMOUNT | st.sampled_from(["female", "t_all", "positive"]),
        "on": DATE, "until": DATE, "method": st.sampled_from(["flow", "morphology", "echocardiography"]),
        "state": st.just("room_air"), "purpose": st.just("lymphodepletion"), "dose": AMOUNT, "upper_limit": AMOUNT,
        "about": st.sampled_from(["I8", "informed consent"]),
    },
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(FACT, max_size=25), st.sampled_from(Stage), st.booleans())
def test_whatever_the_facts_every_criterion_has_a_verdict_with_its_reason(facts, stage, planned):
    anchors = {"infusion": "2026-05-04"} if planned else {}
    patient = parse_patient(json.dumps({"id": "P", "birth_date": "1980", "facts": facts, "anchors": anchors}))
    found = screen(EXAMPLE, patient, stage, TODAY)
    assert [one.id for one in found.results] == [rule.id for rule in EXAMPLE.rules]
    for one in found.results:
        assert bool(one.unknowns) == (one.verdict is Verdict.UNKNOWN)
        assert all(unknown.says and unknown.need.test for unknown in one.unknowns)


@settings(max_examples=100)
@given(st.lists(FACT, max_size=25), st.randoms())
def test_the_order_of_the_facts_does_not_matter(facts, random):
    mixed = list(facts)
    random.shuffle(mixed)
    verdicts = []
    for order in (facts, mixed):
        found = screen(EXAMPLE, parse_patient(json.dumps({"id": "P", "facts": order})), Stage.INFUSION, TODAY)
        verdicts.append([one.verdict for one in found.results])
    assert verdicts[0] == verdicts[1]
