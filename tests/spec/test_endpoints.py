"""Times to an event follow the specification of their endpoint."""

from typing import Any

import pytest
from tests.builders import ASSUMED, Site, a_protocol, day

from earlyphase.analysis.rates import dlt_rates, response_rate
from earlyphase.analysis.time_to_event import End, follow_up, time_to_event
from earlyphase.protocol.endpoints import Endpoint

INFUSION = 30


def an_endpoint(**changes: Any) -> Endpoint:
    fields: dict[str, Any] = {
        **ASSUMED,
        "id": "OS",
        "title": "Overall survival",
        "role": "secondary",
        "measure": "time to event",
        "population": "infused",
        "origin": "infusion",
        "events": ["death"],
        "horizon_days": 365,
        "interval": "log-log",
    }
    return Endpoint.model_validate(fields | changes)


ORR = {
    "id": "ORR",
    "measure": "proportion",
    "events": [],
    "responses": ["CR", "CRi", "PR"],
    "horizon_days": 84,
    "interval": "clopper-pearson",
}
DOR = {
    "id": "DOR",
    "population": "responders",
    "origin": "first response",
    "events": ["relapse", "death from the disease"],
    "competing": ["death from another cause", "transplant"],
    "censored_at": ["new anti-tumour therapy"],
}
PFS = {"id": "PFS", "events": ["progression", "relapse", "death"], "censored_at": ["new anti-tumour therapy"]}


class Course:
    """One infused participant whose later course a test writes down."""

    def __init__(self, *names: str) -> None:
        self.site = Site(a_protocol(stagger={"after_first_of_level": 0, "between_others": 0}))
        for name in names or ("001",):
            self.site.treats(name, day(INFUSION))

    def then(self, command: str, after: int, name: str = "001", **payload: Any) -> "Course":
        role = "coordinator" if command == "visit" else "investigator"
        entry = self.site.says(command, role, name, on=day(INFUSION + after), **payload)
        assert not hasattr(entry, "reasons"), entry
        return self

    def responds(self, after: int, response: str = "CR", name: str = "001") -> "Course":
        return self.then("response_assessment", after, name, response=response, criteria="ELN 2024")

    def dies(self, after: int, cause: str = "disease", name: str = "001") -> "Course":
        return self.then("death", after, name, cause=cause, cause_text="as recorded")

    def ends(self, **endpoint: Any) -> tuple[int, End, str]:
        found = follow_up(self.site.study, an_endpoint(**endpoint), self.site.study.participants["001"])
        assert found is not None
        return found.days, found.end, found.why


def test_death_ends_survival():
    assert Course().dies(100).ends() == (100, End.EVENT, "death")


def test_without_death_survival_is_censored_when_last_known_alive():
    course = Course().then(
        "laboratory", 50, results=[{"analyte": "neutrophils", "value": {"value": 1, "unit": "10*9/L"}}]
    )
    assert course.ends() == (50, End.CENSORED, "last known alive")


def test_death_after_the_time_frame_is_no_event():
    assert Course().dies(400).ends() == (365, End.CENSORED, "end of the time frame")


def test_on_the_last_day_of_the_time_frame_an_event_counts():
    assert Course().dies(365).ends() == (365, End.EVENT, "death")


def test_loss_to_follow_up_censors_at_the_last_contact():
    course = Course().then("loss_to_follow_up", 90, last_contact=str(day(INFUSION + 60)))
    assert course.ends() == (60, End.CENSORED, "last known alive")


def test_progression_free_survival_ends_with_the_first_of_its_events():
    course = Course().responds(28).then("relapse", 80, kind="relapse").dies(120)
    assert course.ends(**PFS) == (80, End.EVENT, "relapse")


def test_without_an_event_progression_free_survival_ends_at_the_last_assessment():
    course = (
        Course()
        .responds(28)
        .then("laboratory", 50, results=[{"analyte": "neutrophils", "value": {"value": 1, "unit": "10*9/L"}}])
    )
    assert course.ends(**PFS) == (28, End.CENSORED, "last assessment")


def test_new_therapy_censors_even_where_relapse_follows():
    course = (
        Course().responds(28).then("new_therapy", 60, therapy="a kinase inhibitor").then("relapse", 90, kind="relapse")
    )
    assert course.ends(**PFS) == (60, End.CENSORED, "new anti-tumour therapy")


