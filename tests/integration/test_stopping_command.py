"""`earlyphase analyse stopping`, as a user types it."""

import json

import pytest

from earlyphase.analysis.proportions import BetaBelief
from earlyphase.analysis.stopping_rules import (
    bayesian_futility,
    bayesian_toxicity,
    exact_futility,
    exact_toxicity,
    operating_characteristics,
)
from earlyphase.cli.exits import INVALID
from earlyphase.cli.main import run

LOOKS = range(3, 13)


@pytest.fixture
def typed(capsys):
    def type_in(*arguments):
        try:
            run(["analyse", "stopping", *map(str, arguments)])
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_in


@pytest.mark.parametrize(
    ("options", "boundary"),
    [
        ((), bayesian_toxicity(0.3, 0.9, BetaBelief(0.5, 0.5), LOOKS)),
        (("--method", "exact"), exact_toxicity(0.3, 0.05, LOOKS)),
        (("--concern", "futility", "--prior", "1,1"), bayesian_futility(0.3, 0.9, BetaBelief(1, 1), LOOKS)),
        (("--concern", "futility", "--method", "exact"), exact_futility(0.3, 0.05, LOOKS)),
    ],
)
def test_every_kind_of_boundary_is_answered_with_its_own_characteristics(typed, options, boundary):
    code, out, err = typed("--rate", 0.3, "--last", 12, *options, "--true-rates", "0.1,0.5", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert [(look["n"], look["stop_at"]) for look in found["looks"]] == [(one.n, one.stop_at) for one in boundary.looks]
    stops = [operating_characteristics(boundary, rate).stops for rate in (0.1, 0.5)]
    assert [one["stops"] for one in found["characteristics"]] == stops


def test_the_boundary_is_said_as_a_ladder(typed):
    _, out, _ = typed("--rate", 0.3, "--last", 9)
    assert "Stop at: ≥ 2 of 3, ≥ 3 of 4–5, ≥ 4 of 6–7, ≥ 5 of 8–9." in " ".join(out.split())


def test_looks_can_be_fewer_than_participants_and_the_last_is_always_one(typed):
    _, out, _ = typed("--rate", 0.3, "--last", 20, "--first", 6, "--every", 6, "--json")
    assert [look["n"] for look in json.loads(out)["looks"]] == [6, 12, 18, 20]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--rate", 1.3, "--last", 9), "must lie between 0 and 1"),
        (("--rate", 0.3, "--last", 2), "--first: 3 is not from 1 to 2"),
        (("--rate", 0.3, "--last", 9, "--every", 0), "is less than one participant"),
        (("--rate", 0.3, "--last", 9, "--prior", "9"), "is not two numbers"),
        (("--rate", 0.3, "--last", 9, "--true-rates", "often"), "--true-rates: 'often' is not numbers"),
    ],
)
def test_what_makes_no_rule_is_refused(typed, options, says):
    code, _, err = typed(*options)
    assert code == INVALID
    assert says in err
