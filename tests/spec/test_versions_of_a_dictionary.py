"""Dictionary and version are data: another version of CTCAE is two more tables, and no more code."""

import pytest

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity import criteria, dictionary
from earlyphase.toxicity.criteria import load_criteria
from earlyphase.toxicity.dictionary import find_term, load_dictionary, require_grade
from earlyphase.toxicity.laboratory import grade_lab
from earlyphase.toxicity.ladders import Background
from earlyphase.toxicity.soundness import faults

TERMS = """\
system_class,term,grades
Invented disorders,Platelet count decreased,1234
Invented disorders,Invented pain,124
"""
CRITERIA = """\
name = "CTCAE"
version = "{version}"
source = "an invented version {version}"

[[term]]
name = "Platelet count decreased"
measured = "platelets"
ladders = [{{ unit = "10*9/L", cuts = ["< LLN: 1", "< {second}: 2", "< 50: 3", "< 10: 4"] }}]
"""
KEEPS = dictionary.data_folder


@pytest.fixture(autouse=True)
def two_more_versions(tmp_path, monkeypatch):
    for version, second in (("4.03", 75), ("6.0", 90)):
        folder = tmp_path / f"ctcae-{version}"
        folder.mkdir()
        (folder / "terms.csv").write_text(TERMS, encoding="utf-8")
        (folder / "criteria.toml").write_text(CRITERIA.format(version=version, second=second), encoding="utf-8")

    def folder_of(name, version):
        return tmp_path / f"ctcae-{version}" if version != "5.0" else KEEPS(name, version)

    for module in (dictionary, criteria):
        monkeypatch.setattr(module, "data_folder", folder_of)
    load_dictionary.cache_clear()
    load_criteria.cache_clear()
    yield
    load_dictionary.cache_clear()
    load_criteria.cache_clear()


def test_each_version_grades_by_its_own_limits_and_says_which():
    against = Background(lln=Quantity(150.0, "10*9/L"))
    value = Quantity(80.0, "10*9/L")
    found = {
        version: grade_lab("Platelet count decreased", value, against, version=version)
        for version in ("4.03", "5.0", "6.0")
    }
    assert {version: grade.grade for version, grade in found.items()} == {"4.03": 1, "5.0": 1, "6.0": 2}
    assert found["6.0"].dictionary == "CTCAE v6.0"
    assert found["6.0"].system_class == "Invented disorders"
    assert "an invented version 6.0" in found["6.0"].source


@pytest.mark.parametrize("version", ["4.03", "6.0"])
def test_the_tool_that_proves_a_table_proves_any_version(version):
    assert faults(load_criteria("CTCAE", version)) == ()


def test_terms_and_grades_are_those_of_the_version():
    book = load_dictionary("CTCAE", "6.0")
    assert (book.label, len(book.terms), book.system_classes) == ("CTCAE v6.0", 2, ("Invented disorders",))
    with pytest.raises(InvalidInput, match=r"grade: 3 does not exist for 'Invented pain'\. Its grades are 1, 2, 4\."):
        require_grade(find_term("invented pain", book), 3)
    with pytest.raises(InvalidInput, match=r"'Hypokalemia' is not a term of CTCAE v6\.0"):
        find_term("Hypokalemia", book)


def test_a_version_that_is_not_carried_is_refused(monkeypatch):
    monkeypatch.setattr(dictionary, "data_folder", KEEPS)
    with pytest.raises(InvalidInput, match=r"CTCAE 7\.0' is not carried by this version\. Known: ctcae-5\.0"):
        load_dictionary("CTCAE", "7.0")
