"""`earlyphase study tables`: every table and figure in every format, and what is in the files."""

import csv
import io
import json
import re
import subprocess
import sys

import docx
import pypdf
import pytest
from tests.simulated import study_of

from earlyphase.reports.outputs.paper import NO_BREAK
from earlyphase.reports.outputs.table_csv import table_csv
from earlyphase.reports.outputs.table_docx import table_docx
from earlyphase.reports.outputs.table_rtf import rtf_text, table_rtf
from earlyphase.reports.outputs.writing import write_outputs
from earlyphase.reports.study_report import results
from earlyphase.reports.study_tables import study_tables
from earlyphase.reports.values import Cell, Column, Label, Row, Stamp, Table

STAMP = Stamp("S1", "2026-05-03", "2026-05-03T08:00:00+00:00", 12, "ab" * 32, "1.0", "0.1.0", Label.TRAINING)
FORMATS = {"table": {"html", "rtf", "docx", "pdf", "csv"}, "figure": {"svg", "png", "pdf", "html"}}


@pytest.fixture(scope="module")
def report():
    return study_tables(results(study_of(3)))


@pytest.fixture(scope="module")
def written(report, tmp_path_factory):
    return write_outputs(report, tmp_path_factory.mktemp("outputs"))


def a_table(rows=(("贫血 {anaemia} \\ 𝄞", "2 (10 %)"),), columns=2):
    made = tuple(Row(tuple(Cell(text) for text in row), indent=place % 2) for place, row in enumerate(rows))
    heads = (Column("Term"), *(Column("Any grade", "number", "Level 1") for _ in range(columns - 1)))
    return Table("t", "A table", heads, made, ("A note: ≥ 3.",), "Nobody had an event.")


def test_every_table_and_figure_has_every_format(report, written):
    assert {one.id for one in written.outputs} == {part.id for part in (*report.tables, *report.figures)}
    assert all(set(one.files) == FORMATS[one.kind] for one in written.outputs)
    assert all(path.stat().st_size for one in written.outputs for path in one.files.values())


def test_one_page_links_every_file(written):
    page = written.index.read_text("utf-8")
    links = set(re.findall(r'href="([^"#]+)"', page))
    files = {
        path.relative_to(written.index.parent).as_posix() for one in written.outputs for path in one.files.values()
    }
    assert links == files | {path.name for path in written.data}
    assert "SIMULATED" in page


def test_every_format_of_a_table_says_the_same(report, written):
    table = next(table for table in report.tables if table.id == "teae-grade")
    files = next(one.files for one in written.outputs if one.id == table.id)
    cells = [cell.text for row in table.rows for cell in row.cells]
    word = docx.Document(files["docx"]).tables[0]
    assert [cell.text for row in word.rows[2:] for cell in row.cells] == [text.translate(NO_BREAK) for text in cells]
    rtf = files["rtf"].read_text("ascii")
    assert all(rtf_text(text) in rtf for text in cells)
    pdf = "".join(page.extract_text() for page in pypdf.PdfReader(files["pdf"]).pages)
    assert all(text.split()[0] in pdf for text in cells if text)
    lines = list(csv.reader(io.StringIO(files["csv"].read_text("utf-8-sig"), newline="")))
    assert [text for line in lines[1:] for text in line[1:]] == [c.text for row in table.rows for c in row.cells[1:]]


def test_files_keep_the_number_that_the_list_gives(written):
    last = [one for one in written.outputs if one.kind == "table"][-1]
    assert last.number > 1
    pdf = "".join(page.extract_text() for page in pypdf.PdfReader(last.files["pdf"]).pages)
    assert f"Table {last.number}." in pdf
    assert f"Table {last.number}." in last.files["html"].read_text("utf-8")


def test_an_interactive_figure_fetches_nothing(written):
    for one in (one for one in written.outputs if one.kind == "figure"):
        page = one.files["html"].read_text("utf-8")
        outside = re.sub(r"<script>.*?</script>", "<script></script>", page, flags=re.DOTALL)
        assert re.findall(r"(?:src|href)=|url\((?!data:)", outside) == []
        assert "vegaEmbed(" in page


def test_the_same_report_gives_the_same_bytes(report, written, tmp_path):
    again = write_outputs(report, tmp_path)
    for one, other in zip(written.outputs, again.outputs, strict=True):
        differ = [kind for kind, path in one.files.items() if path.read_bytes() != other.files[kind].read_bytes()]
        assert (one.id, differ) == (one.id, [])


