"""Screening: single patients with their evidence, one patient against many studies, a population from its file on."""

import datetime as dt
import itertools
import json
import random

from benchmarks.measurement import Measurement, seconds, timed

from earlyphase.eligibility.cases import read_cases
from earlyphase.eligibility.column_reading import read_columns
from earlyphase.eligibility.criteria_set import CriteriaSet, criteria_set
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.person import person_of
from earlyphase.eligibility.population import narrowing, population
from earlyphase.eligibility.screening import screen
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import known_studies
from earlyphase.protocol.reading import read_protocols

TODAY = dt.date(2026, 5, 4)
SINGLE, STUDIES, PEOPLE = 1_000, 1_000, 100_000


def run() -> list[Measurement]:
    """Measure the aims of screening."""
    folder = next(iter(known_studies().values()))
    criteria = criteria_set(next(iter(read_protocols(folder).values())).protocol)
    cases = [case.patient for case in read_cases(folder).values()]
    many = list(itertools.islice(itertools.cycle(cases), SINGLE))
    studies = [another_study(criteria, number) for number in range(STUDIES)]

    def screen_each() -> None:
        for patient in many:
            screen(criteria, patient, Stage.INFUSION, TODAY)

    def match_one() -> None:
        one = person_of(cases[0], criteria.known, TODAY, criteria.rounding)
        for study in studies:
            for rule in study.rules:
                assert rule.node is not None
                evaluate(rule.node, one, rule.id)

    return [
        Measurement("1,000 single screenings with evidence", seconds(screen_each), "s", 2.0),
        Measurement("one patient against 1,000 studies, limits differing", seconds(match_one), "s", 0.5),
        *crowd(criteria),
    ]


def another_study(criteria: CriteriaSet, number: int) -> CriteriaSet:
    """Give the criteria of another study: the same questions with limits of its own."""
    draw = random.Random(number)  # noqa: S311 - limits of a benchmark
    bilirubin, times, creatinine = draw.choice((26, 34, 43, 51)), draw.choice((2, 2.5, 3, 5)), draw.randint(90, 180)
    changed = {
        "I5": f"total_bilirubin <= {bilirubin} umol/L and alt <= {times} ULN and ast <= {times} ULN"
        f" and creatinine <= {creatinine} umol/L",
        "I3": f"cd5_on_blasts > {draw.randint(10, 90)} %",
        "I6": f"lvef >= {draw.choice((40, 45, 50, 55))} % with method = echocardiography",
        "I7": f"spo2 >= {draw.randint(88, 95)} % with state = room_air",
        "I9": f"ecog <= {draw.randint(0, 2)}",
        "E6": f"systemic_corticosteroid within {draw.randint(1, 14)} days before infusion except dose < 10 mg/d"
        f" or radiotherapy within {draw.randint(1, 12)} weeks before infusion",
    }
    for name, expression in changed.items():
        criteria = criteria.changed(name, expression)
    return criteria


def crowd(criteria: CriteriaSet) -> list[Measurement]:
    """Measure a population: from its file into columns, from the columns to verdicts, and the whole way, once each."""
    content = "\n".join(json.dumps(a_patient(number)) for number in range(PEOPLE)).encode()
    columns = read_columns(content[: content.index(b"\n") + 1])
    narrowing(criteria, population(criteria, columns, TODAY), Stage.INFUSION)

    def read() -> None:
        nonlocal columns
        columns = read_columns(content)

    reading = timed(read)
    deciding = seconds(lambda: narrowing(criteria, population(criteria, columns, TODAY), Stage.INFUSION))
    size = len(content) / 1e6
    return [
        Measurement("20 criteria for 100,000, from the facts in memory", deciding, "s", 5.0),
        Measurement(f"their file of {size:.0f} MB, checked, into memory", reading, "s"),
        Measurement("20 criteria for 100,000, from the file to verdicts", reading + deciding, "s"),
    ]


