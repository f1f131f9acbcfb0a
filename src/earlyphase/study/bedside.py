"""CRS and ICANS of a participant, graded from the rows of the bedside chart: moment by moment, and as episodes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from earlyphase.dates import days_from
from earlyphase.journal.payloads.bedside import BedsideChart
from earlyphase.study.state import Fact, Participant
from earlyphase.toxicity.astct import Graded
from earlyphase.toxicity.crs import grade_crs
from earlyphase.toxicity.episodes import Episode, crs_episodes, icans_episodes
from earlyphase.toxicity.icans import grade_icans

Rows = tuple[Fact[BedsideChart], ...]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One row of the chart with its grades."""

    entry: int
    latest: int
    day: int | None
    """Units: days from the infusion."""
    chart: BedsideChart
    crs: Graded | None
    """None where nothing of it was looked at."""
    icans: Graded | None


@dataclass(frozen=True, slots=True)
class Charted:
    """A participant's chart."""

    rows: tuple[ChartRow, ...]
    """In the order of their moments."""
    crs: tuple[Episode, ...]
    icans: tuple[Episode, ...]

    def episodes(self, scale: str) -> tuple[Episode, ...]:
        """Give the episodes of a scale: `CRS` or `ICANS`."""
        return {"CRS": self.crs, "ICANS": self.icans}.get(scale, ())


def charted(person: Participant) -> Charted:
    """Grade a participant's chart. Once treatment was given in an episode of CRS, fever is no longer needed.

    Source: ASTCT consensus, Lee et al. 2019, Biol Blood Marrow Transplant 25:625.
    """
    facts: Rows = tuple(sorted(person.all(BedsideChart), key=lambda fact: (fact.payload.moment, fact.entry)))
    body = [(fact.payload.moment, fact.payload.crs) for fact in facts if "CRS" in fact.payload.looked_at]
    treated = [fact.payload.moment for fact in facts if fact.payload.treated]
    crs = crs_episodes(body, treated)
    neuro = [(fact.payload.moment, fact.payload.icans) for fact in facts if "ICANS" in fact.payload.looked_at]
    in_episodes = {one.at: one.graded for episode in crs for one in episode.course}
    day_0 = person.infusion.on if person.infusion else None
    rows = tuple(_row(fact, day_0, in_episodes.get(fact.payload.moment)) for fact in facts)
    return Charted(rows, crs, icans_episodes(neuro))


def _row(fact: Fact[BedsideChart], day_0: dt.date | None, of_episode: Graded | None) -> ChartRow:
    chart, seen = fact.payload, fact.payload.looked_at
    crs = (of_episode or grade_crs(chart.crs)) if "CRS" in seen else None
    icans = grade_icans(chart.icans) if "ICANS" in seen else None
    return ChartRow(fact.entry, fact.latest, days_from(day_0, chart.on) if day_0 else None, chart, crs, icans)


def worst_by_day(rows: Iterable[ChartRow], scale: str) -> dict[int, Graded]:
    """Give the worst grade of each day from the infusion on a scale."""
    found: dict[int, Graded] = {}
    for row in rows:
        graded = row.crs if scale == "CRS" else row.icans
        if graded is None or row.day is None:
            continue
        before = found.get(row.day)
        if before is None or (graded.grade_max, graded.grade_min) > (before.grade_max, before.grade_min):
            found[row.day] = graded
    return found