def test_of_two_things_on_one_day_the_event_counts():
    course = (
        Course().responds(28).then("new_therapy", 60, therapy="a kinase inhibitor").then("relapse", 60, kind="relapse")
    )
    assert course.ends(**PFS) == (60, End.EVENT, "relapse")


def test_duration_of_response_begins_with_the_first_response_that_counts():
    course = (
        Course().responds(14, "no response").responds(28, "PR").responds(56, "CR").then("relapse", 100, kind="relapse")
    )
    assert course.ends(**DOR) == (72, End.EVENT, "relapse")


@pytest.mark.parametrize(("cause", "end"), [("disease", End.EVENT), ("other", End.COMPETING)])
def test_the_cause_of_death_decides_whether_it_ends_or_competes_with_response(cause: str, end: End):
    assert Course().responds(28).dies(100, cause).ends(**DOR)[:2] == (72, end)


def test_a_transplant_in_response_competes():
    course = Course().responds(28).then("transplant", 70).then("relapse", 100, kind="relapse")
    assert course.ends(**DOR) == (42, End.COMPETING, "transplant")


def test_what_happened_before_the_origin_does_not_end_the_time():
    course = Course().then("transplant", 10).responds(28).responds(60)
    assert course.ends(**DOR) == (32, End.CENSORED, "last assessment")


def test_competing_events_censor_the_curve_and_compete_in_the_incidence():
    course = Course("001", "002", "003")
    for name in ("001", "002", "003"):
        course.responds(28, name=name)
    course.then("transplant", 40, name="001").then("relapse", 60, name="002", kind="relapse").responds(90, name="003")
    found = time_to_event(course.site.study, an_endpoint(**DOR))
    assert (found.who(End.EVENT), found.who(End.COMPETING), found.who(End.CENSORED)) == (("002",), ("001",), ("003",))
    assert found.curve.survival.tolist() == [1.0, 0.5, 0.5]
    assert found.incidence is not None
    assert found.incidence.incidence[0].tolist() == pytest.approx([0, 1 / 3, 1 / 3])


def test_who_has_not_responded_has_no_duration_of_response():
    assert follow_up(Course().site.study, an_endpoint(**DOR), Course().site.study.participants["001"]) is None


def test_the_best_response_within_the_horizon_counts_for_the_rate():
    course = Course("001", "002", "003").responds(28, "PR").responds(56, "CR")
    course.responds(28, "no response", "002").responds(90, "CR", "002")
    rate = response_rate(course.site.study, an_endpoint(**ORR))
    assert [one.response for one in rate.best] == ["CR", "no response", None]
    assert rate.responders == ("001",)
    assert rate.estimate.estimate == pytest.approx(1 / 3)
    assert rate.estimate.lower == pytest.approx(0.00840375865961, abs=1e-12)


def test_a_response_to_a_later_therapy_is_none_to_the_product():
    course = (
        Course().responds(28, "no response").then("new_therapy", 40, therapy="a kinase inhibitor").responds(56, "CR")
    )
    rate = response_rate(course.site.study, an_endpoint(**ORR))
    assert (rate.best[0].response, rate.responders) == ("no response", ())


def test_a_rate_of_nobody_says_so():
    rate = response_rate(Site().study, an_endpoint(**ORR))
    assert (rate.estimate.estimate, rate.estimate.note) == (None, "nobody is counted")


def test_dlt_rates_are_given_for_every_level_and_for_all():
    course = Course("001", "002", "003")
    course.site.finds_dlt("001", day(INFUSION + 10))
    course.site.finds("002", day(INFUSION + 28))
    rates = {one.level: one for one in dlt_rates(course.site.study)}
    assert list(rates) == [-1, 1, 2, 3, None]
    one = rates[1]
    assert (one.dlts, one.evaluable, one.pending, one.enrolled) == (
        ("001",),
        ("001", "002"),
        ("003",),
        ("001", "002", "003"),
    )
    assert one.estimate.estimate == 0.5
    assert rates[2].estimate.estimate is None
    assert rates[None].dlts == ("001",)
