"""`earlyphase study dlt, clocks, packet`, as a user types them."""

import io
import json
import re

import pypdf
import pytest
from tests.simulated import a_truth, small

from earlyphase.cli.main import run
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.writing import write_journal


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Lay a small simulated study on disk, and give what every command is told first."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "protocol.yaml").write_text(small().model_dump_json(by_alias=True, exclude_none=True))
    journal = simulate(read_protocols(folder), a_truth(0.4), 5)
    write_journal(folder / "journal.jsonl", journal)
    return folder, (str(folder), "--journal", str(folder / "journal.jsonl"))


def study(capsys, command, *arguments):
    """Run a command; give its exit code, what it printed, and what it said went wrong."""
    try:
        run(["study", command, *map(str, arguments)])
        code = 0
    except SystemExit as left:
        code = int(left.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_dlt_proposes_for_everybody_and_names_the_clause(given, capsys):
    _, first = given
    code, out, _ = study(capsys, "dlt", *first, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["simulated"]
    fired = [one for one in answer["proposals"] if one["proposed"] == "DLT"]
    assert fired
    assert {one["clause"] for one in fired} == {"any-4"}
    assert all(one["adjudication"]["verdict"] == "DLT" for one in fired)


def test_dlt_tells_one_participant_in_sentences_under_the_label(given, capsys):
    _, first = given
    _, out, _ = study(capsys, "dlt", *first, "--json")
    name = next(one["participant"] for one in json.loads(out)["proposals"] if one["proposed"] == "DLT")
    code, out, _ = study(capsys, "dlt", *first, "--participant", name)
    assert code == 0
    assert out.startswith("SIMULATED")
    text = re.sub(r"\s+", " ", out)
    assert f"{name}: DLT. " in text
    assert "(clause any-4: any grade 4)" in text
    assert "Simulated reviewer 1 found DLT" in text


def test_dlt_names_those_who_are_enrolled_when_asked_for_another(given, capsys):
    _, first = given
    code, _, err = study(capsys, "dlt", *first, "--participant", "999")
    assert code == 2
    assert "'999' is not enrolled" in err


def test_reviews_are_hidden_on_the_command_line_from_who_has_not_reviewed(given, capsys):
    _, first = given
    lines = (given[0] / "journal.jsonl").read_text().splitlines()
    moment = next(json.loads(line)["recorded_at"] for line in lines if '"record":"dlt_review/1"' in line)
    name = next(json.loads(line)["participant"] for line in lines if '"record":"dlt_review/1"' in line)
    code, out, _ = study(capsys, "dlt", *first, "--as-of", moment, "--participant", name, "--json")
    (one,) = json.loads(out)["proposals"]
    assert code == 0
    assert one["reviews"] == {"state": "1 of 2 in", "wanted": 1, "seen": []}
    asked = ("--as-of", moment, "--participant", name, "--reviewer", "Simulated reviewer 1", "--json")
    _, out, _ = study(capsys, "dlt", *first, *asked)
    (one,) = json.loads(out)["proposals"]
    assert [each["reviewer"] for each in one["reviews"]["seen"]] == ["Simulated reviewer 1"]


def test_clocks_say_what_is_due_next(given, capsys):
    _, first = given
    code, out, _ = study(capsys, "clocks", *first, "--jurisdiction", "EU", "--json")
    clocks = json.loads(out)["clocks"]
    assert code == 0
    assert clocks
    assert {one["deadline"]["jurisdiction"] for one in clocks} == {"EU"}
    assert [one["deadline"]["due"] for one in clocks] == sorted(one["deadline"]["due"] for one in clocks)
    aware = clocks[0]["aware_on"]
    code, out, _ = study(capsys, "clocks", *first, "--as-of", aware)
    assert code == 0


def test_clocks_refuse_a_jurisdiction_that_is_not_known(given, capsys):
    _, first = given
    code, _, err = study(capsys, "clocks", *first, "--jurisdiction", "Atlantis")
    assert code == 2
    assert "Atlantis" in err
    assert "ICH, US, EU, CN" in err


@pytest.fixture(scope="module")
def dates(given):
    """Give two days of the escalation: after the first cohort, and before its end."""
    lines = [json.loads(line) for line in (given[0] / "journal.jsonl").read_text().splitlines()]
    infusions = [line["recorded_at"][:10] for line in lines if line["record"].startswith("infusion/")]
    return infusions[2], infusions[4]


def test_a_packet_is_a_page_and_a_document_with_the_label_on_every_sheet(given, dates, capsys, tmp_path):
    _, first = given
    early, late = dates
    options = ("--cutoff", late, "--as-of", late, "--compare", early, "--out", tmp_path, "--json")
    code, out, err = study(capsys, "packet", *first, *options)
    assert code == 0, err
    answer = json.loads(out)
    html = (tmp_path / "packet.html").read_text("utf-8")
    pdf = pypdf.PdfReader(io.BytesIO((tmp_path / "packet.pdf").read_bytes()))
    assert answer["stamp"]["head"] in html
    assert {"cohort", "what-if", "changes", "dlt-proposals", "events-level", "laboratory-worst", "from-here",
            "stopping", "clocks", "signatures"} <= {table["id"] for table in answer["tables"]}  # fmt: skip
    for sheet in pdf.pages:
        assert "SIMULATED" in sheet.extract_text()
    assert answer["recommendation"]["reason"] in re.sub(r"\s+", " ", pdf.pages[0].extract_text())
    names = re.findall(r'\bid="([^"]+)"', html)
    assert len(names) == len(set(names))


def test_the_same_packet_has_the_same_bytes(given, dates, capsys, tmp_path):
    _, first = given
    for name in ("a", "b"):
        study(capsys, "packet", *first, "--cutoff", dates[0], "--as-of", dates[0], "--out", tmp_path / name)
    for file in ("packet.html", "packet.pdf"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--scenario", "0.1,x"), "is not a list of numbers"),
        (("--scenario", "0.1"), "--scenario"),
        (("--cutoff", "2999-01-01"), "lies after the last entry"),
        (("--compare", "2020-01-01"), "lies before the first entry"),
    ],
)
def test_a_packet_that_cannot_be_made_says_why_and_writes_nothing(given, dates, capsys, tmp_path, options, says):
    _, first = given
    code, _, err = study(capsys, "packet", *first, "--as-of", dates[0], *options, "--out", tmp_path / "packet")
    assert code == 2
    assert says in err
    assert not (tmp_path / "packet").exists()


def test_a_packet_is_not_compared_with_a_later_day(given, dates, capsys, tmp_path):
    _, first = given
    code, _, err = study(capsys, "packet", *first, "--cutoff", dates[0], "--compare", dates[1], "--out", tmp_path)
    assert code == 2
    assert "is not before the cut-off" in err
