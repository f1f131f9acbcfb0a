"""One expression, two evaluators: a population on columns comes out as each person does alone, from the file on."""
# ruff: noqa: E501 - lists of words are read by their rows

import datetime as dt
import json
import random
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.criteria_strategies import KNOWN, LEAF, trees

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.attrition import attrition
from earlyphase.eligibility.column_reading import columns_of, read_columns
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.crowd import CODES
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.facts import parse_patients
from earlyphase.eligibility.parsing import parse
from earlyphase.eligibility.person import person_of
from earlyphase.eligibility.population import evaluate_all, narrowing, population
from earlyphase.eligibility.screening import screen
from earlyphase.faults import InvalidInput
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import study_folder
from earlyphase.protocol.reading import read_protocol
from earlyphase.protocol.terms import TermKind
from earlyphase.quantities import Quantity, RoundingPolicy

TODAY = dt.date(2026, 5, 4)
EXAMPLE = criteria_set(read_protocol(study_folder("NCT06633354") / "protocol.yaml"))

# Values at and around the limits of the example, in the units in which laboratories report.
VALUE = st.sampled_from(
    [0, 1, 2, 2.0, 3, 3.0, 3.1, 5, 5.04, 50, 51, 51.3, 51.5, 90, 92, 119.6, 120, 120.4, 121, 176.8, 176.84, 177]
)
UNIT = st.sampled_from(["umol/L", "mg/dL", "%", "U/L", "IU/L", "", "x"]) | st.none()
AMOUNT = st.fixed_dictionaries({"value": VALUE, "unit": UNIT})
BOUND = st.fixed_dictionaries(
    {"value": st.sampled_from([40, 40.0, 39.9, 40.15]), "unit": st.sampled_from(["U/L", "IU/L"])}
)
DOSE = st.fixed_dictionaries(
    {"value": st.sampled_from([5, 9.6, 10, 10.0]), "unit": st.sampled_from(["mg/d", "mg"]) | st.none()}
)
DATE = st.sampled_from(
    ["2026-05-04", "2026-05-01", "2026-04-12", "2026-04", "2025-05-04", "2025", "2027-01-01", "1900"]
)
FACT = st.fixed_dictionaries(
    {"term": st.sampled_from([*(name for name in EXAMPLE.known), "judgement", "attest", "unheard_of"])},
    optional={
        "value": st.booleans() | VALUE | AMOUNT | st.sampled_from(["female", "t_all"]) | st.none(), "on": DATE, "until": DATE,
        "method": st.sampled_from(["flow", "morphology", "echocardiography"]), "specimen": st.just("marrow"),
        "state": st.just("room_air"), "purpose": st.just("lymphodepletion"), "dose": DOSE, "upper_limit": BOUND,
        "lower_limit": BOUND, "about": st.sampled_from(["I8", "E8", "informed consent"]), "by": st.just("Zhang Min"),
        "source": st.sampled_from(["report 12", "报告"]),
    },
)  # fmt: skip
LIKELY = st.sampled_from(["total_bilirubin", "alt", "ast", "creatinine", "lvef", "spo2", "ecog", "marrow_blasts"])
MEASUREMENT = st.builds(lambda fact, term, value: fact | {"term": term, "value": value}, FACT, LIKELY, AMOUNT | VALUE)
EVENT = st.builds(
    lambda fact, term: fact | {"term": term},
    FACT,
    st.sampled_from(["relapse", "first_cr", "radiotherapy", "systemic_corticosteroid", "systemic_chemotherapy"]),
)
STATEMENT = st.fixed_dictionaries(
    {
        "criterion": st.sampled_from([rule.id for rule in EXAMPLE.rules]),
        "met": st.booleans(),
        "by": st.just("Zhang Min"),
        "on": st.sampled_from(["2026-05-04", "2026-04", "2027-01-01"]),
        "because": st.just("as examined"),
    }
)
PATIENT = st.fixed_dictionaries(
    {},
    optional={
        "facts": st.lists(FACT | MEASUREMENT | EVENT, max_size=20),
        "settlements": st.lists(STATEMENT, max_size=6),
        "anchors": st.dictionaries(st.sampled_from(["infusion", "consent"]), st.sampled_from(["2026-05-04", "2026-04-20", "2026-06-01"])),
        "birth_date": st.sampled_from(["1980", "2008-05-04", "2026-04-30"]),
        "as_of": st.sampled_from(["2026-05-02", "2026-06-01"]),
        "schema": st.just(1),
    },
)  # fmt: skip
EVERYONE = st.lists(PATIENT, min_size=1, max_size=6)


