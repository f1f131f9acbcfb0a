"""Reports that were computed once: by the study, the head of the journal, and the data cut-off.

The same head and cut-off give the same report, whoever asks, so that nothing is computed twice. What is drawn or
written is kept beside it. The number of reports is bounded; the one that was asked for longest ago is let go.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Generic, TypeVar

from earlyphase.reports.values import Figure, Report
from earlyphase.study.state import Study
from earlyphase.study.status import Status, status_of

MOST = 12
"""How many reports are kept."""

Value = TypeVar("Value")


class Latest(Generic[Value]):
    """Keeps what was used last, a bounded number of them."""

    def __init__(self, most: int) -> None:
        """Hold nothing."""
        self._most = most
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """Give what is kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, value: Value) -> None:
        """Keep something, and let go what was asked for longest ago."""
        with self._lock:
            self._kept[key] = value
            self._trim(key)

    def setdefault(self, key: Hashable, value: Value) -> Value:
        """Give what is kept under a key; where nothing is, keep this."""
        with self._lock:
            found = self._kept.setdefault(key, value)
            self._trim(key)
            return found

    def _trim(self, used: Hashable) -> None:
        self._kept.move_to_end(used)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


class _Once(Generic[Value]):
    """Something that is made when it is first asked for; who asks meanwhile waits."""

    def __init__(self) -> None:
        self._made: list[Value] = []
        self._lock = RLock()

    def value(self, make: Callable[[], Value]) -> Value:
        with self._lock:
            if not self._made:
                self._made.append(make())
            return self._made[0]


class Bounded(Generic[Value]):
    """Keeps what was made last; each is made once, though several ask at a time. Nobody waits for another's."""

    def __init__(self, most: int) -> None:
        """Hold nothing."""
        self._kept: Latest[_Once[Value]] = Latest(most)

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Give what is kept under a key, or make it."""
        return self._kept.setdefault(key, _Once()).value(make)


class Computed:
    """One report, with the drawings and files that were asked for."""

    def __init__(self, report: Report) -> None:
        """Nothing is drawn yet."""
        self.report = report
        self._files: Bounded[str | bytes] = Bounded(400)

    def drawing(self, figure: Figure) -> str:
        """Draw a figure, once."""
        return str(self._files.get(("drawing", figure.id), lambda: _drawn(figure, str)))

    def drawings(self, figures: tuple[Figure, ...]) -> dict[str, str]:
        """Draw some figures, each once."""
        return {figure.id: self.drawing(figure) for figure in figures}

    def shown(self, figures: tuple[Figure, ...], language: str, say: Callable[[str], str]) -> dict[str, str]:
        """Draw some figures in a language, each once.

        Args:
            figures: what to draw.
            language: what the language is called.
            say: says the words of a figure in it.
        """
        return {
            one.id: str(self._files.get(("shown", one.id, language), lambda one=one: _drawn(one, say)))
            for one in figures
        }

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


def _drawn(figure: Figure, say: Callable[[str], str]) -> str:
    from earlyphase.reports.drawing import draw  # noqa: PLC0415 - starts an engine: only who draws waits for it

    return draw(figure, say=say)
