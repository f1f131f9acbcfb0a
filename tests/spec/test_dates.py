"""Clinical time: partial dates say what they can be, days are counted in two ways, windows hold both their ends."""

import datetime as dt

import pytest
from pydantic import BaseModel, ValidationError

from earlyphase.dates import PartialDate, Window, add_days, days_from, study_day
from earlyphase.faults import InvalidInput

INFUSION = dt.date(2026, 5, 4)


class Payload(BaseModel):
    on: PartialDate


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "complete"),
    [
        ("2026-05-03", dt.date(2026, 5, 3), dt.date(2026, 5, 3), True),
        ("2026-05", dt.date(2026, 5, 1), dt.date(2026, 5, 31), False),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29), False),
        ("2026-02", dt.date(2026, 2, 1), dt.date(2026, 2, 28), False),
        ("2026", dt.date(2026, 1, 1), dt.date(2026, 12, 31), False),
        ("0001", dt.date(1, 1, 1), dt.date(1, 12, 31), False),
    ],
)
def test_a_partial_date_says_what_it_can_be(text, earliest, latest, complete):
    date = PartialDate.parse(text)
    assert (date.earliest, date.latest, date.complete, str(date)) == (earliest, latest, complete, text)


@pytest.mark.parametrize(
    "text", ["", "3 May 2026", "2026-5-3", "2026-05-3", "20260503", "2026-", "26-05-03", "２０２６"]
)
def test_what_is_not_written_as_a_date_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(InvalidInput, match=r"is not a date\. Write 2026-05-03"):
        PartialDate.parse(text, "onset")


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-02-29", "2026-04-31", "0000"])
def test_a_day_that_does_not_exist_is_refused(text):
    with pytest.raises(InvalidInput, match=r"onset: .* does not exist"):
        PartialDate.parse(text, "onset")


def test_a_payload_holds_a_partial_date_as_it_was_written():
    assert Payload.model_validate_json('{"on": "2026-05"}').on == PartialDate(2026, 5)
    assert Payload(on=PartialDate(2026, 5)).model_dump_json() == '{"on":"2026-05"}'
    assert Payload.model_json_schema()["properties"]["on"]["type"] == "string"


@pytest.mark.parametrize("value", ['"2026-13"', "2026", "true", "null"])
def test_a_payload_refuses_what_is_no_date(value):
    with pytest.raises(ValidationError):
        Payload.model_validate_json(f'{{"on": {value}}}')


@pytest.mark.parametrize(
    ("day", "from_infusion", "study"),
    [
        (dt.date(2026, 5, 4), 0, 1),
        (dt.date(2026, 5, 5), 1, 2),
        (dt.date(2026, 5, 3), -1, -1),
        (dt.date(2026, 6, 1), 28, 29),
        (dt.date(2026, 4, 29), -5, -5),
    ],
)
def test_the_infusion_is_day_0_from_itself_and_study_day_1(day, from_infusion, study):
    assert days_from(INFUSION, day) == from_infusion
    assert study_day(INFUSION, day) == study
    assert add_days(INFUSION, from_infusion) == day


def test_a_window_holds_both_its_ends():
    window = Window(28, 31)
    assert [day for day in range(26, 34) if window.holds(day)] == [28, 29, 30, 31]
