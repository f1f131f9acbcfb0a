"""What accrual, windows, staggering, products and committees make of the duration; who computes changes nothing."""

import math
from dataclasses import replace

import pytest
from distributed import LocalCluster

from earlyphase.escalation.calendar_time import CHUNK, Truth, simulate_calendar
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.executor import Cluster, Processes, Serial, executor_of
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_catalogue import build_timed
from earlyphase.faults import InvalidInput

TRUTH = Truth((0.1, 0.25, 0.45))
SAFE = Truth((0.0, 0.0))
BOIN = Options(doses=3, target=0.25, cohorts=5)
THREE = Options(doses=2, variant="lowest_stop")
EVEN = Conduct(accrual=10, window=28, arrivals="even")


def days(conduct, design="3+3", options=THREE, truth=SAFE, trials=50):
    """Give the mean duration of a study, which is certain where patients come evenly and nobody has a DLT."""
    return simulate_calendar(build_timed(design, options), truth, conduct, trials).duration.mean


@pytest.mark.parametrize(("name", "options"), [("boin", BOIN), ("3+3", Options(doses=3, variant="six_at_mtd"))])
def test_designs_that_wait_for_their_cohorts_choose_as_the_exact_figures_say(name, options):
    exact = characteristics(every_end(build(name, options)), [TRUTH.dlt])[0]
    drawn = simulate_calendar(build_timed(name, options), TRUTH, Conduct(), 20_000).counts
    pairs = [(exact.no_mtd, drawn.no_mtd), *zip(exact.select, drawn.select, strict=True)]
    for true, seen in pairs:
        assert abs(true - seen) <= 4.5 * math.sqrt(max(true * (1 - true), 1e-5) / 20_000)
    assert drawn.total_patients == pytest.approx(exact.total_patients, abs=4.5 * drawn.mcse.total_patients + 1e-9)


def test_a_study_without_dlts_takes_its_arrivals_and_its_windows():
    """Patients on days 0, 10, 20; the window ends on day 48, with arrivals on 50, 60, 70; all is known on day 98."""
    assert days(EVEN) == pytest.approx(98, abs=4)


def test_staggering_a_committee_and_making_the_product_add_their_days():
    fast = replace(EVEN, accrual=0.001)
    assert days(fast) == pytest.approx(2 * 28, abs=0.1)
    assert days(replace(fast, stagger_first=28, stagger=14)) == pytest.approx(2 * (28 + 14 + 28), abs=0.1)
    assert days(replace(fast, committee=7)) == pytest.approx(2 * 28 + 3 * 7, abs=0.1)
    assert days(replace(fast, vein_to_vein=20)) == pytest.approx(2 * (20 + 28), abs=0.1)


def test_who_drops_out_is_replaced():
    fast = replace(EVEN, accrual=1.0, vein_to_vein=20, vein_to_vein_sd=5)
    plain, failing = (
        simulate_calendar(build_timed("3+3", THREE), SAFE, replace(fast, failure=share), 2_000) for share in (0.0, 0.25)
    )
    assert plain.enrolled == 6
    assert failing.enrolled == pytest.approx(6 / 0.75, abs=0.2)
    assert failing.counts.total_patients == 6
    assert failing.duration.mean > plain.duration.mean
    dropping = simulate_calendar(build_timed("3+3", THREE), SAFE, replace(fast, dropout=0.2), 2_000)
    assert dropping.enrolled == pytest.approx(6 / 0.8, abs=0.2)


def test_late_dlts_are_known_later():
    soon, late = (days(replace(EVEN, accrual=1, late=share), truth=Truth((1.0, 1.0))) for share in (0.0, 1.0))
    assert soon < 16 + 3
    assert late > 14


