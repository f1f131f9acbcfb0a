"""Screening: single patients with their evidence, one patient against many studies, a population on columns."""

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
from benchmarks.measurement import Measurement, seconds

from earlyphase.eligibility.cases import read_cases
from earlyphase.eligibility.criteria_set import criteria_set
from earlyphase.eligibility.evaluating import evaluate
from earlyphase.eligibility.person import person_of
from earlyphase.eligibility.population import Numbers, Population, narrowing, population
from earlyphase.eligibility.screening import screen
from earlyphase.protocol.criteria import Stage
from earlyphase.protocol.library import known_studies
from earlyphase.protocol.reading import read_protocols

TODAY = dt.date(2026, 5, 4)
SINGLE, STUDIES, PEOPLE, DISTINCT, FETCHED = 1_000, 1_000, 100_000, 1_000, 10_000


def run() -> list[Measurement]:
    """Measure the aims of screening."""
    folder = next(iter(known_studies().values()))
    criteria = criteria_set(next(iter(read_protocols(folder).values())).protocol)
    cases = [case.patient for case in read_cases(folder).values()]
    many = list(itertools.islice(itertools.cycle(cases), SINGLE))
    one = person_of(cases[0], criteria.known, TODAY, criteria.rounding)
    people = [person_of(patient, criteria.known, TODAY, criteria.rounding) for patient in many[:DISTINCT]]
    columns = repeated(population(criteria, people), PEOPLE // DISTINCT)

    def screen_each() -> None:
        for patient in many:
            screen(criteria, patient, Stage.INFUSION, TODAY)

    def match_one() -> None:
        for _ in range(STUDIES):
            for rule in criteria.rules:
                assert rule.node is not None
                evaluate(rule.node, one, rule.id)

    def into_columns() -> None:
        """Prepare patients that have been read, and bring their facts into columns: everything but the file."""
        population(criteria, [person_of(one, criteria.known, TODAY, criteria.rounding) for one in fetched])

    fetched = list(itertools.islice(itertools.cycle(cases), FETCHED))
    return [
        Measurement("1,000 single screenings with evidence", seconds(screen_each), "s", 2.0),
        Measurement("one patient against 1,000 studies", seconds(match_one), "s", 0.5),
        Measurement("bring 10,000 patients into columns, once", seconds(into_columns), "s"),
        Measurement(
            "20 criteria for 100,000, facts in columns",
            seconds(lambda: narrowing(criteria, columns, Stage.INFUSION)),
            "s",
            5.0,
        ),
    ]


def repeated(people: Population, times: int) -> Population:
    """Repeat a population."""
    numbers = {asked: many(column, people.size, times) for asked, column in people.numbers.items()}
    answers = {leaf: np.tile(verdicts, times) for leaf, verdicts in people.answers.items()}
    settled = {name: np.tile(verdicts, times) for name, verdicts in people.settled.items()}
    return replace(people, size=people.size * times, numbers=numbers, answers=answers, settled=settled)


def many(column: Numbers, size: int, times: int) -> Numbers:
    """Repeat a column."""
    shifts = [size * turn for turn in range(times)]
    return Numbers(
        np.tile(column.values, times),
        None if column.normals is None else np.tile(column.normals, times),
        {place + shift: value for shift in shifts for place, value in column.written.items()},
        {place + shift: pairs for shift in shifts for place, pairs in column.several.items()},
    )
