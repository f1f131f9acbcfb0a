"""The one place of the web application that reads the clock."""

import datetime as dt

from earlyphase.study.state import Study

A_MOMENT = dt.timedelta(seconds=1)


def now() -> dt.datetime:
    """Read the clock, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - the web reads the clock


def moment_of(study: Study) -> dt.datetime:
    """Give the moment of recording: now, or in a simulation that runs ahead of the clock its own time."""
    moment = now()
    if study.simulated and study.recorded_until:
        return max(moment, dt.datetime.fromisoformat(study.recorded_until) + A_MOMENT)
    return moment


def today_of(study: Study, moment: dt.datetime | None = None) -> dt.date:
    """Give the day from which a study is looked at: of a moment, or in a simulation of its last entry, or today."""
    if moment is not None:
        return moment.date()
    if study.simulated and study.recorded_until:
        return dt.date.fromisoformat(study.recorded_until[:10])
    return now().date()
