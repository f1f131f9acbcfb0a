"""`earlyphase design next`, as a user types it."""

import json
import subprocess
import sys

import pytest


def design_next(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", "design", "next", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_next_dose_is_answered_as_json():
    done = design_next("3+3", "--variant", "lowest_stop", "--doses", "3", "--outcomes", "1NNN 2NNT", "--json")
    answer = json.loads(done.stdout)
    assert (answer["next_dose"], answer["decision"], answer["mtd"]) == (2, "stay", None)
    assert answer["reason"].startswith("1 of 3 at dose 2 had a DLT")


def test_the_next_dose_is_null_when_the_escalation_is_over():
    done = design_next("3+3", "--variant", "lowest_stop", "--doses", "3", "--outcomes", "1NNN 2NTT", "--json")
    answer = json.loads(done.stdout)
    assert (answer["next_dose"], answer["decision"], answer["mtd"]) == (None, "stop", 1)


def test_what_each_result_of_the_open_cohort_leads_to_is_told():
    done = design_next("3+3", "--variant", "six_at_mtd", "--doses", "3", "--outcomes", "1NNN 2NN")
    assert done.stdout.splitlines()[2:] == ["  2N  escalate, 3 at dose 3", "  2T  stay, 3 at dose 2"]


def test_a_decision_that_was_taken_is_compared():
    common = ("3+3", "--variant", "lowest_stop", "--doses", "2", "--outcomes", "1NNT 1NNT", "--json")
    answer = json.loads(design_next(*common, "--taken", "escalate").stdout)
    assert answer["agrees"] is False
    assert answer["departure"]["rule"] == "two DLTs at a dose exceed it, in three as in six"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["3+3", "--variant", "lowest_stop", "--doses", "3", "--outcomes", "1NNX"], "character 4"),
        (["3+3", "--doses", "3"], "--variant: is missing"),
        (["3+3", "--variant", "usual", "--doses", "3"], "is not a variant"),
        (["3+4"], "Did you mean 3+3?"),
        (["3+3", "--target", "0.3"], "is not an option of 3+3"),
        (["3+3", "--variant", "lowest_stop", "--doses", "3", "--outcomes", "2NNN"], "could not have been produced"),
    ],
)
def test_bad_input_is_a_sentence_and_no_traceback(arguments, said):
    done = design_next(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
