"""Columns on paper: no word is cut, and the width of the page is used and not exceeded."""

import pytest

from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.widths import breakable, column_widths, least_width


def a_table(*texts: str, headings: tuple[str, ...] = ()) -> Table:
    columns = tuple(Column(heading) for heading in headings or ("one",) * len(texts))
    return Table("t", "A table", columns, (Row(tuple(Cell(text) for text in texts)),))


@pytest.mark.parametrize(
    "texts", [("a", "b"), ("word " * 80, "b", "c"), ("word " * 80, "other " * 40), ("a" * 30, "word " * 90, "c")]
)
def test_the_columns_fill_the_page(texts: tuple[str, ...]):
    assert sum(column_widths(a_table(*texts), 8, 176)) == pytest.approx(176, abs=0.1)


def test_a_long_word_beside_long_texts_keeps_its_room():
    alone = least_width(a_table("escalation.evaluability"), 8)
    assert column_widths(a_table("escalation.evaluability", "word " * 99, "word " * 99), 8, 176)[0] >= alone - 0.01


def test_words_that_belong_together_are_not_parted():
    parted = least_width(a_table("1", headings=("Grade ≥ 3",)), 8)
    whole = least_width(a_table("1", headings=("Grade ≥\N{NO-BREAK SPACE}3",)), 8)
    assert whole < parted * 1.5
    together = least_width(a_table("1", headings=("Grade\N{NO-BREAK SPACE}≥\N{NO-BREAK SPACE}3",)), 8)
    assert together > whole


def test_where_long_words_do_not_fit_the_widest_columns_give_way():
    widths = column_widths(a_table("w" * 26, "w" * 26, "short"), 8, 60)
    assert sum(widths) == pytest.approx(60, abs=0.1)
    assert widths[2] == pytest.approx(least_width(a_table("short"), 8), abs=0.1)


def test_chinese_may_be_broken_and_very_long_words_too():
    assert least_width(a_table("噬血细胞性淋巴组织细胞增生症"), 8) == least_width(a_table("噬血细胞性淋"), 8)
    assert least_width(a_table("w" * 90), 8) == least_width(a_table("w" * 26), 8)
    assert "\N{ZERO WIDTH SPACE}" in breakable("w" * 27)
    assert breakable("贫血" * 40 + " ordinary words") == "贫血" * 40 + " ordinary words"
