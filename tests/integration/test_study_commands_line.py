"""`earlyphase study simulate, status, record, verify`, as a user types them."""

import json
import subprocess
import sys

import pytest
from tests.simulated import small

FIRST = {
    "command": "protocol_activated",
    "recorded_at": "2026-01-05T08:00:00Z",
    "payload": {"on": "2026-01-05", "purpose": "training", "approval": "Ethics committee, 2025-12-20"},
}
CONSENT = {
    "command": "consent",
    "participant": "001",
    "recorded_at": "2026-01-06T08:00:00Z",
    "payload": {"on": "2026-01-06", "version": "1.0"},
}


def study(*arguments, given=""):
    return subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", "study", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=given,
        check=False,
    )


def lines(*commands):
    return "".join(json.dumps(command) + "\n" for command in commands)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("study")
    (made / "protocol.yaml").write_text(small().model_dump_json(by_alias=True, exclude_none=True))
    return made


@pytest.fixture(scope="module")
def simulated(folder):
    path = folder / "simulated.jsonl"
    done = study("simulate", folder, "--journal", path, "--seed", 3, "--until", "2025-07-31", "--json")
    assert done.returncode == 0, done.stderr
    return path, json.loads(done.stdout)


@pytest.fixture
def journal(folder, tmp_path):
    path = tmp_path / "journal.jsonl"
    done = record(folder, path, "sponsor", FIRST)
    assert done.returncode == 0, done.stderr
    return path


def record(folder, path, role, *commands, given=None, options=()):
    text = lines(*commands) if given is None else given
    return study("record", folder, "--journal", path, "--by", "Li Wei", "--role", role, *options, given=text)


def test_a_simulated_journal_is_the_same_again_and_never_overwritten(folder, simulated, tmp_path):
    path, told = simulated
    again = tmp_path / "again.jsonl"
    study("simulate", folder, "--journal", again, "--seed", 3, "--until", "2025-07-31")
    assert again.read_bytes() == path.read_bytes()
    assert told["purpose"] == "simulation"
    refused = study("simulate", folder, "--journal", path)
    assert refused.returncode == 2
    assert "never overwritten" in refused.stderr


def test_a_truth_is_read_from_a_file(folder, tmp_path):
    (tmp_path / "truth.yaml").write_text("dlt: {at_start: 3, odds_per_level: 2, levels: {}}\n")
    done = study("simulate", folder, "--journal", tmp_path / "j.jsonl", "--truth", tmp_path / "truth.yaml")
    assert done.returncode == 2
    assert "truth.yaml:1" in done.stderr
    assert not (tmp_path / "j.jsonl").exists()


def test_the_default_truth_is_printed_and_can_be_read_back(tmp_path):
    path = tmp_path / "truth.yaml"
    path.write_text(study("truth").stdout)
    assert json.loads(study("truth", path).stdout) == json.loads(study("truth", "--json").stdout)


def test_the_status_says_that_it_is_simulated_and_what_is_due(folder, simulated):
    path, told = simulated
    found = json.loads(study("status", folder, "--journal", path, "--json").stdout)
    assert found["simulated"] is True
    assert found["head"] == {"seq": told["entries"], "hash": told["head"]}
    assert found["today"] == told["recorded_until"][:10]
    assert {"free", "held", "taken"} == set(found["slots"])
    assert "SIMULATED" in study("status", folder, "--journal", path).stdout


def test_the_status_as_of_a_day_knows_nothing_later(folder, simulated):
    path, _ = simulated
    early = json.loads(study("status", folder, "--journal", path, "--as-of", "2024-12-31", "--json").stdout)
    assert early["recorded_until"] <= "2024-12-31T23:59:59.999999Z"
    assert early["today"] == "2024-12-31"
    assert early["decisions"] == []


@pytest.mark.parametrize("moment", ["yesterday", "2024-13-01", "2024-12-31T10:00"])
def test_a_moment_that_is_none_is_refused(folder, simulated, moment):
    done = study("status", folder, "--journal", simulated[0], "--as-of", moment)
    assert done.returncode == 2
    assert done.stderr.startswith("invalid: --as-of")


def test_a_journal_that_is_not_there_is_named(folder, tmp_path):
    for word in ("status", "verify"):
        done = study(word, folder, "--journal", tmp_path / "none.jsonl")
        assert done.returncode == 2
        assert "none.jsonl" in done.stderr


# --- verify -----------------------------------------------------------------------------------------------------------