def file_of(everyone) -> bytes:
    return "\n".join(json.dumps({"id": f"P{number}"} | one) for number, one in enumerate(everyone)).encode()


def together(criteria, everyone):
    return population(criteria, read_columns(file_of(everyone)), TODAY)


def alone(criteria, everyone):
    return [person_of(one, criteria.known, TODAY, criteria.rounding) for one in parse_patients(file_of(everyone))]


@settings(max_examples=60)
@given(EVERYONE, st.sampled_from(RoundingPolicy))
def test_everybody_comes_out_as_alone(everyone, rounding):
    criteria = replace(EXAMPLE, rounding=rounding)
    columns, people = together(criteria, everyone), alone(criteria, everyone)
    for rule in criteria.rules:
        each = [CODES[evaluate(rule.node, person, rule.id).verdict] for person in people]
        assert evaluate_all(rule.node, columns, rule.id).tolist() == each, rule.id


# Most drawn patients lack nearly everything. These have nearly everything, and many of each other's edges.
ASKED = sorted(
    {subject.term for rule in EXAMPLE.rules for leaf in n.leaves(rule.node) if (subject := n.subject_of(leaf))}
)
DAYS = [
    "2026-05-04",
    "2026-05-03",
    "2026-05-01",
    "2026-04-20",
    "2026-04-06",
    "2026-04",
    "2025-05-04",
    "2024",
    "2026-05-05",
    None,
]
UNITS = {"total_bilirubin": ["umol/L", "umol/L", "mg/dL"], "creatinine": ["umol/L", "umol/L", "mg/dL"]}
VALUES = [
    0,
    1,
    1.0,
    2,
    2.4,
    2.5,
    3,
    3.0,
    3.1,
    4.9,
    5,
    5.04,
    49.6,
    50,
    51,
    51.3,
    51.5,
    90,
    91.5,
    92,
    119.6,
    120,
    120.4,
    121,
    176.8,
    177,
]
TEXTS = [
    (leaf.kind.value, leaf.text) for rule in EXAMPLE.rules for leaf in n.leaves(rule.node) if isinstance(leaf, n.Stated)
]


def a_fact(draw: random.Random, term: str) -> dict:
    """Say something of the right kind about a term, and now and then something odd."""
    kind, fact = KNOWN_HERE[term].kind, {"term": term, "on": draw.choice(DAYS)}
    if kind is TermKind.QUANTITY:
        unit = draw.choice(UNITS.get(term, [KNOWN_HERE[term].unit] * 9 + [None, "x"]))
        fact["value"] = {"value": draw.choice(VALUES), "unit": unit}
        if draw.random() < 0.9:
            fact["upper_limit"] = {
                "value": draw.choice([40, 40.0, 17.25, 1]),
                "unit": draw.choice(["U/L", "U/L", "IU/L"]),
            }
    elif kind is TermKind.CODE:
        fact["value"] = draw.choice([*KNOWN_HERE[term].choices, "none"])
    elif kind is TermKind.STATUS or draw.random() < 0.5:
        fact["value"] = draw.random() < 0.5 if kind is TermKind.STATUS else False
    else:
        fact |= draw.choice(
            [{}, {"until": draw.choice(DAYS)}, {"dose": {"value": draw.choice([5, 9.6, 10]), "unit": "mg/d"}}]
        )
    for name, words in {
        "method": ["flow", "morphology", "echocardiography"],
        "state": ["room_air"],
        "purpose": ["lymphodepletion", "x"],
    }.items():
        if draw.random() < 0.7:
            fact[name] = draw.choice(words)
    return {name: value for name, value in fact.items() if value is not None}


def a_whole_patient(draw: random.Random) -> dict:
    facts = [a_fact(draw, term) for term in ASKED for _ in range(draw.choice([0, 1, 1, 1, 2, 3]))]
    facts += [
        {
            "term": kind,
            "about": draw.choice([text, text.upper(), "I8"]),
            "value": draw.random() < 0.7,
            "on": draw.choice(DAYS[:6]),
        }
        for kind, text in TEXTS
        if draw.random() < 0.8
    ]
    settled = [{"criterion": "E2", "met": draw.random() < 0.5, "by": "A", "on": draw.choice(DAYS[:6]), "because": "x"}]
    anchors = {"infusion": draw.choice(["2026-05-04", "2026-05-02", "2026-05-20"])} if draw.random() < 0.9 else {}
    birth = draw.choice(["1980", "2008-05-04", "2008-05", "2026-04-20"])
    return {"facts": facts, "settlements": settled, "anchors": anchors, "birth_date": birth}


