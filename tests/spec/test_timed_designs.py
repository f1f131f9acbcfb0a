"""What the designs that depend on time advise while participants are pending, in the words of a study."""

import numpy as np
import pytest

from earlyphase.escalation.catalogue import build
from earlyphase.escalation.notation import parse_outcomes, tally
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_advice import Pending, Seen, advise_underway, one_study
from earlyphase.escalation.timed_catalogue import build_timed
from earlyphase.escalation.tite_crm import Scheme, weights
from earlyphase.faults import InvalidInput

LADDER = {"doses": 4}
TARGET = {"doses": 4, "target": 0.3}
CRM = {"target": 0.3, "skeleton": (0.05, 0.15, 0.3, 0.45)}


def a_design(name, **options):
    given = {"rolling6": LADDER, "tite-crm": CRM}.get(name, TARGET)
    return build_timed(name, Options(**(given | options)))


def advised(name, outcomes, pending=(), responses=(), **options):
    """Advise after outcomes, with (dose, share of the window) for each who is pending."""
    design = a_design(name, **options)
    seen = Seen(tally(parse_outcomes(outcomes), design.doses), tuple(Pending(*each) for each in pending), responses)
    return advise_underway(design, seen)


EVERY = ("rolling6", "tite-boin", "tite-crm", "bf-boin", "boin12")


@pytest.mark.parametrize("name", EVERY)
def test_the_first_participant_is_treated_at_the_start_dose(name):
    assert advised(name, "").next_dose == 1
    assert advised(name, "", start=2).next_dose == 2
    assert build(name, Options(**({"rolling6": LADDER, "tite-crm": CRM}.get(name, TARGET)))).doses == 4


@pytest.mark.parametrize(
    ("outcomes", "pending", "decision", "dose"),
    [
        ("1NN", [], "stay", 1),
        ("1N", [(1, 0.5), (1, 0.1)], "stay", 1),
        ("1NNN", [], "escalate", 2),
        ("1NNN", [(1, 0.2)], "stay", 1),
        ("1NNNN", [], "escalate", 2),
        ("1NNT", [], "stay", 1),
        ("1NNNNN", [(1, 0.9)], "escalate", 2),
        ("1NNNN", [(1, 0.9), (1, 0.8)], "wait", None),
        ("1NNNNT", [(1, 0.9)], "wait", None),
        ("1NNNNNT", [], "escalate", 2),
        ("1NNN 2NTT", [], "de-escalate", 1),
        ("1NNN 2N 2TT", [(2, 0.1)], "de-escalate", 1),
        ("1TT", [(1, 0.5)], "stop", None),
    ],
)
def test_the_rolling_six_goes_by_who_is_pending(outcomes, pending, decision, dose):
    said = advised("rolling6", outcomes, pending)
    assert (said.decision, said.next_dose) == (decision, dose)


def test_the_rolling_six_calls_no_dose_the_mtd_on_fewer_than_six():
    assert advised("rolling6", "1NNN 2TT").cohort_size == 1
    assert advised("rolling6", "1NNN 2TT 1NNT").mtd == 1
    assert advised("rolling6", "1NNN 2TT 1NTT").mtd is None


def test_tite_boin_goes_on_while_at_most_half_are_pending():
    assert advised("tite-boin", "1NN", [(1, 0.3)]).next_dose == 2
    waits = advised("tite-boin", "1N", [(1, 0.9), (1, 0.9)])
    assert (waits.decision, waits.next_dose) == ("wait", None)
    assert "more than half of the dose's participants are pending" in waits.reason


def test_tite_boin_lowers_the_dose_at_once_where_the_dlts_ask_for_it():
    assert advised("tite-boin", "1NNN 2TT", [(2, 0.1)]).next_dose == 1


def test_tite_boin_counts_the_pending_by_their_follow_up():
    """At 1 of 6 with two pending, 0.60 windows of follow-up are the published threshold."""
    assert advised("tite-boin", "1NNNT", [(1, 0.29), (1, 0.30)]).next_dose == 1
    assert advised("tite-boin", "1NNNT", [(1, 0.31), (1, 0.30)]).next_dose == 2


def test_tite_crm_weighs_the_pending_and_never_waits():
    early, late = (advised("tite-crm", "1NNN", [(2, share)] * 3) for share in (0.0, 0.95))
    assert early.decision != "wait"
    assert "nearest to the target 0.3" in early.reason
    assert late.next_dose == 3
    assert float(early.reason.split("estimated at ")[1][:5]) > float(late.reason.split("estimated at ")[1][:5])


def test_an_adaptive_weight_goes_by_when_dlts_came():
    """Once a DLT came early, half of the risk is thought to be over for who was followed beyond it."""
    seen, half_way = tally(parse_outcomes("1NNT"), 4), (Pending(1, 0.5),)
    early, late = (
        weights(one_study(Seen(seen, half_way, (), (came,)), 4), Scheme.ADAPTIVE)[-1, 0] for came in (0.2, 0.8)
    )
    assert early == pytest.approx((1 + 0.3 / 0.8) / 2)
    assert late == pytest.approx(0.5 / 0.8 / 2)


