"""Reports that were computed once: by the study, the head of the journal, and the data cut-off.

The same head and cut-off give the same report, whoever asks, so that nothing is computed twice. What is drawn or
written is kept beside it. The number of reports is bounded; the one that was asked for longest ago is let go.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Generic, TypeVar

from earlyphase.reports.values import Figure, Report
from earlyphase.study.state import Study
from earlyphase.study.status import Status, status_of

MOST = 12
"""How many reports are kept."""

Value = TypeVar("Value")


class Bounded(Generic[Value]):
    """Keeps what was made last; each is made once, though several ask at a time."""

    def __init__(self, most: int) -> None:
        """Hold nothing."""
        self._most = most
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Give what is kept under a key, or make it."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[key]


class Computed:
    """One report, with the drawings and files that were asked for."""

    def __init__(self, report: Report) -> None:
        """Nothing is drawn yet."""
        self.report = report
        self._files: Bounded[str | bytes] = Bounded(400)

    def drawing(self, figure: Figure) -> str:
        """Draw a figure, once."""
        return str(self._files.get(("drawing", figure.id), lambda: _drawn(figure)))

    def drawings(self, figures: tuple[Figure, ...]) -> dict[str, str]:
        """Draw some figures, each once."""
        return {figure.id: self.drawing(figure) for figure in figures}

    def file(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Write a file, once."""
        found = self._files.get(("file", name), make)
        return found if isinstance(found, bytes) else found.encode()


_reports: Bounded[Computed] = Bounded(MOST)


def computed(what: str, study: Study, cutoff: dt.date | None, make: Callable[[], Report]) -> Computed:
    """Give a report that was made of a study, or make it.

    Args:
        what: which report.
        study: the state that it is made of; its head names it.
        cutoff: the data cut-off.
        make: makes it.
    """
    return _reports.get((what, study.name, study.head.hash, cutoff), lambda: Computed(make()))


_statuses: Bounded[Status] = Bounded(24)


def status_now(study: Study, today: dt.date) -> Status:
    """Give where a study stands on a day; what was computed of the same head is not computed again."""
    return _statuses.get((study.name, study.head.hash, today), lambda: status_of(study, today))


def _drawn(figure: Figure) -> str:
    from earlyphase.reports.drawing import draw  # noqa: PLC0415 - starts an engine: only who draws waits for it

    return draw(figure)
