"""`earlyphase design next` and `oc` for designs that depend on time or on a model, as a user types them."""

import pytest

CRM = ("crm", "--target", "0.25", "--skeleton", "0.05,0.12,0.25,0.40,0.55")
TITE = ("tite-boin", "--target", "0.3", "--doses", "3")
SIMULATED = ("--cohorts", "4", "--truth", "0.1,0.3,0.5", "--simulate", "200")


def test_the_crm_names_the_next_dose(answer):
    said = answer("next", *CRM, "--outcomes", "1NNN 2NNT")
    assert (said["next_dose"], said["decision"], said["mtd"]) == (2, "stay", None)
    assert len(said["next_cohort"]) == 4


def test_the_crm_and_the_blrm_have_exact_characteristics(answer):
    [crm] = answer("oc", *CRM, "--cohorts", "5", "--truth", "0.05,0.12,0.25,0.40,0.55")
    ladder = ("--amounts", "0.5,1,2", "--reference", "1")
    [blrm] = answer("oc", "blrm", *ladder, "--cohorts", "3", "--truth", "0.1,0.2,0.4")
    for found in (crm, blrm):
        assert found["method"] == "exact"
        assert found["no_mtd"] + sum(found["select"]) == pytest.approx(1, abs=1e-12)


def test_who_is_pending_is_told_by_dose_and_days(answer, design):
    told = ("--outcomes", "1NN", "--pending", "1:20", "--window", "28")
    assert answer("next", *TITE, *told)["next_dose"] == 2
    assert "Next: 3 at dose 2 (escalate)" in design("next", *TITE, *told)[1]
    waits = ("next", *TITE, "--outcomes", "1N", "--pending", "1:20 1:3", "--window", "28")
    assert answer(*waits)["decision"] == "wait"
    assert "nobody yet" in design(*waits)[1]


def test_responses_are_told_for_each_dose(answer, design):
    told = ("next", "boin12", "--target", "0.35", "--doses", "3", "--outcomes", "1NNN", "--responses", "2,0,0")
    assert answer(*told)["next_dose"] == 1
    ended = ("next", "boin12", "--target", "0.35", "--doses", "3", "--outcomes", "1TTT", "--responses", "0,0,0")
    assert "no dose is chosen" in design(*ended)[1]


def test_simulated_figures_carry_their_error_and_the_conduct_they_hold_for(answer, design):
    [found] = answer("oc", *TITE, *SIMULATED, "--accrual", "10", "--window", "60")
    assert found["method"] == "simulated"
    assert set(found["mcse"]) == {"no_mtd", "select", "total_patients", "patients", "duration"}
    assert (found["conduct"]["accrual"], found["conduct"]["window"], found["trials"]) == (10, 60, 200)
    assert found["duration"]["mean"] > 60
    assert "Monte Carlo standard error" in design("oc", *TITE, *SIMULATED)[1]


def test_an_option_of_conduct_puts_any_design_into_calendar_time(answer):
    three = ("oc", "3+3", "--variant", "lowest_stop", "--truth", "0.1,0.3,0.5", "--simulate", "200")
    [found] = answer(*three, "--stagger", "14")
    assert found["duration"]["mean"] > 28


def test_two_processes_give_what_one_gives(answer):
    typed = ("oc", *TITE, "--cohorts", "2", "--truth", "0.1,0.3,0.5", "--simulate", "6000")
    assert answer(*typed, "--workers", "2") == answer(*typed)


def test_responses_are_simulated_where_the_design_goes_by_them(answer):
    boin12 = ("oc", "boin12", "--target", "0.35", *SIMULATED)
    two = answer(*boin12, "--truth", "0.2,0.4,0.6", "--response", "0.2,0.4,0.5")
    assert len(two) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("next", *CRM[:3], "--skeleton", "0.2,0.1"), "--skeleton: 0.1 of dose 2 is not above 0.2"),
        (("next", "crm", "--target", "1", "--skeleton", "0.1,0.2"), "--target: 1.0 is not between 0 and 1"),
        (("next", *TITE, "--pending", "1:20"), "--window: is needed to weigh days"),
        (("next", *TITE, "--pending", "1-20", "--window", "28"), "--pending: '1-20' is not a dose and the days"),
        (("next", *TITE, "--pending", "1:28", "--window", "28"), "has reached the end of the window"),
        (("next", *CRM, "--pending", "1:20", "--window", "28"), "is not for crm"),
        (
            ("next", "bf-boin", *TITE[1:], "--outcomes", "1NNN 2NNN", "--pending", "1:4", "--window", "28"),
            "--current: is missing",
        ),
        (("next", "tite-crm", *CRM[1:], "--outcomes", "1T", "--dlt-days", "40", "--window", "28"), "within the window"),
        (("oc", *TITE, *SIMULATED, "--outcomes", "1NNN"), "--outcomes"),
        (("oc", *TITE, "--truth", "0.1,0.2,0.3"), "--cohorts: is missing"),
        (("oc", *TITE, *SIMULATED, "--accrual", "0"), "--accrual: 0.0"),
        (("oc", *TITE, *SIMULATED, "--workers", "2", "--scheduler", "tcp://x:1"), "cannot go with --scheduler"),
        (("oc", *CRM, "--cohorts", "3", "--truth", "0.1,0.2,0.3,0.4,0.5", "--workers", "2"), "in calendar time"),
        (("oc", "boin12", "--target", "0.35", *SIMULATED), "--response: is missing"),
        (("oc", "boin12", "--target", "0.35", *SIMULATED, *("--response", "0.1,0.2,0.3") * 2), "--response: 2 lists"),
    ],
)
def test_bad_input_is_a_sentence(design, typed, said):
    code, _, err = design(*typed)
    assert code == 2
    assert said in err