def test_designs_that_need_not_wait_are_sooner_done():
    conduct = Conduct(accrual=10, window=60)
    waiting, tite = (days(conduct, name, BOIN, TRUTH, 500) for name in ("boin", "tite-boin"))
    assert tite < 0.8 * waiting
    rolling, three = (
        days(conduct, name, options, TRUTH, 500)
        for name, options in (("rolling6", Options(doses=3)), ("3+3", Options(doses=3, variant="six_at_mtd")))
    )
    assert rolling < three


def test_backfill_treats_more_in_the_same_time():
    truth = Truth(TRUTH.dlt, (0.5, 0.5, 0.5))
    plain, filled = (
        simulate_calendar(build_timed(name, BOIN), truth, Conduct(accrual=7, window=28), 500)
        for name in ("boin", "bf-boin")
    )
    assert filled.counts.total_patients > plain.counts.total_patients + 3
    assert filled.duration.mean == pytest.approx(plain.duration.mean, rel=0.05)


def test_figures_carry_their_monte_carlo_error():
    found = simulate_calendar(build_timed("tite-boin", BOIN), TRUTH, Conduct(), 400)
    assert found.counts.method == "simulated"
    assert found.duration.mcse == pytest.approx(found.duration.sd / 20)
    p = found.counts.select[1]
    assert found.counts.mcse.select[1] == pytest.approx(math.sqrt(p * (1 - p) / 400))
    quantiles = [value for _, value in found.duration.quantiles]
    assert quantiles == sorted(quantiles)


def test_results_do_not_depend_on_the_number_of_workers():
    design, trials = build_timed("tite-boin", BOIN), 2 * CHUNK + 17
    alone = simulate_calendar(design, TRUTH, Conduct(), trials, seed=5)
    assert simulate_calendar(design, TRUTH, Conduct(), trials, 5, Processes(2)) == alone
    assert simulate_calendar(design, TRUTH, Conduct(), trials, seed=6) != alone


@pytest.mark.filterwarnings("ignore")  # dask warns of its own sockets and of a busy machine
def test_a_cluster_of_two_worker_processes_gives_the_same_results():
    design, trials = build_timed("tite-boin", BOIN), CHUNK + 17
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        on_cluster = simulate_calendar(design, TRUTH, Conduct(), trials, 5, Cluster(cluster.scheduler_address))
    assert on_cluster == simulate_calendar(design, TRUTH, Conduct(), trials, 5)


def test_who_computes_is_chosen_by_the_user():
    assert executor_of(None, None) == executor_of(1, None) == Serial()
    assert executor_of(2, None) == Processes(2)
    assert executor_of(None, "tcp://host:8786") == Cluster("tcp://host:8786")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: executor_of(2, "tcp://host:8786"), "--workers: 2 cannot go with --scheduler"),
        (lambda: executor_of(0, None), "--workers: 0"),
        (lambda: simulate_calendar(build_timed("3+3", THREE), SAFE, Conduct(), 1), "--simulate: 1"),
        (lambda: simulate_calendar(build_timed("3+3", THREE), TRUTH, Conduct(), 10), "has 3 values"),
        (lambda: simulate_calendar(build_timed("3+3", THREE), Truth((0, 0), (2, 0)), Conduct(), 10), "--response 1"),
        (lambda: Conduct(accrual=0), "--accrual: 0"),
        (lambda: Conduct(window=-1), "--window: -1"),
        (lambda: Conduct(failure=1.0), "--failure: 1.0"),
        (lambda: Conduct(late=1.5), "--late: 1.5"),
        (lambda: Conduct(stagger=-3), "--stagger: -3"),
        (lambda: Conduct(arrivals="never"), "--arrivals: 'never'"),
    ],
)
def test_bad_input_is_a_sentence(act, said):
    with pytest.raises(InvalidInput) as fault:
        act()
    assert said in str(fault.value)


@pytest.mark.filterwarnings("ignore")  # as above
def test_a_scheduler_that_does_not_answer_is_named():
    with pytest.raises(InvalidInput, match=r"--scheduler: 'nonsense://x'"):
        list(Cluster("nonsense://x").map(len, ["a"]))
