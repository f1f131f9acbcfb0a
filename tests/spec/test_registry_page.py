"""What the page of a record shows."""

import io
import json
import subprocess
import sys

import pytest
from rich.console import Console
from tests.registry_records import OURS, a_record, the_record

from earlyphase.registry.model import Record
from earlyphase.registry.page import Field, build_page
from earlyphase.registry.render_html import html_page
from earlyphase.registry.render_terminal import terminal_page
from earlyphase.registry.vocabulary import VOCABULARIES, in_words


def shown(record: Record) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None, highlight=False)
    console.print(terminal_page(build_page(record)))
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    "words",
    [
        "Targeting CD5 CAR-T Cells in the Treatment of r/r CD5+ T-ALL",
        "Early Phase 1",
        "Recruiting",
        "T-Acute Lymphoblastic Leukemia",
        "Biological: CD5 CAR T-cells",
        "NCT06633354",
        "Zhejiang University",
        "A Clinical Study on the Safety and Effectiveness of targeting CD5 CAR-T Cells",
        "In this study, 30 patients with relapsed refractory T-ALL",
        "Target recruitment        30",
        "Inclusion Criteria:",
        "Exclusion Criteria:",
        "Interventional",
        "Single group",
        "Administration of CD5+ T-ALL Targeted CAR T-cells",
        "Dose-limiting toxicity (DLT)",
        "Up to 28 days after Treatment",
        "Overall survival, OS",
        "The first affiliated hospital of medical college of zhejiang university",
        "Hangzhou",
    ],
)
def test_the_page_has_every_part_of_the_public_page(words):
    assert words in shown(the_record())


def test_within_a_vocabulary_no_two_codes_look_alike():
    for name, codes in VOCABULARIES.items():
        assert len({in_words(name, code) for code in codes}) == len(codes), name


def test_a_field_that_nobody_foresaw_is_a_further_particular():
    page = build_page(a_record(designModule={"adaptive": {"kind": "yes"}}))
    assert page.sections[-1].heading == "Further particulars"
    assert page.sections[-1].blocks[0] == Field("Design: adaptive, kind", page.sections[-1].blocks[0].values)  # pyright: ignore[reportAttributeAccessIssue]
    assert "not in the registry's description" in shown(a_record(designModule={"adaptive": "yes"}))


def test_field_names_with_brackets_and_dots_do_no_harm():
    page = build_page(a_record(contactsLocationsModule={"locations.x": "a", "locations[": "b", "x]": "c"}))
    assert [block.values[0].text for block in page.sections[-1].blocks] == ["a", "b", "c"]  # pyright: ignore[reportAttributeAccessIssue]


def test_hostile_text_is_shown_and_does_nothing():
    record = a_record(
        identificationModule={"briefTitle": "<script>x</script>\x1b[31m[bold]"},
        eligibilityModule={"eligibilityCriteria": "* <b>y</b>\x1b[2J"},
    )
    page = html_page(build_page(record))
    assert "<script>" not in page
    assert "<b>y" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "\x1b" not in shown(record)
    assert "[bold]" in shown(record)


def test_other_sections_are_named_but_not_shown():
    record = Record.model_validate({"protocolSection": {}, "resultsSection": {"a": 1}})
    assert build_page(record).carried == ("results",)


def earlyphase(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "earlyphase.cli.main", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_shows_the_packaged_study_in_three_ways():
    assert "11 inclusion, 9 exclusion" in earlyphase("record", "show", OURS).stdout
    assert earlyphase("record", "show", OURS, "--html").stdout.startswith("<!doctype html>")
    assert json.loads(earlyphase("record", "show", OURS, "--json").stdout)["title"].startswith("Targeting CD5")


def test_the_command_says_which_study_was_meant():
    refused = earlyphase("record", "show", "NCT06633345")
    assert refused.returncode == 2
    assert "Did you mean NCT06633354?" in refused.stderr
    assert "Traceback" not in refused.stderr