KNOWN_HERE = EXAMPLE.known


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from(RoundingPolicy))
def test_a_crowd_of_whole_patients_comes_out_as_each_alone(seed, rounding):
    draw = random.Random(seed)  # noqa: S311 - made-up patients
    everyone = [a_whole_patient(draw) for _ in range(25)]
    criteria = replace(EXAMPLE, rounding=rounding)
    columns, people = together(criteria, everyone), alone(criteria, everyone)
    for rule in criteria.rules:
        each = [CODES[evaluate(rule.node, person, rule.id).verdict] for person in people]
        assert evaluate_all(rule.node, columns, rule.id).tolist() == each, rule.id


@settings(max_examples=150)
@given(trees(LEAF.flatmap(lambda leaf: near(leaf)), 3), st.integers(0, 2**32), st.sampled_from(RoundingPolicy))  # noqa: PLW0108 - it stands below
def test_any_expression_is_answered_for_a_crowd_of_whole_patients(node, seed, rounding):
    draw = random.Random(seed)  # noqa: S311 - made-up patients
    everyone = [a_whole_patient(draw) for _ in range(12)]
    criteria = replace(EXAMPLE, rounding=rounding)
    each = [CODES[evaluate(node, person, "I8").verdict] for person in alone(criteria, everyone)]
    assert evaluate_all(node, together(criteria, everyone), "I8").tolist() == each


def test_the_whole_patients_have_verdicts_of_every_kind():
    draw = random.Random(1)  # noqa: S311 - made-up patients
    columns = together(EXAMPLE, [a_whole_patient(draw) for _ in range(200)])
    for rule in EXAMPLE.rules:
        if rule.id not in {"I11", "E2", "E6"}:
            assert set(evaluate_all(rule.node, columns, rule.id).tolist()) == {0, 1, 2}, rule.id


# Questions in every form about the few terms that the facts are about.
TERMS = {
    n.Measured: ["total_bilirubin", "alt", "lvef", "ecog", "marrow_blasts"],
    n.OneOf: ["sex", "diagnosis"],
    n.Counted: ["relapse", "radiotherapy", "systemic_chemotherapy"],
    n.Lasted: ["first_cr", "relapse", "systemic_chemotherapy"],
    n.Holds: ["pregnant", "relapse", "radiotherapy", "systemic_corticosteroid", "first_cr"],
}
HAVING = st.lists(
    st.sampled_from([
        n.Coded(n.Attribute.METHOD, "flow"), n.Coded(n.Attribute.PURPOSE, "lymphodepletion"), n.Coded(n.Attribute.DOSE, "x"),
        n.Dosed(n.Attribute.DOSE, n.Op.LESS, Quantity(10, "mg/d")), n.Dosed(n.Attribute.DOSE, n.Op.AT_LEAST, Quantity(9.5, "mg/d")),
    ]),
    max_size=1,
).map(tuple)  # fmt: skip
TIME = st.builds(n.Time, st.sampled_from([0, 1, 3, 12, 24]), st.sampled_from(n.Span))
WINDOW = st.none() | st.builds(
    n.Window, TIME, st.sampled_from(n.Side), st.sampled_from(["infusion", "consent", "relapse", "screening"])
)


def near(leaf: n.Leaf) -> st.SearchStrategy[n.Leaf]:
    """Ask the same of what the facts are about."""
    if n.subject_of(leaf) is None:
        return st.just(leaf)
    about = st.builds(n.Subject, st.sampled_from(TERMS[type(leaf)]), HAVING, WINDOW, HAVING)
    match leaf:
        case n.Measured():
            multiple = st.builds(n.Multiple, st.sampled_from([1, 1.5, 3, 3.0]), st.sampled_from(n.Normal))
            return st.builds(asked_of, about, st.sampled_from(n.Op), VALUE | multiple)
        case n.Lasted():
            return st.builds(n.Lasted, about, st.just(leaf.op), TIME)
        case n.Counted():
            return st.builds(n.Counted, about, st.just(leaf.op), st.integers(0, 3))
        case n.OneOf():
            return st.builds(lambda to: n.OneOf(to, tuple(KNOWN[to.term].choices)[:1]), about)
        case _:
            return st.builds(n.Holds, about)


def asked_of(about: n.Subject, op: n.Op, limit: float | n.Multiple) -> n.Measured:
    unit = KNOWN[about.term].unit or "1"
    return n.Measured(about, op, limit if isinstance(limit, n.Multiple) else Quantity(limit, unit))


