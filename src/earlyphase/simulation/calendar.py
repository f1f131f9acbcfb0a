"""The simulated calendar: what is to be done on which day, and what time it is."""

import datetime as dt
import heapq
from collections.abc import Callable, Iterator

from earlyphase.dates import add_days

OPENS = dt.time(8, tzinfo=dt.UTC)
"""When a day's work begins."""

STEP = dt.timedelta(seconds=97)
"""From one entry to the next."""


class Calendar:
    """Tasks by day. It never goes back, and tasks of one day come in the order in which they were set."""

    def __init__(self, start: dt.date) -> None:
        """Begin on a day."""
        self.today = start
        self._now = dt.datetime.combine(start, OPENS)
        self._tasks: list[tuple[dt.date, int, Callable[[], None]]] = []
        self._set = 0

    def on(self, day: dt.date, task: Callable[[], None]) -> None:
        """Set a task for a day; a day that is past means today."""
        self._set += 1
        heapq.heappush(self._tasks, (max(day, self.today), self._set, task))

    def after(self, days: int, task: Callable[[], None]) -> None:
        """Set a task for so many days from today.

        Units: days.
        """
        self.on(add_days(self.today, days), task)

    def days(self, until: dt.date) -> Iterator[dt.date]:
        """Do the tasks day by day, up to and including a last day, and give each day when its tasks are done."""
        while self._tasks and self._tasks[0][0] <= until:
            self.today = self._tasks[0][0]
            while self._tasks and self._tasks[0][0] == self.today:
                heapq.heappop(self._tasks)[2]()
            yield self.today

    @property
    def empty(self) -> bool:
        """Whether nothing is left to be done."""
        return not self._tasks

    def tick(self) -> dt.datetime:
        """Give the time of the next entry."""
        self._now = max(dt.datetime.combine(self.today, OPENS), self._now + STEP)
        return self._now
