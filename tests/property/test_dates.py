"""Dates are read as they are written, and days are counted without a gap but the one that CDISC has."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from earlyphase.dates import PartialDate, add_days, days_from, study_day

DAY = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1))


@given(DAY, st.sampled_from([4, 7, 10]))
def test_a_date_is_written_as_it_was_read_and_can_be_what_it_was_cut_from(day, length):
    text = day.isoformat()[:length]
    date = PartialDate.parse(text)
    assert str(date) == text
    assert date.earliest <= day <= date.latest
    assert date.complete == (length == 10)


@given(DAY, DAY)
def test_adding_the_days_between_two_dates_leads_from_one_to_the_other(anchor, day):
    assert add_days(anchor, days_from(anchor, day)) == day


@given(DAY, DAY)
def test_study_days_follow_one_another_and_skip_zero(anchor, day):
    here, next_ = study_day(anchor, day), study_day(anchor, day + dt.timedelta(days=1))
    assert here != 0
    assert next_ - here == (2 if here == -1 else 1)