def a_patient(number: int) -> dict[str, object]:
    """Make one of many patients, none like another: some forty facts, with what criteria ask for on other days."""
    draw = random.Random(number)  # noqa: S311 - a made-up population
    seen = _day(draw, -10, 0)
    facts = [
        {"term": "diagnosis", "value": "t_all", "on": _day(draw, -900, -100)},
        {"term": "sex", "value": draw.choice(("female", "male"))},
        {"term": "first_cr", "on": _day(draw, -800, -300), "until": _day(draw, -290, -50)},
        *({"term": "relapse", "on": _day(draw, -290, -20)} for _ in range(draw.randint(0, 2))),
        *({"term": term, "value": draw.random() < part, "on": seen} for term, part in _STATUSES.items()),
        *({"term": term, "value": False, "on": seen} for term in _NEVER),
        *({"term": term, "value": False, "on": str(TODAY)} for term in _TREATMENTS),
        *(_measured(draw, seen, f"report {number}", one) for one in _MEASURED),
        *({"term": kind, "about": text, "value": draw.random() < p, "by": "A", "on": seen} for kind, text, p in _SAID),
        {"term": "ecog", "value": draw.randint(0, 3), "on": seen},
        {"term": "t_cell_expansion", "value": round(draw.uniform(1, 60), 1), "on": seen},
        {"term": "systemic_chemotherapy", "on": _day(draw, 20, 26), "until": _day(draw, 27, 31)} | _CONDITIONING,
    ]  # fmt: skip
    settled = {"criterion": "E2", "met": False, "by": "A", "on": seen, "because": "no heart disease"}
    return {"id": f"P{number}", "birth_date": _day(draw, -30000, -2000), "anchors": {"infusion": str(TODAY)},
            "settlements": [settled], "facts": facts}  # fmt: skip


_STATUSES = {"cd5_positive": 0.9, "refractory_to_standard_chemotherapy": 0.3, "fertile": 0.5, "pregnant": 0.01,
             "lactating": 0.01, "active_hepatitis_b": 0.05, "active_hepatitis_c": 0.02}  # fmt: skip
_CONDITIONING = {"purpose": "lymphodepletion"}
_NEVER = ("active_hepatitis_e", "relapse", "salvage_without_response", "epilepsy", "cns_disease", "gene_therapy")
_TREATMENTS = ("systemic_chemotherapy", "systemic_corticosteroid", "targeted_therapy", "radiotherapy")
_MEASURED = (
    ("cd5_on_blasts", 70, 100, "%", {"method": "flow", "specimen": "marrow"}),
    ("marrow_blasts", 0, 90, "%", {"method": "morphology"}), ("marrow_blasts", 0, 90, "%", {"method": "flow"}),
    ("total_bilirubin", 5, 60, "umol/L", {}), ("creatinine", 40, 200, "umol/L", {}),
    ("alt", 5, 200, "U/L", {"upper_limit": {"value": 40, "unit": "U/L"}}),
    ("ast", 5, 200, "U/L", {"upper_limit": {"value": 40, "unit": "U/L"}}),
    ("lvef", 30, 75, "%", {"method": "echocardiography"}), ("spo2", 85, 100, "%", {"state": "room_air"}),
)  # fmt: skip
_SAID = (
    ("judgement", "life expectancy of at least 12 weeks", 0.9), ("judgement", "unsuitable to take part", 0.1),
    ("judgement", "an active infection that is not controlled", 0.1), ("attest", "informed consent", 1),
    ("judgement", "a situation that raises the risk or interferes with the results", 0.1),
    ("attest", "effective contraception until 6 months after the last infusion", 0.9),
)  # fmt: skip


def _day(draw: random.Random, earliest: int, latest: int) -> str:
    return str(TODAY + dt.timedelta(days=draw.randint(earliest - 33, latest - 33)))


def _measured(
    draw: random.Random, on: str, source: str, one: tuple[str, int, int, str, dict[str, object]]
) -> dict[str, object]:
    term, low, high, unit, more = one
    value = {"value": round(draw.uniform(low, high), 1), "unit": unit}
    return {"term": term, "value": value, "on": on, "source": source, **more}
