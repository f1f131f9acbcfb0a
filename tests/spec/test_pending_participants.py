"""A decision waits for whoever could still change it, and for nobody else."""

from tests.builders import Site, a_protocol, day, rules_of, three_treated

from earlyphase.journal.entry import Entry
from earlyphase.study.cohorts import escalation


def test_at_the_top_dose_a_decision_waits_for_the_third_although_it_can_only_be_to_stay():
    site = Site(a_protocol(levels=((1, 0.5),)))
    days = three_treated(site)
    for name, infusion in zip(("001", "002"), days, strict=False):
        site.finds(name, day(max(infusion + 28, days[2])))
    now = escalation(site.study)
    assert now.recommendation.cohort_size == 1
    assert not now.decision_due
    assert rules_of(site.decides(day(days[2] + 2))) == {"pending"}


def test_one_more_can_be_enrolled_for_somebody_who_is_not_evaluable_and_not_replaced():
    site = Site()
    _, second, third = three_treated(site)
    site.finds("001", day(second))
    progressed = "progression or relapse before the end of the window"
    site.finds("002", day(third), "not evaluable", not_evaluable=progressed)
    site.finds("003", day(third + 28))
    assert escalation(site.study).slots_free == 0
    assert isinstance(site.decides(day(third + 30)), Entry)
    assert escalation(site.study).opening.wanted == 3
    assert escalation(site.study).slots_free == 1