def test_backfill_opens_a_lower_dose_that_responded_while_the_cohort_is_followed():
    cohort = [(2, 0.1), (2, 0.2), (2, 0.3)]
    silent = advised("bf-boin", "1NNN", cohort, responses=(0, 0, 0, 0))
    assert (silent.decision, silent.next_dose) == ("wait", None)
    opened = advised("bf-boin", "1NNN", cohort, responses=(1, 0, 0, 0))
    assert (opened.next_dose, opened.cohort_size) == (1, 1)
    assert "beside the escalation" in opened.reason
    assert advised("bf-boin", "1NNN", cohort, responses=(1, 0, 0, 0), cap=3).decision == "wait"


def test_backfill_closes_a_dose_that_is_unsafe_together_with_the_next():
    cohort = [(2, 0.1), (2, 0.2), (2, 0.3)]
    assert advised("bf-boin", "1NNNNTT", cohort, responses=(2, 0, 0, 0)).next_dose == 1
    assert advised("bf-boin", "1NNNTTT", cohort, responses=(2, 0, 0, 0)).decision == "wait"


def test_a_lower_dose_that_contradicts_is_pooled():
    alone, pooled = advised("bf-boin", "1NNN 2NNN"), advised("bf-boin", "1NNNNNTTTT 2NNN")
    assert alone.next_dose == 3
    assert pooled.next_dose < 3


def test_boin12_stays_or_moves_where_the_desirability_is_highest():
    assert advised("boin12", "1NNN", responses=(0, 0, 0, 0)).next_dose == 2
    assert advised("boin12", "1NNN", responses=(3, 0, 0, 0)).next_dose == 1
    assert advised("boin12", "1NTT", responses=(3, 0, 0, 0)).next_dose == 1
    assert advised("boin12", "1TTT", responses=(3, 0, 0, 0)).decision == "stop"


def test_boin12_names_the_optimal_dose_when_all_were_treated():
    said = advised("boin12", "1NNN 2NNN", responses=(1, 3, 0, 0), max_n=6)
    assert (said.decision, said.mtd) == ("stop", 2)


def test_boin12_cannot_be_asked_without_responses():
    design = build("boin12", Options(**TARGET))
    assert design.recommend(tally((), 4)).next_dose == 1
    with pytest.raises(InvalidInput, match="say nothing of responses"):
        design.recommend(tally(parse_outcomes("1NNN"), 4))


@pytest.mark.parametrize("name", ["tite-boin", "tite-crm"])
def test_with_nobody_pending_the_parent_design_answers(name):
    parent = build({"tite-boin": "boin", "tite-crm": "crm"}[name], Options(**(CRM if name == "tite-crm" else TARGET)))
    child = build(name, Options(**(CRM if name == "tite-crm" else TARGET)))
    random = np.random.default_rng(3)
    for _ in range(60):
        treated = random.integers(0, 3, 4) * 3
        treated[0] = 3
        counts = zip(treated, random.integers(0, treated + 1), strict=True)
        words = [f"{dose}{'T' * hit}{'N' * (n - hit)}" for dose, (n, hit) in enumerate(counts, start=1) if n]
        seen = tally(parse_outcomes(" ".join(words)), 4)
        assert parent.recommend(seen).next_dose == child.recommend(seen).next_dose, words


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("rolling6", {"doses": None}, "--doses: is missing"),
        ("rolling6", {"start": 5}, "--start: 5"),
        ("tite-boin", {"target": 1.0}, "--target"),
        ("tite-boin", {"stop_at": 0}, "--stop-at: 0"),
        ("tite-crm", {"scheme": "steep"}, "--scheme"),
        ("tite-crm", {"skeleton": (0.2, 0.1)}, "--skeleton"),
        ("bf-boin", {"cap": 0}, "--cap: 0"),
        ("boin12", {"efficacy": 0.0}, "--efficacy"),
        ("boin12", {"utility": (50.0, 60.0)}, "add up to 100"),
        ("boin", {"target": 0.3}, "--cohorts: is missing"),
    ],
)
def test_bad_options_are_a_sentence(name, options, said):
    with pytest.raises(InvalidInput) as fault:
        a_design(name, **options)
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("pending", "responses", "said"),
    [
        ([(5, 0.5)], (), "--pending: 5 is not a dose"),
        ([(1, 1.0)], (), "who reached its end is not pending"),
        ([], (1,), "--responses: (1,) are not one number for each of the 4 doses"),
        ([], (4, 0, 0, 0), "--responses: 4 at dose 1 is not among its 3"),
    ],
)
def test_what_cannot_have_been_seen_is_refused(pending, responses, said):
    with pytest.raises(InvalidInput) as fault:
        advised("tite-boin", "1NNN", pending, responses)
    assert said in str(fault.value)
