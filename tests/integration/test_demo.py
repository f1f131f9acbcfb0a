"""`earlyphase demo`: the whole way, in one command."""

import json
import subprocess
import sys

import pytest
from tests.checkout import ROOT

from earlyphase.protocol.library import known_studies


def earlyphase(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    home = tmp_path_factory.mktemp("demo") / "demo"
    done = earlyphase("demo", "--out", home)
    assert done.returncode == 0, done.stderr
    return home, done.stdout


def test_it_leaves_a_journal_and_both_reports(demo):
    home, _ = demo
    assert {path.name for path in home.iterdir()} == {"journal.jsonl", "report.html", "report.pdf"}


def test_it_tells_every_decision_and_what_to_look_at_next(demo):
    home, said = demo
    study = next(iter(known_studies()))
    status = json.loads(earlyphase("study", "status", study, "--journal", home / "journal.jsonl", "--json").stdout)
    assert len(status["decisions"]) >= 3
    assert all(decision["on"] in said for decision in status["decisions"])
    assert "SIMULATED" in said
    assert "Look at next" in said
    assert f"earlyphase study verify {study}" in said


def test_a_second_run_gives_the_same_bytes_and_another_journal_goes_to_a_folder_of_its_own(demo):
    home, _ = demo
    before = (home / "journal.jsonl").read_bytes(), (home / "report.html").read_bytes()
    again = json.loads(earlyphase("demo", "--out", home, "--json").stdout)
    assert again["journal"] == str(home / "journal.jsonl")
    other = json.loads(earlyphase("demo", "--out", home, "--seed", 2, "--json").stdout)
    assert other["journal"] == str(home.with_name("demo-2") / "journal.jsonl")
    assert ((home / "journal.jsonl").read_bytes(), (home / "report.html").read_bytes()) == before


def test_an_unknown_study_is_named(tmp_path):
    done = earlyphase("demo", "--study", "NCT0", "--out", tmp_path)
    assert done.returncode == 2
    assert "is not a known study" in done.stderr


def test_the_studies_of_the_checkout_are_known():
    assert sorted(known_studies()) == sorted(path.name for path in (ROOT / "studies").iterdir() if path.is_dir())
