"""Which adverse events are counted in safety tables, and whom they count."""

import datetime as dt

from tests.builders import ASSUMED, Site, a_protocol, day

from earlyphase.analysis.safety import TermRow, emergent, term_rows, worst_grades

INFUSION = 30
TEAE = {
    **ASSUMED,
    "id": "TEAE",
    "title": "Treatment-emergent adverse events",
    "role": "primary",
    "measure": "incidence",
    "population": "infused",
    "origin": "infusion",
    "events": ["treatment-emergent adverse event"],
    "horizon_days": 100,
    "interval": "clopper-pearson",
}


def a_site(*names: str) -> Site:
    site = Site(a_protocol(stagger={"after_first_of_level": 0, "between_others": 0}, endpoints=[TEAE]))
    for name in names or ("001",):
        site.treats(name, day(INFUSION))
    return site


def days(site: Site) -> list[int]:
    return [one.day for one in emergent(site.study).events]


def test_an_event_of_the_day_of_the_infusion_counts_and_one_before_does_not():
    site = a_site()
    site.sees("001", day(INFUSION - 1), 2)
    site.sees("001", day(INFUSION), 2)
    assert days(site) == [0]


def test_an_event_that_worsens_after_the_infusion_counts_from_then():
    site = a_site()
    site.sees("001", day(INFUSION - 5), 3, course=[{"on": str(day(INFUSION + 4)), "grade": 3}])
    assert days(site) == [4]


def test_an_event_that_gets_better_after_the_infusion_does_not_count():
    site = a_site()
    site.sees("001", day(INFUSION - 5), 3, course=[{"on": str(day(INFUSION + 4)), "grade": 1}])
    assert days(site) == []


def test_an_event_of_an_unknown_day_counts_where_it_can_have_begun_after_the_infusion():
    site = a_site()
    fields = {"term": "Fever", "system_class": "General disorders", "grade": 2, "relatedness": "not related"}
    site.now += dt.timedelta(40)
    site.says("adverse_event", "investigator", "001", onset=f"{day(INFUSION):%Y-%m}", **fields)
    assert days(site) == [0]


def test_after_the_horizon_events_no_longer_count():
    site = a_site()
    site.sees("001", day(INFUSION + 100), 2)
    site.sees("001", day(INFUSION + 101), 2)
    assert days(site) == [100]


def test_each_participant_counts_once_in_a_row_at_the_worst_grade():
    site = a_site("001", "002")
    for name, grade, term in (("001", 1, "Fever"), ("001", 3, "Fever"), ("001", 2, "Chills"), ("002", 2, "Fever")):
        site.sees(name, day(INFUSION + 3), grade, term=term, system_class="General disorders")
    found = emergent(site.study)
    rows = term_rows(found.events)
    assert rows == (
        TermRow("General disorders", None),
        TermRow("General disorders", "Fever"),
        TermRow("General disorders", "Chills"),
    )
    assert found.who(rows[1].holds) == ("001", "002")
    assert dict(worst_grades(found, rows[0])) == {1: (), 2: ("002",), 3: ("001",), 4: (), 5: ()}


def test_who_was_not_infused_has_no_treatment_emergent_event():
    site = Site()
    site.admits("001", day(1))
    site.sees("001", day(5), 4)
    found = emergent(site.study)
    assert (found.events, found.at(None)) == ((), ())


def test_levels_at_which_nobody_was_infused_are_kept_with_nobody():
    found = emergent(a_site().study)
    assert [(number, names) for number, names in found.infused] == [(-1, ()), (1, ("001",)), (2, ()), (3, ())]
