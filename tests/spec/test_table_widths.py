"""Columns on paper: no word is cut, and the width of the page is used and not exceeded."""

import pytest

from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.widths import column_widths


def a_table(*texts: str, headings: tuple[str, ...] = ()) -> Table:
    columns = tuple(Column(heading) for heading in headings or ("one",) * len(texts))
    return Table("t", "A table", columns, (Row(tuple(Cell(text) for text in texts)),))


@pytest.mark.parametrize(
    "texts", [("a", "b"), ("word " * 80, "b", "c"), ("word " * 80, "other " * 40), ("a" * 30, "word " * 90, "c")]
)
def test_the_columns_fill_the_page(texts: tuple[str, ...]):
    assert sum(column_widths(a_table(*texts), 8, 176)) == pytest.approx(176, abs=0.1)


def test_a_long_word_beside_long_texts_keeps_its_room():
    alone = column_widths(a_table("escalation.evaluability"), 8, 1)[0]
    assert column_widths(a_table("escalation.evaluability", "word " * 99, "word " * 99), 8, 176)[0] >= alone


def test_words_that_belong_together_are_not_parted():
    parted = column_widths(a_table("1", headings=("Grade ≥ 3",)), 8, 1)
    whole = column_widths(a_table("1", headings=("Grade ≥\N{NO-BREAK SPACE}3",)), 8, 1)
    assert whole[0] < parted[0] * 1.5
    together = column_widths(a_table("1", headings=("Grade\N{NO-BREAK SPACE}≥\N{NO-BREAK SPACE}3",)), 8, 1)
    assert together[0] > whole[0]
