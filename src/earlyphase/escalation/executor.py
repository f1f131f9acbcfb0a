"""Who computes: this process, several on this machine, or the workers of a dask cluster. All give the same results."""

import importlib
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

from earlyphase.faults import InvalidInput

Share = TypeVar("Share")
Part = TypeVar("Part")


class Executor(Protocol):
    """Something that computes the parts of a task, in their order."""

    def map(self, work: Callable[[Share], Part], shares: Sequence[Share]) -> Iterable[Part]:
        """Do the work on each share, and give the parts in the order of the shares."""
        ...


@dataclass(frozen=True, slots=True)
class Serial:
    """This process alone."""

    def map(self, work: Callable[[Share], Part], shares: Sequence[Share]) -> Iterable[Part]:
        """Do the work on each share, one after another.

        Source: bookkeeping.
        """
        return map(work, shares)


@dataclass(frozen=True, slots=True)
class Processes:
    """Several processes on this machine."""

    workers: int

    def map(self, work: Callable[[Share], Part], shares: Sequence[Share]) -> Iterable[Part]:
        """Do the work in the processes.

        Source: bookkeeping.
        """
        with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn")) as pool:
            yield from pool.map(work, shares)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a dask cluster, named by its scheduler's address."""

    scheduler: str

    def map(self, work: Callable[[Share], Part], shares: Sequence[Share]) -> Iterable[Part]:
        """Do the work on the cluster.

        Raises:
            InvalidInput: dask is not installed, or no scheduler answers at the address.

        Source: bookkeeping.
        """
        client_class = _client_class()
        try:
            client = client_class(self.scheduler, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as fault:
            rule = f"gives no scheduler: {fault}."
            raise InvalidInput("--scheduler", self.scheduler, rule, "As in tcp://host:8786.") from None
        with client:
            yield from client.gather(client.map(work, list(shares), pure=False))


def _client_class() -> Any:  # noqa: ANN401 - dask is an extra, and its types are open
    """Find dask's client, which is an extra."""
    try:
        return importlib.import_module("distributed").Client
    except ImportError:
        rule = "needs dask, which is not installed."
        raise InvalidInput("--scheduler", None, rule, "Install earlyphase[cluster].") from None


def executor_of(workers: int | None, scheduler: str | None) -> Executor:
    """Give who computes, as a user asked for it.

    Raises:
        InvalidInput: both were asked for, or no process at all.

    Source: the user.
    """
    if workers is not None and scheduler is not None:
        raise InvalidInput("--workers", workers, "cannot go with --scheduler.", "Leave one of the two out.")
    if scheduler is not None:
        return Cluster(scheduler)
    if workers is None or workers == 1:
        return Serial()
    if not 1 <= workers <= 64 * (os.cpu_count() or 1):
        raise InvalidInput("--workers", workers, "is not a number of processes.", f"There are {os.cpu_count()} cores.")
    return Processes(workers)
