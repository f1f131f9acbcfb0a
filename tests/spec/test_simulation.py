"""A simulated study goes by the rules of a real one, and can be made again byte for byte."""

import datetime as dt
import os
import subprocess
import sys
from itertools import pairwise

import pytest
from tests.builders import ASSUMED, a_protocol
from tests.simulated import a_truth, entries_of, growing, small, study_of, versions

from earlyphase.escalation.design import Act, DoseTally, Tally
from earlyphase.faults import InvalidInput
from earlyphase.journal.file import FileJournal
from earlyphase.journal.payloads.conduct import DoseDecision, Signature, StudyResumed, StudySuspended
from earlyphase.journal.payloads.entering import Consent, EligibilityConfirmed
from earlyphase.journal.payloads.observations import Laboratory, Marrow, Mrd, ResponseAssessment, Visit
from earlyphase.journal.payloads.safety import DltAdjudication, DltVerdict
from earlyphase.journal.payloads.treatment import ProductFailed
from earlyphase.journal.store import MemoryJournal
from earlyphase.protocol.criteria import Stage
from earlyphase.simulation.chance import PEOPLE, Chance
from earlyphase.simulation.fate import draw_fate
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth, parse_truth, read_truth
from earlyphase.simulation.writing import write_journal
from earlyphase.study.cohorts import Phase, design_of, escalation
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.standing import DltState, standings
from earlyphase.study.verification import verify
from earlyphase.toxicity.dictionary import load_dictionary
from earlyphase.toxicity.dlt import Verdict, propose_dlt
from earlyphase.toxicity.events import graded_event

SEEDS = range(6)
VARIANTS = ("lowest_stop", "expand_below", "six_at_mtd")
HEAD = """
from tests.simulated import entries_of
print(entries_of(3)[-1].hash)
"""


