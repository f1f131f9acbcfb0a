"""A finding stands beside the text that it is about, with how common it is; the page speaks English or Chinese."""

import datetime as dt
import re

import pytest

from earlyphase.protocol.library import study_folder
from earlyphase.registry.beside import put_beside
from earlyphase.registry.checks.catalogue import check_record
from earlyphase.registry.layout import LAYOUT, Grid
from earlyphase.registry.page import build_page
from earlyphase.registry.reading import read_record
from earlyphase.registry.render_html import Around, html_fragment
from earlyphase.registry.vocabulary import VOCABULARIES, in_words
from earlyphase.registry.wording import in_language
from earlyphase.store.rates import Rate

DAY = dt.date(2026, 5, 4)


@pytest.fixture(scope="module")
def record():
    return read_record(study_folder("NCT06633354") / "record.json")


@pytest.fixture(scope="module")
def findings(record):
    return check_record(record, DAY)


def test_every_finding_stands_on_the_page_once(record, findings):
    page = build_page(record)
    html = html_fragment(page, Around(put_beside(page, findings, {})))
    assert html.count('<aside class="finding') == len(findings)


def test_a_wrong_unit_is_told_beside_its_criterion(record, findings):
    page = build_page(record)
    beside = put_beside(page, findings, {})
    (start,) = [
        at for at, notes in beside.items.items() if any(note.finding.id == "unit-implausible" for note in notes)
    ]
    html = html_fragment(page, Around(beside))
    item = next(part for part in html.split("<li") if "Total bilirubin" in part)
    assert "mol" in record.protocol_section.eligibility_module.eligibility_criteria[start : start + 200]
    assert "unit-implausible" in item


def test_a_finding_without_a_place_stands_at_the_top(record, findings):
    page = build_page(record)
    beside = put_beside(page, findings, {})
    assert {note.finding.id for note in beside.whole} >= {one.id for one in findings if one.span is None}


def test_how_common_a_finding_is_stands_with_it(record, findings):
    page = build_page(record)
    rates = {"no-keywords": Rate(298, 1000, DAY)}
    html = html_fragment(page, Around(put_beside(page, findings, rates)))
    assert ("30 % of 1,000 records have it" in html) == any(one.id == "no-keywords" for one in findings)


def test_a_page_without_findings_is_the_page_as_before(record):
    assert "finding" not in html_fragment(build_page(record))


def test_every_label_and_code_has_chinese_words():
    labels = {heading for heading, _ in LAYOUT}
    for _, entries in LAYOUT:
        for entry in entries:
            labels |= {column.label for column in entry.columns} if isinstance(entry, Grid) else set()
            labels.add(getattr(entry, "label", ""))
    labels |= {in_words(name, code) for name, codes in VOCABULARIES.items() for code in codes}
    untouched = {"", "NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "CTIS", "PMID"}
    assert [one for one in sorted(labels - untouched) if in_language("zh", one) == one] == []


def test_the_page_in_chinese_leaves_what_the_sponsor_wrote(record, findings):
    page = build_page(record)
    html = html_fragment(page, Around(put_beside(page, findings, {})), "zh")
    assert "招募状态" in html
    assert "早期I期" in html
    assert "<h2>Overview<" not in html
    assert "Total bilirubin" in html
    assert not re.search(r"[\u4e00-\u9fff]", html_fragment(page))