def test_chinese_and_the_signs_of_rtf_are_escaped():
    assert rtf_text("a{b}\\") == "a\\{b\\}\\\\"
    assert rtf_text("贫") == "\\u-29397?"
    assert rtf_text("𝄞") == "\\u-10188?\\u-8930?"
    assert b"\\u-29397?" in table_rtf(a_table(), "Table 1. A", "foot")


def test_word_keeps_chinese_and_repeats_its_headings():
    found = docx.Document(io.BytesIO(table_docx(a_table(), "Table 1. A", "foot", STAMP)))
    assert found.tables[0].rows[2].cells[0].text == "贫血 {anaemia} \\ 𝄞"
    headers = [row for row in found.tables[0].rows if "w:tblHeader" in row._tr.xml]
    assert len(headers) == 2
    assert "TRAINING" in found.sections[0].header.paragraphs[0].text
    assert found.sections[0].footer.paragraphs[0].text.startswith("foot")
    properties = [child.tag.split("}")[1] for child in found.tables[0]._tbl.tblPr]
    assert properties == ["tblW", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]


def test_rtf_labels_each_page_numbers_it_and_repeats_its_headings():
    table = a_table(rows=[("贫血 of a class", "1"), ("{term}", "2")])
    text = table_rtf(table, "Table 1. A", "foot", STAMP).decode("ascii")
    assert text.count(r"\trhdr") == 2
    assert text.count(r"\row" + "\n") == 4
    assert r"{\header" in text
    assert "TRAINING. This journal is for training" in text
    assert text.count(r"\fldinst PAGE") == text.count(r"\fldinst NUMPAGES") == 1
    assert r"{\f1 \u-29397?\u-30656?}" in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
    assert r"\li220" in text


def test_a_table_without_rows_states_its_result():
    table = a_table(rows=())
    assert rtf_text("Nobody had an event.").encode() in table_rtf(table, "Table 1. A", "foot")
    found = docx.Document(io.BytesIO(table_docx(table, "Table 1. A", "foot", STAMP)))
    assert "Nobody had an event." in [paragraph.text for paragraph in found.paragraphs]
    assert table_csv(table).decode("utf-8-sig") == "Term,Level 1: Any grade\r\n"


def test_a_listing_of_a_thousand_rows_is_written():
    table = a_table(rows=[(f"Participant {number} with a long term, " * 3, "1") for number in range(1000)])
    assert table_rtf(table, "Table 1. A", "foot").count(b"Participant 999 ") == 3
    assert len(docx.Document(io.BytesIO(table_docx(table, "Table 1. A", "foot", STAMP))).tables[0].rows) == 1002


def test_a_study_without_participants_has_its_tables(tmp_path):
    from tests.builders import Site  # noqa: PLC0415 - beside the one test that needs it

    written = write_outputs(study_tables(results(Site().study)), tmp_path)
    assert written.outputs


def test_the_command_lists_what_it_wrote(tmp_path):
    run = [sys.executable, "-m", "earlyphase.cli.main", "study"]
    study, journal = "NCT" + "06633354", str(tmp_path / "journal.jsonl")
    subprocess.run(
        [*run, "simulate", study, "--journal", journal, "--until", "2025-12-31"], check=True, capture_output=True
    )
    made = subprocess.run(
        [*run, "tables", study, "--journal", journal, "--out", str(tmp_path / "out"), "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    answer = json.loads(made.stdout)
    assert {one["kind"] for one in answer["outputs"]} == {"table", "figure"}
    assert (tmp_path / "out" / "index.html").is_file()
    assert "resultsSection" in json.loads((tmp_path / "out" / "registry-results.json").read_text("utf-8"))


def test_figures_in_a_column_are_not_broken_over_lines():
    rows = tuple(Row((Cell("A long term of a class " * 4), Cell("3 (100 %)"), Cell("11 (11 %)"))) for _ in range(3))
    table = Table("t", "T", (Column("Term"), Column("N", "number"), Column("M", "number")), rows)
    from earlyphase.reports.widths import column_widths  # noqa: PLC0415 - beside the one test that needs it

    _, first, second = column_widths(table, 8.25, 60)
    point, gutter, tabular = 0.3528, 2.8, 1328 / 2048 * 8.25
    assert first - gutter >= (4 * tabular) * point
    assert second - gutter >= (4 * tabular + 2 * 800 / 2048 * 8.25) * point
