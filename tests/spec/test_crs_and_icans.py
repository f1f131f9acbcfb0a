"""CRS and ICANS: the tables of the ASTCT consensus, cell by cell, and their course over time."""

import datetime as dt
import re

import pytest

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.crs import CrsFindings, Oxygen, grade_crs
from earlyphase.toxicity.episodes import crs_episodes, icans_episodes
from earlyphase.toxicity.icans import IcansFindings, Motor, Pressure, Seizure, Wakes, grade_icans, ice_score

FEVER = Quantity(38.6, "Cel")
DAY_5 = dt.datetime(2026, 5, 8, 6, 0, tzinfo=dt.UTC)


def crs(**seen):
    """A feverish participant with a normal pressure on room air, but for what is given."""
    normal = {"temperature": FEVER, "hypotension": False, "vasopressors": 0, "oxygen": Oxygen.ROOM_AIR}
    if seen.get("vasopressors") or seen.get("vasopressin"):
        normal["hypotension"] = True
    return CrsFindings(**normal | seen)


def icans(**seen):
    """A participant without any neurological finding, but for what is given."""
    normal = {"ice": 10, "wakes": Wakes.SPONTANEOUSLY, "seizure": Seizure.NONE, "motor": Motor.NONE,
              "pressure": Pressure.NONE}  # fmt: skip
    if "capd" in seen or "capd_impossible" in seen:
        normal.pop("ice")
    return IcansFindings(**normal | seen)


def litres(flow):
    return {"oxygen": Oxygen.CANNULA, "flow": Quantity(flow, "L/min")}


@pytest.mark.parametrize(
    ("cell", "seen", "grade"),
    [
        ("temperature below 38 °C", {"temperature": Quantity(37.9, "Cel")}, 0),
        ("temperature of exactly 38 °C", {"temperature": Quantity(38.0, "Cel")}, 1),
        ("temperature in Fahrenheit", {"temperature": Quantity(100.4, "[degF]")}, 1),
        ("fever of another cause", {"other_cause": True}, 0),
        ("no hypotension", {"hypotension": False}, 1),
        ("hypotension without a vasopressor", {"hypotension": True}, 2),
        ("one vasopressor", {"vasopressors": 1}, 3),
        ("one vasopressor with vasopressin", {"vasopressors": 1, "vasopressin": True}, 3),
        ("vasopressin alone", {"vasopressin": True}, 3),
        ("several vasopressors", {"vasopressors": 2}, 4),
        ("several vasopressors with vasopressin", {"vasopressors": 2, "vasopressin": True}, 4),
        ("room air", {"oxygen": Oxygen.ROOM_AIR}, 1),
        ("low-flow cannula", litres(2), 2),
        ("cannula of exactly 6 L/min", litres(6), 2),
        ("blow-by", {"oxygen": Oxygen.BLOW_BY}, 2),
        ("cannula above 6 L/min", litres(6.5), 3),
        ("face mask", {"oxygen": Oxygen.FACE_MASK}, 3),
        ("non-rebreather mask", {"oxygen": Oxygen.NON_REBREATHER}, 3),
        ("Venturi mask", {"oxygen": Oxygen.VENTURI}, 3),
        ("positive pressure", {"oxygen": Oxygen.POSITIVE_PRESSURE}, 4),
        ("the worst component decides", {"hypotension": True, "oxygen": Oxygen.FACE_MASK}, 3),
        ("death", {"died": True}, 5),
    ],
)
def test_crs_has_the_grade_of_the_consensus_table(cell, seen, grade):
    graded = grade_crs(crs(**seen))
    assert (graded.grade, graded.missing) == (grade, ()), cell
    assert graded.version == "ASTCT 2019"


