"""Results data: every number of every table, with whom it counts."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from tests.simulated import study_of

from earlyphase.analysis.results import COLUMNS, inert, results_csv, results_json
from earlyphase.reports.outputs.table_csv import table_csv
from earlyphase.reports.results_data import results_data
from earlyphase.reports.study_report import results, study_report

CAPTION = {"participants", "assumptions", "decisions", "deviations", "dlt-proposals", "decisions-discordant"}
"""Tables that list what was recorded: they hold no statistics."""


@pytest.fixture(scope="module")
def report():
    return study_report(results(study_of(3)))


@pytest.fixture(scope="module")
def rows(report):
    return results_data(report.tables)


def test_every_figure_of_a_table_of_figures_has_its_number(report):
    bare = [
        (table.id, row.cells[0].text, cell.text)
        for table in report.tables
        if table.id not in CAPTION
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.kind == "number" and re.search(r"\d", cell.text) and not cell.numbers
        if column.heading != "Time frame, months"
    ]
    assert bare == []


def test_counts_can_be_followed_to_as_many_participants(rows):
    wrong = [row for row in rows if row.statistic == "participants" and row.value != len(row.participants)]
    assert wrong == []
    assert len(rows) > 100


def test_what_is_shown_is_the_value(rows):
    shown = [row for row in rows if row.statistic == "participants" and row.shown != "–"]
    assert [row for row in shown if int(row.shown.split(" ")[0]) != row.value] == []


def test_terms_stand_under_their_class(rows):
    names = {row.parameter for row in rows if row.table == "teae-grade"}
    assert any(": " in name for name in names)


def test_a_statistic_that_cannot_be_estimated_is_empty_and_says_why():
    rows = results_data(study_report(results(study_of(3, total=1))).tables)
    missing = [row for row in rows if row.value is None]
    assert missing
    assert all(row.note or row.statistic == "percent" for row in missing)


def test_both_files_hold_every_row(rows):
    read = list(csv.DictReader(io.StringIO(results_csv(rows), newline="")))
    assert tuple(read[0]) == COLUMNS
    assert len(read) == len(rows) == len(json.loads(results_json(rows)))
    assert read[0]["participants"].split() == list(rows[0].participants)


def test_no_name_in_a_file_for_spreadsheets_is_a_formula(rows, report):
    typed = '=HYPERLINK("http://example.org")'
    text = results_csv([replace(rows[0], parameter=typed, group="@SUM(1)", note="+cmd", value=-1.5)])
    _, line = csv.reader(io.StringIO(text))
    assert [cell for cell in line if cell[:1] in "=+@" and cell] == []
    assert f"'{typed}" in line
    assert "-1.5" in line
    table = report.tables[0]
    first = table.rows[0]
    named = replace(first, cells=(replace(first.cells[0], text=typed), *first.cells[1:]))
    assert f"'{typed}".replace('"', '""') in table_csv(replace(table, rows=(named,))).decode("utf-8-sig")


@pytest.mark.parametrize("value", ["-1", "+2.5e3", "Level 1", "", None, 3])
def test_a_number_stays_one(value):
    assert inert(value) == value
