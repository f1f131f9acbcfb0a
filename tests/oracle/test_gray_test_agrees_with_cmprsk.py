"""Gray's test against R `cmprsk` 2.2-11 under R 4.2.2: `cuminc(time, status, group, rho)$Tests`, made-up follow-up."""

import json
from pathlib import Path

import pytest

from earlyphase.analysis.gray_test import gray_test

LINES = (Path(__file__).parent / "data" / "survival" / "gray_cmprsk.jsonl").read_text("utf-8").splitlines()
SETS = {one["name"]: one for one in map(json.loads, LINES)}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("weight", "column"), [(0.0, "tests"), (1.0, "rho1")])
@pytest.mark.parametrize("cause", [1, 2])
def test_statistic_and_p_value_are_those_of_cuminc(name, weight, column, cause):
    data = SETS[name]
    statistic, p_value, freedom = data[column][cause - 1]
    found = gray_test(data["time"], data["status"], data["group"], cause=cause, weight=weight)
    assert found.chi_square == pytest.approx(statistic, rel=1e-9)
    assert found.p_value == pytest.approx(p_value, rel=1e-9)
    assert found.degrees_of_freedom == freedom