@pytest.mark.parametrize(
    ("cell", "seen", "grade"),
    [
        ("ICE 10", {"ice": 10}, 0),
        ("ICE 9", {"ice": 9}, 1),
        ("ICE 7", {"ice": 7}, 1),
        ("ICE 6", {"ice": 6}, 2),
        ("ICE 3", {"ice": 3}, 2),
        ("ICE 2", {"ice": 2}, 3),
        ("ICE 1", {"ice": 1}, 3),
        ("ICE 0 but awake", {"ice": 0}, 3),
        ("ICE 0 but wakes to touch", {"ice": 0, "wakes": Wakes.TO_TOUCH}, 3),
        ("ICE 0, unarousable", {"ice": 0, "wakes": Wakes.UNAROUSABLE}, 4),
        ("wakes spontaneously", {"wakes": Wakes.SPONTANEOUSLY}, 0),
        ("wakes to voice", {"wakes": Wakes.TO_VOICE}, 2),
        ("wakes to touch only", {"wakes": Wakes.TO_TOUCH}, 3),
        ("wakes not, or to vigorous stimuli", {"wakes": Wakes.UNAROUSABLE}, 4),
        ("seizure that resolves rapidly", {"seizure": Seizure.RESOLVES}, 3),
        ("seizure on EEG only", {"seizure": Seizure.EEG_ONLY}, 3),
        ("seizure longer than 5 min", {"seizure": Seizure.LONG}, 4),
        ("seizures without return to baseline", {"seizure": Seizure.REPEATED}, 4),
        ("deep focal weakness", {"motor": Motor.DEEP_WEAKNESS}, 4),
        ("focal oedema", {"pressure": Pressure.FOCAL_OEDEMA}, 3),
        ("diffuse oedema", {"pressure": Pressure.DIFFUSE_OEDEMA}, 4),
        ("posturing", {"pressure": Pressure.POSTURING}, 4),
        ("sixth-nerve palsy", {"pressure": Pressure.SIXTH_NERVE}, 4),
        ("papilloedema", {"pressure": Pressure.PAPILLOEDEMA}, 4),
        ("Cushing's triad", {"pressure": Pressure.CUSHING}, 4),
        ("CAPD 9 in a child", {"capd": 9}, 3),
        ("CAPD 0 in a child", {"capd": 0}, 0),
        ("a child too unwell for CAPD", {"capd_impossible": True}, 4),
        ("CAPD 8 in a child who wakes spontaneously", {"capd": 8, "wakes": Wakes.SPONTANEOUSLY}, 1),
        ("CAPD 8 in a child who wakes to voice", {"capd": 8, "wakes": Wakes.TO_VOICE}, 2),
        ("the worst component decides", {"ice": 8, "seizure": Seizure.RESOLVES}, 3),
        ("death", {"died": True}, 5),
    ],
)
def test_icans_has_the_grade_of_the_consensus_table(cell, seen, grade):
    assert grade_icans(icans(**seen)).grade == grade, cell


@pytest.mark.parametrize(
    ("graded", "low", "high", "missing"),
    [
        (grade_crs(CrsFindings(temperature=FEVER)), 1, 4, ("hypotension", "hypoxia")),
        (grade_crs(crs(hypotension=True, vasopressors=None)), 2, 4, ("vasopressors",)),
        (grade_crs(crs(hypotension=None, vasopressors=None, vasopressin=True)), 3, 4, ("vasopressors",)),
        (grade_crs(crs(oxygen=Oxygen.CANNULA)), 2, 3, ("flow",)),
        (grade_crs(crs(oxygen=Oxygen.POSITIVE_PRESSURE, hypotension=None)), 4, 4, ()),
        (grade_crs(crs(temperature=None, vasopressors=1)), 0, 3, ("temperature",)),
        (grade_icans(icans(ice=0, wakes=None)), 3, 4, ("ICE", "wakes")),
        (grade_icans(icans(capd=4, wakes=None)), 1, 4, ("wakes",)),
        (grade_icans(IcansFindings(ice=8)), 1, 4, ("wakes", "seizure", "motor", "pressure")),
    ],
)
def test_what_was_not_assessed_leaves_a_range(graded, low, high, missing):
    assert (graded.grade_min, graded.grade_max) == (low, high)
    assert set(graded.missing) - {"ICE"} == set(missing) - {"ICE"}


