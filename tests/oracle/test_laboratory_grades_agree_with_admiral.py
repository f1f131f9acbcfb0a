"""Laboratory grades against admiral 1.5.0.9003, CTCAE v5.0: its grade is the upper end of our range."""

from tests.oracle.admiral import AGREED, CASES, PAGE, RANDOM, explain, page, read
from tests.reference import reference


def test_every_drawn_value_has_admirals_grade_or_an_explained_difference():
    rows = read(RANDOM)
    assert len(rows) == 1933
    assert [row for row in rows if row.verdict not in AGREED and explain(row) is None] == []
    assert sum(row.verdict in AGREED for row in rows) >= 1927


def test_every_case_of_admirals_own_tests_has_its_grade_or_an_explained_difference():
    rows = read(reference(CASES))
    assert [row for row in rows if row.verdict not in AGREED and explain(row) is None] == []


def test_the_conformance_page_says_what_holds():
    assert PAGE.read_text(encoding="utf-8") == page(read(RANDOM), read(reference(CASES)))
