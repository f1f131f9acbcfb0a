"""Every requirement has a test, and every test that is named is there."""

import importlib.util

import pytest
from tests.checkout import ROOT


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def trace():
    return tool("requirement_trace")


def test_every_requirement_is_shown_by_a_test(trace):
    assert trace.missing() == []


def test_a_test_that_is_not_there_is_told(trace, monkeypatch, tmp_path):
    source = tmp_path / "requirements.toml"
    source.write_text(
        '[[chapter]]\ntitle = "x"\nrequirements = [{ id = "X1", says = "x", tests = ["spec/test_none.py"] },'
        ' { id = "X2", says = "x", tests = [] },'
        ' { id = "X3", says = "x", tests = ["docs/test_requirements.py::test_none"] },'
        ' { id = "X4", says = "x", tests = ["web/test_conduct_checks.py::TestItem18"] },'
        ' { id = "X5", says = "x", tests = ["web/test_conduct_checks.py::TestItem17TheLock"] }]\n',
        "utf-8",
    )
    monkeypatch.setattr(trace, "SOURCE", source)
    assert trace.missing() == [
        "X1: spec/test_none.py is no test",
        "X2 has no test",
        "X3: docs/test_requirements.py::test_none is no test",
        "X4: web/test_conduct_checks.py::TestItem18 is no test",
    ]


def test_the_identifiers_of_requirements_are_their_own(trace):
    names = [one["id"] for chapter in trace.chapters() for one in chapter["requirements"]]
    assert sorted(names) == sorted(set(names))


def test_every_item_that_inspectors_check_is_in_the_trace(trace):
    (chapter,) = [one for one in trace.chapters() if one["title"] == "What inspectors check"]
    assert [one["id"] for one in chapter["requirements"]] == [f"C{number}" for number in range(1, 18)]


def test_the_page_names_each_requirement_and_its_tests(trace):
    page = trace.page()
    assert "| D1 |" in page
    assert "there is no default variant (`spec/test_three_plus_three.py`)" in page