@settings(max_examples=100)
@given(trees(LEAF.flatmap(near), 4), EVERYONE, st.sampled_from(RoundingPolicy))
@example(
    parse("relapse within 1 month before infusion"), [{"anchors": {"infusion": "2026-05-04"}}], RoundingPolicy.UNROUNDED
)
def test_any_expression_is_answered_for_many_as_for_one(node, everyone, rounding):
    criteria = replace(EXAMPLE, rounding=rounding)
    each = [CODES[evaluate(node, person, "I8").verdict] for person in alone(criteria, everyone)]
    assert evaluate_all(node, together(criteria, everyone), "I8").tolist() == each


def test_a_limit_with_a_decimal_is_not_answered_by_one_without():
    everyone = [{"facts": [{"term": "total_bilirubin", "value": {"value": 3.0, "unit": "mg/dL"}}]}]
    columns = together(EXAMPLE, everyone)
    (person,) = alone(EXAMPLE, everyone)
    for text, verdict in (("51", 2), ("51.0", 0), ("51", 2)):
        node = parse(f"total_bilirubin <= {text} umol/L")
        assert evaluate_all(node, columns).tolist() == [verdict]
        assert CODES[evaluate(node, person).verdict] == verdict


@settings(max_examples=40)
@given(EVERYONE, st.sampled_from(Stage))
def test_a_population_narrows_as_its_single_screenings_do(everyone, stage):
    asked = list(parse_patients(file_of(everyone)))
    single = [screen(EXAMPLE, one, stage, TODAY) for one in asked]
    for columns in (read_columns(file_of(everyone)), columns_of(asked)):
        narrowed = narrowing(EXAMPLE, population(EXAMPLE, columns, TODAY), stage)
        assert narrowed.attrition == attrition(EXAMPLE, single)
        assert [narrowed.standing(place) for place in range(len(single))] == [one.eligibility for one in single]


ODD = st.sampled_from([
    None, True, 0, 1.5, "", "x" * 401, [], {}, [[]], {"value": 1, "unit": 2}, {"value": True}, {"unit": "g"}, 10**16, -1e300,
    10**400, "2026-02-30", "2026-5-4", "2026-05-04T00:00", {"infusion": "2026-05"}, {"infuson": "2026-05-04"}, [{"term": None}],
    [{"value": 1}], [{"term": "alt", "fact": 1}], [{"term": "alt", "on": 2026}], [None], ["alt"], [{"criterion": "I1"}],
    {"value": 1, "unit": "g", "of": 1}, [{"term": "alt", "dose": {}}], [{"term": "alt", "value": {"value": None}}],
])  # fmt: skip


@st.composite
def crooked_lines(draw: st.DrawFn) -> bytes:
    """Draw a file in which a line or two are not as they should be."""
    everyone = [{"id": draw(st.sampled_from(["P", f"P{number}"]))} | one for number, one in enumerate(draw(EVERYONE))]
    for _ in range(draw(st.integers(0, 2))):
        wrong = draw(st.sampled_from(everyone))
        facts = (
            [fact for fact in wrong.get("facts", []) if isinstance(fact, dict)]
            if isinstance(wrong.get("facts"), list)
            else []
        )
        place = draw(st.sampled_from([wrong, *facts]))
        place[
            draw(
                st.sampled_from([*place, "id", "value", "on", "dose", "anchors", "settlements", "schema", "as_of", "x"])
            )
        ] = draw(ODD)
    lines = [json.dumps(one) for one in everyone]
    return "\n".join(draw(st.sampled_from([line, line, line, "", "{", line[:-1]])) for line in lines).encode()


def outcome(read, content: bytes):
    try:
        return read(content)
    except InvalidInput as fault:
        return str(fault)


@settings(max_examples=200)
@given(crooked_lines())
def test_a_crooked_file_is_taken_or_refused_in_the_same_words_both_ways(content):
    long = outcome(lambda given: list(parse_patients(given)), content)
    short = outcome(read_columns, content)
    if isinstance(long, str) or isinstance(short, str):
        assert short == long
    else:
        assert list(short.ids) == [one.id for one in long]
        columns = columns_of(long)
        ends = [narrowing(EXAMPLE, population(EXAMPLE, one, TODAY), Stage.INFUSION) for one in (short, columns)]
        assert ends[0].attrition == ends[1].attrition


@pytest.mark.parametrize("text", ["", "\n\n", "[]", "[{}]", '[{"id": "A"}, {"id": "A"}]', '{"id": "A",\n "facts": []}'])
def test_a_list_or_nothing_is_read_the_same_both_ways(text):
    long = outcome(lambda given: [one.id for one in parse_patients(given)], text.encode())
    short = outcome(lambda given: list(read_columns(given).ids), text.encode())
    assert short == long