def test_the_same_seed_gives_the_same_journal_in_any_process():
    here = entries_of(3)[-1].hash
    for number in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": number}
        done = subprocess.run([sys.executable, "-c", HEAD], capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.strip() == here


def test_another_seed_gives_another_journal():
    assert entries_of(3)[-1].hash != entries_of(4)[-1].hash


def test_what_was_recorded_by_a_day_does_not_hang_on_when_the_simulation_ends():
    whole = entries_of(3)
    until = dt.date.fromisoformat(whole[len(whole) // 2].recorded_at[:10])
    part = entries_of(3, until=until)
    assert part == whole[: len(part)]
    assert whole[len(part)].recorded_at[:10] > str(until)


def test_the_file_holds_the_entries_of_the_simulation(tmp_path):
    entries = entries_of(3)
    write_journal(tmp_path / "journal.jsonl", MemoryJournal("S1", entries))
    assert FileJournal(tmp_path / "journal.jsonl", "S1").read() == entries


def test_a_journal_that_is_there_is_never_overwritten(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("somebody's work")
    with pytest.raises(InvalidInput, match="never overwritten"):
        write_journal(path, MemoryJournal("S1", entries_of(3)))
    assert path.read_text() == "somebody's work"


def test_a_simulation_says_that_it_is_one():
    study = study_of(3)
    assert study.purpose == "simulation"
    assert study.simulated
    assert all(entry.recorded_by.startswith("Simulated ") for entry in entries_of(3))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_decision_is_what_the_design_says_of_those_who_had_been_judged(seed, variant):
    study = study_of(seed, variant=variant)
    protocol, design = study.protocol, design_of(study.protocol)
    current = protocol.doses.start
    for decision in study.decisions:
        counted = [
            (person.level, fact.payload.verdict)
            for person in study.participants.values()
            for fact in person.all(DltAdjudication)
            if fact.entry < decision.entry
        ]
        doses = tuple(
            DoseTally(
                sum(level == number and verdict != DltVerdict.NOT_EVALUABLE for level, verdict in counted),
                sum(level == number and verdict == DltVerdict.DLT for level, verdict in counted),
            )
            for number in protocol.doses.numbers
        )
        advice = design.recommend(Tally(doses, protocol.doses.index(current)))
        made = decision.payload
        assert made.decision == advice.decision
        assert made.next_level == (protocol.doses.level(advice.next_dose) if advice.next_dose else None)
        assert made.rp2d == (protocol.doses.level(advice.mtd) if advice.mtd else None)
        current = made.next_level or current


@pytest.mark.parametrize("seed", SEEDS)
def test_the_escalation_ends(seed):
    assert study_of(seed).decisions[-1].payload.decision is Act.STOP


@pytest.mark.parametrize("seed", SEEDS)
def test_no_more_are_at_risk_at_a_level_than_a_cohort_has(seed):
    protocol = small()
    for study in growing(protocol, entries_of(seed)):
        if escalation(study).opening.phase is Phase.ESCALATION:
            at_risk = [one.level for one in standings(study) if one.state in (DltState.PREPARING, DltState.PENDING)]
            assert all(at_risk.count(level) <= protocol.escalation.cohort_size for level in set(at_risk))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stagger_is_kept(seed):
    study = study_of(seed)
    stop = study.decisions[-1]
    for level in study.protocol.doses.numbers:
        days = sorted(
            person.infusion.on
            for person in study.enrolled
            if person.infusion and person.level == level and person.infusion.on <= stop.payload.on
        )
        for place, (before, after) in enumerate(pairwise(days)):
            assert (after - before).days >= (28 if place == 0 else 14)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_dlt_begins_outside_the_window(seed):
    for person in study_of(seed).participants.values():
        finding = person.last(DltAdjudication)
        if finding and finding.verdict is DltVerdict.DLT:
            event = next(fact.payload for fact in person.adverse_events if fact.entry == finding.adverse_event)
            assert 0 <= (event.onset.earliest - person.infusion.on).days <= 28


def test_toxicity_at_every_level_closes_the_study_without_a_dose():
    study = study_of(1, dlt=1.0)
    assert study.decisions[-1].payload.rp2d is None
    assert escalation(study).opening.phase is Phase.CLOSED


def test_without_toxicity_the_top_level_is_expanded_to_the_planned_number():
    study = study_of(1, dlt=0.0)
    assert study.decisions[-1].payload.rp2d == 3
    assert len(study.enrolled) == max(12, sum(one.level in (1, 2, 3) for one in standings(study)))


def test_a_complete_study_ends_with_its_lock_and_a_signature():
    study = study_of(3)
    assert study.locked
    assert study.last(Signature).covers == entries_of(3)[-2].hash


def test_each_decision_is_signed():
    study = study_of(3)
    for decision in study.decisions:
        assert any(f"entry {decision.entry}" in signature.meaning for signature in study.every(Signature))


def test_who_is_not_evaluable_is_replaced():
    study = reconstruct(
        versions(small()), simulate(versions(small()), a_truth(0.0, more="under_dosing: 0.4"), 2).read()
    )
    stop = study.decisions[-1].entry
    here = [one for one in standings(study) if one.level == 1 and one.enrolled_entry < stop]
    assert sum(one.state is DltState.NOT_EVALUABLE for one in here) > 0
    assert sum(one.evaluable for one in here) == 3


def test_a_failed_product_leaves_no_infusion():
    truth = a_truth(0.1, more="manufacturing_failure: 0.5")
    study = reconstruct(versions(small()), simulate(versions(small()), truth, 2).read())
    failed = [person for person in study.participants.values() if person.every(ProductFailed)]
    assert failed
    assert all(person.infusion is None for person in failed)


def test_a_stopping_rule_halts_the_study_until_the_committee_has_reviewed_it():
    protocol = small().model_copy(
        update={
            "stopping_rules": (
                a_protocol(
                    stopping_rules=[{**ASSUMED, "id": "two", "when": "Two DLTs.", "measure": "dlt", "at_least": 2}]
                ).stopping_rules[0],
            )
        }
    )
    study = reconstruct(versions(protocol), simulate(versions(protocol), a_truth(0.6), 1).read())
    halts, resumptions = study.every(StudySuspended), study.every(StudyResumed)
    assert halts
    assert len(halts) == len(resumptions)
    for halt, resumed in zip(halts, resumptions, strict=True):
        infused = [person.infusion.on for person in study.enrolled if person.infusion]
        assert not [day for day in infused if halt.on < day < resumed.on]


@pytest.mark.parametrize(
    "protocol",
    [
        a_protocol(levels=((1, 5.0),)),
        a_protocol(levels=((1, 5.0), (2, 6.0)), variant="lowest_stop", expansion=None),
        a_protocol(stagger={"after_first_of_level": 0, "between_others": 0}),
        a_protocol(stagger={"after_first_of_level": 7, "between_others": 3, "in_expansion": 5}),
    ],
    ids=["one level", "no expansion", "no stagger", "a stagger in the expansion"],
)
def test_any_protocol_can_be_simulated(protocol):
    study = reconstruct(versions(protocol), simulate(versions(protocol), a_truth(0.25), 5).read())
    assert study.locked
    assert study.decisions[-1].payload.decision is Act.STOP


def test_the_visits_of_the_schedule_leave_their_records():
    study = study_of(3)
    assert {visit.name for person in study.enrolled for visit in person.every(Visit)} == {
        "Screening",
        "Day 7",
        "Day 28",
        "Month 3",
    }
    for kind in (Laboratory, Marrow, Mrd, ResponseAssessment):
        assert any(person.every(kind) for person in study.enrolled)


def test_slips_of_the_pen_are_corrected_with_a_reason_and_doubles_are_voided():
    truth = a_truth(0.2, more="slip_of_the_pen: 0.3\nentered_twice: 0.3")
    entries = simulate(versions(small()), truth, 3).read()
    reasons = {entry.kind: entry.reason for entry in entries if entry.record == "laboratory/1" and entry.supersedes}
    assert set(reasons) == {"corrected", "voided"}
    assert all(reasons.values())


def test_a_simulated_journal_is_sound():
    found = verify(entries_of(3), versions(small()))
    assert found.sound
    assert found.signatures == len(study_of(3).every(DoseDecision)) + 1


def test_eligibility_is_checked_again_at_the_infusion():
    for person in study_of(3).participants.values():
        if person.infusion:
            stages = {confirmed.stage: confirmed.on for confirmed in person.every(EligibilityConfirmed)}
            assert stages[Stage.INFUSION] == person.infusion.on


def test_participants_are_numbered_in_the_order_of_their_consent():
    study = study_of(3)
    assert list(study.participants) == [f"{number:03}" for number in range(1, len(study.participants) + 1)]
    days = [person.last(Consent).on for person in study.participants.values()]
    assert days == sorted(days)


# --- DLTs are those of the protocol's definition ----------------------------------------------------------------------


def proposed(study, person):
    events = [
        graded_event(
            fact.payload.term,
            fact.payload.scale,
            fact.payload.grade,
            fact.payload.onset,
            resolved=fact.payload.resolved,
            course=[(change.on, change.grade) for change in fact.payload.course],
            system_class=fact.payload.system_class,
            related=fact.payload.relatedness != "not related",
            cause=fact.payload.cause,
        )
        for fact in person.adverse_events
    ]
    end = person.left_study_on or dt.date.fromisoformat(study.recorded_until[:10])
    return propose_dlt(study.protocol.dlt, events, person.infusion.on, end).verdict


CLAUSES = (
    {"id": "crs-4", "says": "CRS 4", "scale": "CRS", "min_grade": 4},
    {
        "id": "crs-3",
        "says": "CRS 3 beyond 7 days",
        "scale": "CRS",
        "min_grade": 3,
        "lasting": {"not_back_to": 2, "within": {"value": 7, "unit": "d"}},
    },
    {
        "id": "icans-3",
        "says": "ICANS 3 beyond 72 h",
        "scale": "ICANS",
        "min_grade": 3,
        "lasting": {"not_back_to": 2, "within": {"value": 72, "unit": "h"}},
    },
    {
        "id": "other-3",
        "says": "other grade 3 beyond 7 days",
        "scale": "CTCAE",
        "min_grade": 3,
        "related_only": True,
        "lasting": {"not_back_to": 2, "within": {"value": 7, "unit": "d"}},
        "exceptions": [
            {"says": "blood", "system_classes": ["Blood and lymphatic system disorders"]},
            {
                "says": "counts",
                "terms": ["Neutrophil count decreased", "Platelet count decreased", "White blood cell decreased"],
            },
        ],
    },
    {
        "id": "late",
        "says": "cytopenia beyond day 42",
        "scale": "CTCAE",
        "min_grade": 4,
        "terms": ["Neutrophil count decreased", "Platelet count decreased"],
        "beyond_day": 42,
    },
    {"id": "death", "says": "death", "scale": "CTCAE", "min_grade": 5},
)


@pytest.mark.parametrize("seed", range(6))
def test_what_the_reviewers_find_is_what_the_definition_proposes(seed):
    protocol = small().model_copy(
        update={"dlt": a_protocol(dlt={**ASSUMED, "window_days": 28, "reviewers": 2, "clauses": CLAUSES}).dlt}
    )
    truth = a_truth(0.4, 1.2, more="fatal_share_of_dlt: 0.2")
    study = reconstruct(versions(protocol), simulate(versions(protocol), truth, seed).read())
    judged = [(person, person.last(DltAdjudication)) for person in study.enrolled if person.infusion]
    assert {finding.verdict for _, finding in judged} >= {DltVerdict.DLT, DltVerdict.NO_DLT}
    for person, finding in judged:
        assert (finding.verdict is DltVerdict.DLT) == (proposed(study, person) is Verdict.DLT)


# --- The truth --------------------------------------------------------------------------------------------------------


def test_the_default_truth_names_terms_of_the_dictionary():
    terms = load_dictionary().terms
    for one in (*default_truth().toxicities, *default_truth().severe):
        if one.term.lower() in terms:
            assert terms[one.term.lower()].system_class == one.system_class
        else:
            assert "neurotoxicity" in one.term


def test_a_truth_replaces_what_it_names_and_keeps_the_rest(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("accrual_per_month: 4\n")
    assert read_truth(path) == default_truth().model_copy(update={"accrual_per_month": 4.0})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accrual: 4", "is not a key of the truth. Did you mean `accrual_per_month`?"),
        ("screen_failure: 2", "less than 1"),
        ("screening_days: {least: 9, most: 2}", "the wrong way round"),
        ("- a list", "mapping"),
    ],
)
def test_a_truth_that_cannot_be_is_refused_with_its_line(text, said):
    with pytest.raises(InvalidInput, match=r"truth:1") as refused:
        parse_truth(text)
    assert said in str(refused.value)


def test_the_odds_of_a_dlt_rise_from_level_to_level_unless_a_level_is_named():
    doses = a_protocol().doses
    truth = a_truth(0.2, 2.0).dlt
    assert truth.at(1, doses) == 0.2
    assert truth.at(2, doses) == pytest.approx(1 / 3)
    assert truth.at(-1, doses) == pytest.approx(1 / 9)
    named = parse_truth("dlt: {at_start: 0.2, odds_per_level: 2.0, levels: {2: 0.9}}").dlt
    assert named.at(2, doses) == 0.9


def test_one_persons_fate_does_not_hang_on_the_others():
    """Draws for other people in between change nothing."""
    protocol = small()
    alone = Chance(3, PEOPLE, 7)
    among, other = Chance(3, PEOPLE, 7), Chance(3, PEOPLE, 8)
    fates = [draw_fate(a_truth(), protocol, 1, alone) for _ in range(3)]
    mixed = [(draw_fate(a_truth(), protocol, 1, among), draw_fate(a_truth(), protocol, 1, other)) for _ in range(3)]
    assert [fate for fate, _ in mixed] == fates
    assert [fate for _, fate in mixed] != fates
