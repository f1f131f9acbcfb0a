"""`earlyphase design conformance`, and the page of the documentation that it writes."""

import json
import shutil

import pytest
from tests.checkout import ROOT
from tests.reference import reference

from earlyphase.cli.design_conformance import page_of
from earlyphase.cli.main import run
from earlyphase.escalation.conformance import COMPARISONS, conformance, reference_folder

PUBLISHED = "designs/published_titeboin_tables_yuan2018_chen2025_2026.csv"


def left_with(*arguments):
    with pytest.raises(SystemExit) as left:
        run(["design", "conformance", *arguments])
    return left.value.code or 0


def test_no_cell_differs(capsys):
    assert left_with("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == sum(one.shipped for one in COMPARISONS)
    assert [one for one in found if one["mismatches"] or not one["cells"]] == []
    assert left_with() == 0
    assert "no mismatch." in capsys.readouterr().out


def test_a_cell_that_differs_is_counted_and_fails(tmp_path, capsys):
    shutil.copytree(reference_folder(), tmp_path / "data")
    file = tmp_path / "data" / "i3plus3_decisions.csv"
    text = file.read_text()
    file.chmod(0o644)
    file.write_text(text.replace("0.3,0.25,0.35,1,0,E", "0.3,0.25,0.35,1,0,D", 1))
    assert left_with("--data", str(tmp_path / "data"), "--json") == 1
    [wrong] = [one for one in json.loads(capsys.readouterr().out) if one["mismatches"]]
    assert (wrong["design"], wrong["mismatches"]) == ("i3+3", 1)


def test_the_page_of_the_documentation_says_what_holds():
    found = conformance(reference_folder(), reference(PUBLISHED).parent)
    assert (ROOT / "docs" / "conformance-designs.md").read_text("utf-8") == page_of(found)


@pytest.mark.parametrize(
    ("typed", "said"), [(("--data", "nowhere"), "--data"), (("--page", "nowhere/at/all.md"), "--page")]
)
def test_bad_input_is_a_sentence(typed, said, capsys):
    assert left_with(*typed) == 2
    assert said in capsys.readouterr().err