def test_an_ice_score_is_the_sum_of_its_tasks():
    assert ice_score(orientation=4, naming=3, command=1, writing=0, attention=1) == 9


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: grade_crs(crs(vasopressors=-1)), "is below zero"),
        (lambda: grade_crs(crs(temperature=Quantity(101.3, "Cel"))), "is not a body temperature"),
        (lambda: grade_crs(CrsFindings(FEVER, hypotension=False, vasopressors=1)), "contradicts the vasopressors"),
        (lambda: grade_crs(crs(flow=Quantity(3, "L/min"))), "belongs to a nasal cannula"),
        (lambda: grade_crs(crs(oxygen="tent")), "Known: room air"),
        (lambda: grade_icans(icans(ice=11)), "is not a score from 0 to 10"),
        (lambda: grade_icans(icans(capd=33)), "is not a score from 0 to 32"),
        (lambda: grade_icans(IcansFindings(ice=9, capd=3)), "Give one"),
        (lambda: ice_score(orientation=5, naming=3, command=1, writing=1, attention=1), "has 0 to 4 points"),
        (lambda: ice_score(orientation=4), "has 0 to 3 points"),
        (lambda: ice_score(orientation=4, naming=3, command=1, writing=1, attention=1, mood=1), "is not a task"),
    ],
)
def test_findings_that_cannot_be_are_refused(wrong, says):
    with pytest.raises(InvalidInput, match=re.escape(says)):
        wrong()


def after(hours):
    return DAY_5 + dt.timedelta(hours=hours)


COOL = Quantity(36.8, "Cel")
COURSE = [
    (after(0), crs()),
    (after(12), crs(hypotension=True)),
    (after(24), crs(temperature=COOL, vasopressors=1)),
    (after(36), crs(temperature=COOL, hypotension=True)),
    (after(48), crs(temperature=COOL)),
]


def test_treated_fever_is_no_longer_required():
    (episode,) = crs_episodes(COURSE, treated_at=[after(13)])
    assert [moment.graded.grade for moment in episode.course] == [1, 2, 3, 2, 0]
    assert (episode.onset, episode.resolved, episode.duration) == (after(0), after(48), dt.timedelta(hours=48))
    assert (episode.worst_min, episode.worst_max, episode.worst_at) == (3, 3, after(24))
    assert "one vasopressor" in episode.reason


def test_untreated_hypotension_without_fever_is_no_crs():
    (episode,) = crs_episodes(COURSE)
    assert [moment.graded.grade for moment in episode.course] == [1, 2, 0]
    assert "which CRS needs until it is treated" in episode.course[-1].graded.reason


def test_a_treatment_before_the_fever_does_not_count():
    (episode,) = crs_episodes(COURSE, treated_at=[after(-2)])
    assert episode.worst_min == 2


def test_findings_may_come_in_any_order():
    assert crs_episodes(reversed(COURSE), [after(13)]) == crs_episodes(COURSE, [after(13)])


def test_fever_that_returns_within_a_day_is_the_same_episode_and_later_another():
    again = [*COURSE, (after(70), crs())]
    assert len(crs_episodes(again, [after(13)])) == 1
    assert crs_episodes(again, [after(13)])[0].resolved is None
    later = [*COURSE, (after(73), crs()), (after(80), crs(temperature=COOL, vasopressors=1))]
    first, second = crs_episodes(later, [after(13)])
    assert (first.resolved, second.onset) == (after(48), after(73))
    assert second.worst_min == 1, "in the new episode nothing was treated yet"


def test_a_finding_not_assessed_keeps_an_episode_open():
    (episode,) = crs_episodes([(after(0), crs()), (after(12), CrsFindings(oxygen=Oxygen.ROOM_AIR, hypotension=False))])
    assert (episode.resolved, episode.duration) == (None, None)


def test_a_participant_without_fever_has_no_episode():
    assert crs_episodes([(after(0), crs(temperature=COOL))]) == ()


def test_icans_has_onset_worst_grade_and_duration():
    (episode,) = icans_episodes(
        [(after(0), icans(ice=8)), (after(8), icans(ice=2)), (after(30), icans(ice=5)), (after(54), icans())]
    )
    assert (episode.scale, episode.worst_min, episode.worst_at) == ("ICANS", 3, after(8))
    assert episode.duration == dt.timedelta(hours=54)
    assert "resolved 2026-05-10 12:00 after 54 h" in episode.reason
