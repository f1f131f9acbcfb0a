"""A day's laboratory values in one paste: read, graded, recorded all or none."""

import json
import re

import pytest
from tests.web.answers import words

FROM_A_SPREADSHEET = """Test\tResult\tUnit\tLLN\tULN
Hemoglobin\t71\tg/L\t115\t150
ALT\t212 ↑\tU/L\t7\t40
Potassium\t4.1\tmmol/L\t3.5\t5.3
"""
IN_CHINESE = """项目,结果,单位,参考范围
血红蛋白,71,g/L,115-150
谷丙转氨酶,212,U/L,7～40
血小板计数,18,10^9/L,125-350
"""
WITHOUT_HEADINGS = "neutrophils;0.4;10*9/L;1.8;6.3\ncreatinine;88;µmol/L;41;81\n"


def rows(answer):
    """Give the cells of the preview, without their markup."""
    body = words(answer).partition("<tbody>")[2].partition("</tbody>")[0]
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in body.split("</tr>") if "<td" in row)
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def pastes(study, text, role="investigator", **fields):
    return study.types(role, "participants/001/laboratory-paste/", **{"on": "2026-01-07", "text": text} | fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            FROM_A_SPREADSHEET,
            [
                ["hemoglobin", "71 g/L", "3"],
                ["alanine aminotransferase", "212 U/L", "0"],
                ["potassium", "4.1 mmol/L", "0"],
            ],
        ),
        (
            IN_CHINESE,
            [
                ["hemoglobin", "71 g/L", "3"],
                ["alanine aminotransferase", "212 U/L", "0"],
                ["platelets", "18 × 10⁹/L", "4"],
            ],
        ),
        (WITHOUT_HEADINGS, [["neutrophils", "0.4 × 10⁹/L", "4"], ["creatinine", "88 µmol/L", "1"]]),
    ],
)
def test_a_paste_is_read_and_graded_before_it_is_recorded(begun, text, expected):
    before = begun.entries()
    answer = pastes(begun, text)
    assert answer.status_code == 200, words(answer)
    shown = [[row[1].partition(" ")[0], row[2], row[4]] for row in rows(answer)]
    assert shown == [[name.partition(" ")[0], value, grade] for name, value, grade in expected]
    assert begun.entries() == before


def test_one_act_records_every_line_as_one_entry(begun):
    answer = pastes(begun, IN_CHINESE, step="record")
    assert answer.status_code == 302, words(answer)
    (entry,) = begun.entries()[2:]
    results = json.loads(entry.payload)["results"]
    assert [result["analyte"] for result in results] == ["hemoglobin", "alanine aminotransferase", "platelets"]
    assert results[1] == {
        "analyte": "alanine aminotransferase",
        "value": {"value": 212, "unit": "U/L"},
        "lower_limit": {"value": 7, "unit": "U/L"},
        "upper_limit": {"value": 40, "unit": "U/L"},
    }


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ALT\t3,5\tU/L", "is not a number"),
        ("ALT\t<5\tU/L", "is not a number"),
        ("ALT\t\tU/L", "is missing"),
        ("ALT\t40\t", "is missing"),
        ("ALT\t40\tfurlong", "furlong"),
        ("sodium\t140\tg", "sodium"),
        ("ALT\t40\tU/L\t50\t7", "50"),
        ("\t40\tU/L", "analyte is missing"),
        ("Hb\t110\tg/L\nhemoglobin\t111\tg/L", "stands on 2 lines"),
        ("<script>alert(1)</script>\t1\tx", "x"),
    ],
)
def test_a_line_with_a_problem_stops_all_of_them(begun, line, says):
    before = begun.entries()
    answer = pastes(
        begun,
        f"{FROM_A_SPREADSHEET}{line}\n".replace("Hemoglobin\t71\tg/L\t115\t150\n", "").replace(
            "ALT\t212 ↑\tU/L\t7\t40\n", ""
        ),
        step="record",
    )
    assert answer.status_code == 422
    assert says in words(answer).partition('class="error"')[2]
    assert b"<script>alert" not in answer.content
    assert line.splitlines()[0] in words(answer)
    assert begun.entries() == before


def test_a_paste_of_another_day_is_refused_as_every_record_is(begun):
    before = begun.entries()
    assert "which has not come yet" in words(pastes(begun, FROM_A_SPREADSHEET, on="2099-01-01"))
    assert pastes(begun, FROM_A_SPREADSHEET, on="2099-01-01", step="record").status_code == 409
    assert pastes(begun, FROM_A_SPREADSHEET, on="3 May").status_code == 422
    assert pastes(begun, FROM_A_SPREADSHEET, on="").status_code == 422
    assert pastes(begun, "").status_code == 422
    assert pastes(begun, FROM_A_SPREADSHEET, role="monitor", step="record").status_code == 403
    assert begun.entries() == before


def test_more_lines_than_a_day_has_are_refused(begun):
    text = "".join(f"analyte {place}\t1\tg/L\n" for place in range(201))
    assert "more than 200 lines" in words(pastes(begun, text))
    assert pastes(begun, "x" * 60_000).status_code == 422
