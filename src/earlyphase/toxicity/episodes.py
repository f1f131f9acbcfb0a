"""Episodes of CRS and ICANS: bedside findings over time become onset, worst grade and duration."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from earlyphase.toxicity.astct import Graded, load_scales
from earlyphase.toxicity.crs import CrsFindings, grade_crs
from earlyphase.toxicity.icans import IcansFindings, grade_icans


@dataclass(frozen=True, slots=True)
class GradedAt:
    """The grade of one moment."""

    at: dt.datetime
    graded: Graded


@dataclass(frozen=True, slots=True)
class Episode:
    """One course of CRS or ICANS, from its first to its last grade."""

    scale: str
    version: str
    onset: dt.datetime
    resolved: dt.datetime | None
    """The first moment without a grade; None while it goes on."""
    course: tuple[GradedAt, ...]
    """Every graded moment from the onset to the end."""

    @property
    def worst_min(self) -> int:
        """The worst grade that is certain."""
        return max(moment.graded.grade_min for moment in self.course)

    @property
    def worst_max(self) -> int:
        """The worst grade that is possible."""
        return max(moment.graded.grade_max for moment in self.course)

    @property
    def worst_at(self) -> dt.datetime:
        """The first moment of the worst certain grade."""
        return next(moment.at for moment in self.course if moment.graded.grade_min == self.worst_min)

    @property
    def duration(self) -> dt.timedelta | None:
        """From onset to resolution; None while it goes on."""
        return None if self.resolved is None else self.resolved - self.onset

    @property
    def reason(self) -> str:
        """One sentence: onset, worst grade and what gave it, duration."""
        worst = next(moment.graded for moment in self.course if moment.graded.grade_min == self.worst_min)
        hours = "" if self.duration is None else f" after {self.duration.total_seconds() / 3600:g} h"
        end = "goes on" if self.resolved is None else f"resolved {self.resolved:%Y-%m-%d %H:%M}{hours}"
        begun, at = f"{self.onset:%Y-%m-%d %H:%M}", f"{self.worst_at:%Y-%m-%d %H:%M}"
        return f"{self.scale} from {begun}, {end}; worst {at}: {worst.reason}"


def crs_episodes(
    findings: Iterable[tuple[dt.datetime, CrsFindings]], treated_at: Iterable[dt.datetime] = ()
) -> tuple[Episode, ...]:
    """Grade CRS over time.

    An episode begins with fever. Once an antipyretic, tocilizumab or a steroid has been given in it, fever is no longer
    required: hypotension and hypoxia alone keep it going.

    Args:
        findings: bedside findings with their moments, in any order.
        treated_at: the moments at which an antipyretic, tocilizumab or a steroid was given.

    Returns:
        The episodes, in order; findings that return within the time of the table belong to the same one.

    Source: ASTCT consensus, Lee et al. 2019, table 2 and its footnotes.
    """
    treatments = sorted(treated_at)
    graded: list[GradedAt] = []
    onset: dt.datetime | None = None
    quiet_since: dt.datetime | None = None
    for at, seen in sorted(findings, key=_moment):
        if quiet_since is not None and at - quiet_since > same_episode_within():
            onset = quiet_since = None
        treated = onset is not None and any(onset <= given <= at for given in treatments)
        result = grade_crs(seen, fever_required=not treated)
        graded.append(GradedAt(at, result))
        if result.grade_min > 0:
            onset, quiet_since = onset or at, None
        elif result.grade_max == 0:
            quiet_since = quiet_since or at
    return split(graded)


def icans_episodes(findings: Iterable[tuple[dt.datetime, IcansFindings]]) -> tuple[Episode, ...]:
    """Grade ICANS over time.

    Returns:
        The episodes, in order; findings that return within the time of the table belong to the same one.

    Source: ASTCT consensus, Lee et al. 2019, tables 6 and 7.
    """
    return split([GradedAt(at, grade_icans(seen)) for at, seen in sorted(findings, key=_moment)])


def same_episode_within() -> dt.timedelta:
    """Give the time within which returning findings belong to the same episode.

    Source: assumed; the ASTCT consensus is silent.
    """
    return dt.timedelta(hours=load_scales().same_episode_within.to("h").value)


def split(graded: Sequence[GradedAt]) -> tuple[Episode, ...]:
    """Split graded moments, in order, into episodes.

    An episode begins with the first certain grade and ends with the first moment surely without one, unless a certain
    grade returns within the time of the table.

    Source: ASTCT consensus, Lee et al. 2019; the time between episodes is assumed.
    """
    episodes: list[list[GradedAt]] = []
    quiet_since: dt.datetime | None = None
    for moment in graded:
        if moment.graded.grade_min > 0:
            if not episodes or (quiet_since and moment.at - quiet_since > same_episode_within()):
                episodes.append([])
            quiet_since = None
        elif moment.graded.grade_max == 0:
            quiet_since = quiet_since or moment.at
        if episodes:
            episodes[-1].append(moment)
    return tuple(_episode(moments) for moments in episodes)


def _episode(moments: Sequence[GradedAt]) -> Episode:
    last = max(index for index, moment in enumerate(moments) if moment.graded.grade_min > 0)
    end = next((index for index in range(last + 1, len(moments)) if moments[index].graded.grade_max == 0), None)
    course = tuple(moments if end is None else moments[: end + 1])
    resolved = None if end is None else moments[end].at
    return Episode(course[0].graded.scale, course[0].graded.version, course[0].at, resolved, course)


def _moment(entry: tuple[dt.datetime, object]) -> dt.datetime:
    return entry[0]
