"""The 68 real records: what is read is written, and what is read is shown."""

import datetime as dt
import gzip
import html
import io
import json
import lzma
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from rich.console import Console
from tests.reference import reference
from tests.registry_records import real_records, the_record

from earlyphase.registry.checks.catalogue import check_record, firing_rates
from earlyphase.registry.criteria import parse_criteria
from earlyphase.registry.irregular import irregularities
from earlyphase.registry.layout import TITLE
from earlyphase.registry.leaves import Leaf, Leaves
from earlyphase.registry.markup import letters
from earlyphase.registry.model import Record
from earlyphase.registry.page import CriteriaTree, Field, PageSection, Prose, Table, build_page
from earlyphase.registry.reading import write_record
from earlyphase.registry.render_html import html_page
from earlyphase.registry.render_json import page_as_json
from earlyphase.registry.render_terminal import terminal_page
from earlyphase.registry.twins import find_twins


def all_records() -> tuple[Record, ...]:
    return (*real_records(), the_record())


def test_every_real_record_is_written_as_it_was_read():
    with lzma.open(reference("registry/records-68.jsonl.xz")) as lines:
        originals = [json.loads(line) for line in lines]
    assert len(originals) == len(real_records()) == 68
    for original, record in zip(originals, real_records(), strict=True):
        again = json.loads(write_record(record))
        assert json.dumps(again) == json.dumps(original), record.nct_id


def test_what_the_registry_does_not_describe_is_kept_and_told():
    told = {(record.nct_id, found.field) for record in real_records() for found in irregularities(record)}
    assert told == {
        ("NCT02513394", "protocolSection.contactsLocationsModule.locations_nested"),
        ("NCT06341426", "protocolSection.armsInterventionsModule.interventions[0].armNames"),
        ("NCT06341426", "protocolSection.armsInterventionsModule.interventions[1].armNames"),
        ("NCT76543210", "protocolSection.designModule.patientRegistry"),
        ("NCT87654321", "protocolSection.designModule.patientRegistry"),
        ("NCT87654321", "protocolSection.designModule.studyType"),
    }


def test_no_letter_of_any_criteria_text_is_lost():
    for record in all_records():
        text = record.protocol_section.eligibility_module.eligibility_criteria or ""
        assert letters(" ".join(parse_criteria(text).texts())) == letters(text), record.nct_id


def test_no_criteria_text_of_three_thousand_older_records_is_lost():
    with gzip.open(reference("registry/ctrialsgov_aact_sample.jsonl.gz"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(line).get("criteria") or "" for line in lines]
    assert len(texts) > 3000
    for text in texts[::10]:
        assert letters(" ".join(parse_criteria(text).texts())) == letters(text)


def test_headings_of_real_records_are_found():
    found = {
        record.nct_id: (len(criteria.inclusion), len(criteria.exclusion))
        for record in real_records()
        for criteria in [parse_criteria(record.protocol_section.eligibility_module.eligibility_criteria or "")]
    }
    assert found["NCT02210780"] == (5, 7), "Key Inclusion Criteria"
    assert found["NCT03745326"] == (16, 10), "-INCLUSION CRITERIA: and two criteria outside the list"
    assert found["NCT06385925"] == (6, 9), "a sentence as heading"
    assert found["NCT04280705"] == (8, 5), "a stray heading inside a criterion opens nothing"
    assert found["NCT00238238"] == (0, 0), "no headings at all"
    assert found["NCT05438667"] == (9, 16), "a full-width colon"


def values_of(record: Record) -> tuple[Leaf, ...]:
    return Leaves(record.protocol_section).rest()


def squeezed(text: str) -> str:
    return "".join(text.split())


def as_terminal(record: Record) -> str:
    console = Console(file=io.StringIO(), width=100, color_system=None, highlight=False)
    console.print(terminal_page(build_page(record)))
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]


def as_html(record: Record) -> str:
    made = html_page(build_page(record))
    return html.unescape(re.sub(r"<[^>]*>", "", made[made.index("<body>") :]))


def as_json_text(record: Record) -> str:
    found: list[str] = []

    def walk(value: object) -> None:
        match value:
            case dict():
                if value.get("kind") in {"inclusion", "exclusion", "other"}:
                    found.append(str(value["heading"]))
                    walk(value["content"])
                    return
                found.extend(str(value[name]) for name in ("title", "label", "text") if name in value)
                for name, held in value.items():
                    if name != "irregular":
                        walk(held)
            case list():
                for held in value:
                    walk(held)
            case _:
                pass

    walk(json.loads(json.dumps(page_as_json(build_page(record)))))
    return " ".join(found)


@cache
def rendered(rendering: Callable[[Record], str]) -> tuple[str, ...]:
    return tuple(rendering(record) for record in all_records())


@pytest.mark.parametrize("rendering", [as_terminal, as_html, as_json_text])
def test_what_is_read_is_what_is_shown(rendering):
    for record, page in zip(all_records(), rendered(rendering), strict=True):
        shown = letters(page).replace("standsoutsideitslist", "")
        for leaf in values_of(record):
            assert letters(leaf.text) in shown, (record.nct_id, leaf.path)


@pytest.mark.parametrize("rendering", [as_terminal, as_html])
def test_symbols_such_as_less_than_are_shown_too(rendering):
    for record, page in zip(all_records(), rendered(rendering), strict=True):
        shown = squeezed(page)
        for leaf in values_of(record):
            if not leaf.blocks:
                assert squeezed(leaf.text) in shown, (record.nct_id, leaf.path)


def test_every_value_stands_on_the_page_exactly_once():
    for record in all_records():
        shown = sorted([TITLE, *(path for section in build_page(record).sections for path in paths(section))])
        assert shown == sorted(leaf.path for leaf in values_of(record)), record.nct_id


def paths(section: PageSection) -> Iterator[str]:
    for block in section.blocks:
        match block:
            case Field(label="Interventions") if section.heading == "Overview":
                pass  # named here, shown in full in their own table
            case Field(values=values):
                yield from (leaf.path for leaf in values)
            case Prose(value=leaf):
                yield leaf.path
            case CriteriaTree(path=path):
                yield path
            case Table(rows=rows):
                yield from (leaf.path for row in rows for cell in row for leaf in cell)


CHECKED_ON = dt.date(2025, 9, 1)


def test_no_check_fires_on_most_real_records():
    for rate in firing_rates(real_records(), CHECKED_ON):
        assert rate.records == 68
        assert rate.fired <= 0.3 * rate.records, rate.check.id


def test_every_finding_quotes_what_stands_in_the_record():
    for record in all_records():
        written = {f"protocolSection.{leaf.path}": leaf.written for leaf in values_of(record)}
        for finding in check_record(record, CHECKED_ON):
            span = finding.span
            assert span is None or str(written[span.field])[span.start : span.end] == span.quoted, (
                record.nct_id,
                finding,
            )


def test_records_that_were_copied_are_twins():
    pairs = {(twin.first, twin.second) for twin in find_twins(real_records())}
    assert ("NCT01234567", "NCT03064438") in pairs
    assert len(pairs) == 7
