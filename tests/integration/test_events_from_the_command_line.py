"""Adverse events with something wrong or missing, as a site records them and asks `study dlt` about them."""

import io
import json

import pytest
from tests.simulated import a_truth, small

from earlyphase.cli.exits import INVALID, REFUSED
from earlyphase.cli.main import run
from earlyphase.journal.entry import EMPTY
from earlyphase.journal.file import FileJournal
from earlyphase.journal.payloads.treatment import Infusion
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.writing import draft_of
from earlyphase.study.reconstruct import reconstruct

CRS = {"term": "Cytokine release syndrome", "system_class": "Immune system disorders", "scale": "ASTCT 2019"}
SEIZURE = {"term": "Seizure", "system_class": "Nervous system disorders"}


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """Lay a study on disk in which nothing harms anybody, and name one participant with the day of the infusion."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "protocol.yaml").write_text(small().model_dump_json(by_alias=True, exclude_none=True))
    protocols = read_protocols(folder)
    journal = simulate(protocols, a_truth(0.0, more="toxicities: []\n"), 5)
    entries = journal.read()
    last = next(at for at, entry in enumerate(entries) if entry.record.startswith("data_lock"))
    study = reconstruct(protocols, entries[:last])
    name, day = next((p.id, p.last(Infusion).on) for p in study.participants.values() if p.infusion)
    return folder, protocols, entries[:last], name, day


@pytest.fixture
def site(quiet, tmp_path, monkeypatch, capsys):
    folder, protocols, entries, name, infused = quiet
    path = tmp_path / "journal.jsonl"
    study = next(iter(protocols.values())).protocol.study
    FileJournal(path, study).append([draft_of(entry) for entry in entries], EMPTY)

    def asks(*arguments, given=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        try:
            run(["study", *map(str, arguments)])
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return code, said.out + said.err

    def records(**payload):
        fields = SEIZURE | {"grade": 4, "relatedness": "related"} | payload
        line = json.dumps({"command": "adverse_event", "participant": name, "payload": fields}) + "\n"
        return asks("record", folder, "--journal", path, "--by", "Li", "--role", "investigator", given=line)

    def proposes():
        code, out = asks("dlt", folder, "--journal", path, "--participant", name)
        assert code == 0, out
        return " ".join(out.split())

    return records, proposes, infused


def after(infused, days):
    return str(infused.fromordinal(infused.toordinal() + days))


def test_a_grade_that_the_term_does_not_have(site):
    records, _, infused = site
    code, said = records(term="Febrile neutropenia", grade=2, onset=after(infused, 3))
    assert code == REFUSED
    assert "grade 2 does not exist for 'Febrile neutropenia'. Its grades are 3, 4, 5." in said


def test_a_term_that_is_none(site):
    records, _, infused = site
    code, said = records(term="Seizzure", onset=after(infused, 3))
    assert code == REFUSED
    assert "Did you mean 'Seizure'" in said


def test_overlapping_courses_of_crs(site):
    records, _, infused = site
    assert records(**CRS, grade=2, onset=after(infused, 3), resolved=after(infused, 8))[0] == 0
    code, said = records(**CRS, grade=1, onset=after(infused, 5))
    assert code == REFUSED
    assert "a syndrome has one course at a time" in said


def test_an_event_that_ends_before_it_starts(site):
    records, _, infused = site
    code, said = records(onset=after(infused, 5), resolved=after(infused, 3))
    assert code == INVALID
    assert "before its onset on" in said
    assert "correct one of the dates" in said


def test_a_partial_onset_is_imputed_in_the_open_and_the_verdict_says_that_it_hangs_on_it(site):
    records, proposes, infused = site
    assert records(onset=f"{infused:%Y-%m}")[0] == 0
    said = proposes()
    assert "unknown" in said
    assert f"onset {infused:%Y-%m}, taken as {infused}" in said
    assert f"({infused:%Y-%m}) taken as {infused} it would be: DLT" in said


def test_a_dlt_after_the_window(site):
    records, proposes, infused = site
    assert records(onset=after(infused, 29))[0] == 0
    assert "not a DLT: Seizure" in proposes()
    assert "began on day 29, after the window (day 28)" in proposes()


def test_an_event_before_the_infusion(site):
    records, proposes, infused = site
    assert records(onset=after(infused, -2))[0] == 0
    assert "it began 2 days before the infusion" in proposes()


def test_an_event_that_begins_on_the_day_of_the_infusion_is_in_the_window(site):
    records, proposes, infused = site
    assert records(onset=str(infused))[0] == 0
    assert "DLT: Seizure" in proposes()