def test_a_whole_journal_is_sound(folder, simulated):
    done = study("verify", folder, "--journal", simulated[0], "--head", simulated[1]["head"], "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["sound"] is True
    assert found["known_head_is_entry"] == simulated[1]["entries"]


def test_a_changed_byte_is_found_with_its_entry(folder, simulated, tmp_path):
    content = simulated[0].read_bytes().splitlines(keepends=True)
    content[6] = content[6].replace(b"2024", b"2023", 1)
    (tmp_path / "edited.jsonl").write_bytes(b"".join(content))
    done = study("verify", folder, "--journal", tmp_path / "edited.jsonl")
    assert done.returncode == 4
    assert "entry 7 does not match its hash" in done.stderr
    told = json.loads(study("verify", folder, "--journal", tmp_path / "edited.jsonl", "--json").stdout)
    assert told["sound"] is False
    assert "entry 7" in told["damage"][0]["message"]


def test_entries_that_were_cut_off_show_by_a_known_head(folder, simulated, tmp_path):
    path = tmp_path / "cut.jsonl"
    path.write_bytes(b"".join(simulated[0].read_bytes().splitlines(keepends=True)[:-3]))
    assert study("verify", folder, "--journal", path).returncode == 0
    done = study("verify", folder, "--journal", path, "--head", simulated[1]["head"][:16])
    assert done.returncode == 4
    assert simulated[1]["head"][:12] in done.stdout


def test_a_torn_line_is_reported_and_set_aside_when_asked(folder, simulated, tmp_path):
    path = tmp_path / "torn.jsonl"
    path.write_bytes(simulated[0].read_bytes() + b'{"study":"S1","seq":')
    torn = study("verify", folder, "--journal", path)
    assert torn.returncode == 4
    assert "--set-aside-torn-line" in torn.stderr
    done = study("verify", folder, "--journal", path, "--set-aside-torn-line")
    assert done.returncode == 0
    assert path.read_bytes() == simulated[0].read_bytes()
    assert [one.read_bytes() for one in tmp_path.glob("torn.jsonl.torn*")] == [b'{"study":"S1","seq":']


def test_a_protocol_file_that_was_changed_after_activation_is_found(folder, simulated, tmp_path):
    (tmp_path / "protocol.yaml").write_text((folder / "protocol.yaml").read_text() + "\n")
    done = study("verify", tmp_path, "--journal", simulated[0])
    assert done.returncode == 4
    assert "the protocol file is now" in done.stderr


# --- record -----------------------------------------------------------------------------------------------------------


def test_each_line_is_answered_by_its_entry(folder, journal):
    done = record(folder, journal, "coordinator", CONSENT, options=["--json"])
    assert done.returncode == 0
    (answer,) = map(json.loads, done.stdout.splitlines())
    assert (answer["line"], answer["entry"]["seq"], answer["entry"]["record"]) == (1, 2, "consent/1")
    assert answer["entry"]["recorded_at"] == "2026-01-06T08:00:00.000000Z"


def test_a_refusal_gives_its_reasons_and_the_next_line_is_tried(folder, journal):
    enrolment = {"command": "enrolment", "participant": "001", "payload": {"on": "2026-01-06"}}
    second = {**CONSENT, "participant": "002"}
    done = record(folder, journal, "coordinator", CONSENT, enrolment, second)
    assert done.returncode == 3
    first, refused, last = done.stdout.splitlines()
    assert first.startswith("line 1: entry 2")
    assert refused.startswith("line 2: refused (not eligible): 001")
    assert last.startswith("line 3: entry 3")


def test_an_invalid_line_ends_the_run_and_says_what_stays(folder, journal):
    bad = {"command": "consent", "participant": "002", "payload": {"on": "2026-02-30", "version": "1"}}
    done = record(folder, journal, "coordinator", CONSENT, bad, {**CONSENT, "participant": "003"})
    assert done.returncode == 2
    assert done.stdout.splitlines()[0].startswith("line 1: entry 2")
    assert "line 2, consent, field on" in done.stderr
    assert "The lines before it stay recorded; those after it were not tried." in done.stderr
    assert len(journal.read_text().splitlines()) == 2


@pytest.mark.parametrize("line", ["{", "[]", '"consent"', "{}", '{"command": "consentt", "payload": {}}'])
def test_what_is_no_command_is_invalid_with_its_line(folder, journal, line):
    done = record(folder, journal, "coordinator", given=f"# a remark\n\n{line}\n")
    assert done.returncode == 2
    assert done.stderr.startswith("invalid: line 3")
    assert "Traceback" not in done.stderr


def test_in_a_study_the_clock_decides(folder, tmp_path):
    path = tmp_path / "real.jsonl"
    real = {**FIRST, "payload": {**FIRST["payload"], "purpose": "study"}}
    del real["recorded_at"]
    assert record(folder, path, "sponsor", real).returncode == 0
    done = record(folder, path, "coordinator", CONSENT)
    assert done.returncode == 3
    assert "the clock decides" in done.stdout


def test_every_command_has_its_schema():
    schemas = json.loads(study("record", "--schema", "all").stdout)
    assert {"consent", "infusion", "dose_decision", "correct", "void", "sign"} <= set(schemas)
    assert json.loads(study("record", "--schema", "infusion").stdout) == schemas["infusion"]
    done = study("record", "--schema", "infusoin")
    assert done.returncode == 2
    assert "Did you mean 'infusion'?" in done.stderr


def test_without_a_name_nothing_is_recorded(folder, tmp_path):
    done = study("record", folder, "--journal", tmp_path / "j.jsonl", given=lines(FIRST))
    assert done.returncode == 2
    assert "--by" in done.stderr
    assert not (tmp_path / "j.jsonl").exists()
