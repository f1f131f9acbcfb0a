"""The design from here: chances under assumed curves, and other designs beside it."""

import html
import re

import pytest
from tests.builders import day, three_treated


def words(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


def bars(page):
    """Give the chances of every bar: what it is of, and each result with its percentage."""
    for label in re.findall(r'<svg class="bar"[^>]*aria-label="([^"]+)"', page):
        of, _, chances = label.partition(": ")
        yield of, {name: float(chance) for name, chance in re.findall(r"([\w −]+?) ([\d.]+) %", chances)}


def test_chances_from_the_start_and_from_here_add_up(study):
    found = list(bars(words(study.sees("statistician", "design/"))))
    assert {of for of, _ in found} == {"From the start", "From here"}
    assert all(sum(chances.values()) == pytest.approx(100, abs=0.3) for _, chances in found)


def test_before_anybody_is_treated_from_here_is_from_the_start(study):
    found = list(bars(words(study.sees("statistician", "design/"))))
    starts = [chances for of, chances in found if of == "From the start"]
    here = [chances for of, chances in found if of == "From here"]
    assert starts == here


def test_a_dlt_changes_the_chances_from_here_alone(a_study):
    study = a_study()
    infusions = three_treated(study.before)
    study.before.finds_dlt("001", day(infusions[0] + 3))
    study.before.finds_dlt("002", day(infusions[1] + 3))
    study.opens()
    higher = {"From the start": 0.0, "From here": 0.0}
    for of, chances in bars(words(study.sees("committee", "design/"))):
        higher[of] += chances[" level 2"] + chances[" level 3"]
    assert higher["From here"] == 0
    assert higher["From the start"] > 50


def test_other_designs_stand_beside_it(study):
    page = words(study.sees("statistician", "design/"))
    for design in ("3+3", "BOIN", "keyboard", "mTPI-2", "i3+3", "CRM"):
        assert f'<th scope="row">{design}</th>' in page
