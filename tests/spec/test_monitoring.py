"""The stopping rules of a protocol: where each stands, and how it behaves were the true rate known."""

from math import comb

import pytest
from tests.builders import ASSUMED, Site, a_protocol, day

from earlyphase.analysis.monitoring import monitored
from earlyphase.study.status import status_of

RULE = {**ASSUMED, "id": "dlt-rate", "when": "Two of the first 6 infused have a DLT.", "measure": "dlt", "at_least": 2,
        "among_first": 6}  # fmt: skip


def site_with(rule=RULE):
    return Site(a_protocol(stopping_rules=[rule]))


def test_a_rule_says_how_many_more_would_halt_the_study():
    site = site_with()
    (before,) = monitored(site.study)
    assert (before.infused, before.left) == (0, 2)
    site.treats("001", day(30))
    site.finds_dlt("001", day(34))
    (after,) = monitored(site.study)
    assert (after.infused, after.left, after.state.met) == (1, 1, False)


@pytest.mark.parametrize("rate", [0.1, 0.3])
def test_the_chance_of_halting_is_that_of_as_many_events_among_so_many(rate):
    (rule,) = monitored(site_with().study, (rate,))
    exact = 1 - sum(comb(6, k) * rate**k * (1 - rate) ** (6 - k) for k in range(2))
    assert rule.behaviour[0].stops == pytest.approx(exact, abs=1e-12)


def test_a_rule_without_an_end_is_worked_out_for_the_planned_participants():
    whole = {key: value for key, value in RULE.items() if key != "among_first"} | {"at_least": 1}
    (rule,) = monitored(site_with(whole).study, (0.05,))
    assert rule.boundary.looks[-1].n == 30
    assert rule.behaviour[0].stops == pytest.approx(1 - 0.95**30)


def test_the_status_says_how_far_each_rule_is():
    site = site_with()
    site.treats("001", day(30))
    site.finds_dlt("001", day(34))
    (watched,) = status_of(site.study, day(35)).stopping_rules
    assert (watched.rule, watched.participants, watched.at_least) == ("dlt-rate", ("001",), 2)
