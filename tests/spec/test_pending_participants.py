"""A decision waits for whoever could still change it, and for nobody else."""

from tests.builders import Site, a_protocol, day, rules_of, three_treated

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
