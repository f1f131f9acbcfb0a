"""The rules of the house that no linter knows. Each exception is named here, with its reason."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.run import BENCHMARKS
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.checkout import ROOT, SOURCE, project_files

from earlyphase.cli.commands import COMMANDS, Command, Group
from earlyphase.cli.main import load

LONGEST_FUNCTION = 40
LONGEST_MODULE = 400

LONG_FUNCTIONS: dict[str, str] = {}
"""`path:function` to the reason why it is longer."""

LONG_MODULES: dict[str, str] = {}
"""`path` to the reason why it is longer."""

ANSWERS_WITHOUT_JSON: dict[str, str] = {}
"""A command to the reason why it has no `--json`."""

MUST_NAME_THEIR_SOURCE = ("analysis", "escalation", "response", "toxicity")

# Written in two parts, so that this file does not break the rule.
EXAMPLE_STUDY = re.compile("|".join(("NCT" + "06633354", r"\bCD" + r"5\b")))
MACHINE_PATH = re.compile("|".join(("/" + "work/", "/" + "root/", "/" + r"home/\w", "/" + "Users/", "/" + "opt/pypi")))
REGISTRY_HOST = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "deb" + r"ian\.org"))
)

Function = ast.FunctionDef | ast.AsyncFunctionDef
MODULES = sorted(SOURCE.rglob("*.py"))


def inside(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function))


def code_lines(function: Function) -> int:
    """Count the lines of a function from its name to its end, without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        lines -= function.body[0].end_lineno - function.body[0].lineno + 1
    return lines


def long_functions() -> set[str]:
    return {
        f"{inside(path)}:{function.name}"
        for path in MODULES
        for function in functions(path)
        if code_lines(function) > LONGEST_FUNCTION
    }


def long_modules() -> set[str]:
    return {inside(path) for path in MODULES if len(path.read_text("utf-8").splitlines()) > LONGEST_MODULE}


def test_no_function_is_long_without_a_reason():
    assert long_functions() == set(LONG_FUNCTIONS)


def test_no_module_is_long_without_a_reason():
    assert long_modules() == set(LONG_MODULES)


def names_a_source(node: Function | ast.ClassDef) -> bool:
    return "Source:" in (ast.get_docstring(node) or "")


def unsourced(path: Path) -> Iterator[str]:
    """Name each public function, and each design, that does not say which document it follows."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, Function) and not node.name.startswith("_") and not names_a_source(node):
            yield node.name
        if isinstance(node, ast.ClassDef) and not any(ast.unparse(base) == "Protocol" for base in node.bases):
            rules = [item for item in node.body if isinstance(item, Function) and item.name == "recommend"]
            if rules and not names_a_source(node) and not names_a_source(rules[0]):
                yield node.name


@pytest.mark.parametrize("room", MUST_NAME_THEIR_SOURCE)
def test_every_clinical_function_names_its_source(room):
    modules = [path for path in sorted((SOURCE / room).rglob("*.py")) if not path.name.startswith("_")]
    assert [f"{inside(path)}:{name}" for path in modules for name in unsourced(path)] == []


def mentions(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """List file, line and word wherever a pattern stands in a text file."""
    found = []
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found += [f"{inside(path)}:{number}: {match[0]}" for match in pattern.finditer(line)]
    return found


def test_no_module_knows_the_example_study():
    files = [path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert mentions(EXAMPLE_STUDY, files) == []


def test_no_file_names_a_machine_or_a_package_registry():
    assert mentions(MACHINE_PATH, project_files()) + mentions(REGISTRY_HOST, project_files()) == []


def commands() -> Iterator[tuple[str, Command]]:
    for name, entry in COMMANDS.items():
        if isinstance(entry, Group):
            yield from ((f"{name} {inner}", command) for inner, command in entry.commands.items())
        else:
            yield name, entry


EVERY_COMMAND = pytest.mark.parametrize(("name", "entry"), tuple(commands()))


@EVERY_COMMAND
def test_help_ends_with_an_example(name, entry):
    last = importlib.import_module(entry.module).command.__doc__.strip().splitlines()[-1].strip()
    assert last.startswith(f"Example: earlyphase {name}")


@EVERY_COMMAND
def test_every_answer_can_be_had_as_json(name, entry):
    options = {option for parameter in load(name, entry.module, entry.help).params for option in parameter.opts}
    assert ("--json" in options) is (name not in ANSWERS_WITHOUT_JSON)


def test_every_command_stands_in_a_file_of_its_own():
    modules = [entry.module for _, entry in commands()]
    assert len(modules) == len(set(modules))
    assert modules


def test_every_benchmark_is_run():
    modules = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - {"measurement", "run"}
    assert set(BENCHMARKS) == modules


def declared(groups: tuple[str, ...]) -> Iterator[Requirement]:
    """Give what pyproject.toml asks for: the dependencies, and those of its groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    entries = list(project["project"]["dependencies"])
    for group in groups:
        entries += [entry for entry in project["dependency-groups"][group] if isinstance(entry, str)]
    return (Requirement(entry) for entry in entries)


LOCKED = [("runtime", ("setup",)), ("dev", ("setup", "docs", "dev")), ("comparison", ("comparison",))]
PIN = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


@pytest.mark.parametrize(("file", "groups"), LOCKED)
def test_the_pinned_requirements_are_those_of_the_project(file, groups):
    pins = dict(PIN.findall((ROOT / "requirements" / f"{file}.txt").read_text("utf-8")))
    stale = [
        str(asked)
        for asked in declared(groups)
        if canonicalize_name(asked.name) not in pins or pins[canonicalize_name(asked.name)] not in asked.specifier
    ]
    assert stale == [], "run make requirements"


@pytest.mark.parametrize("file", [file for file, _ in LOCKED])
def test_every_pin_has_its_hash(file):
    text = (ROOT / "requirements" / f"{file}.txt").read_text("utf-8")
    pins = [pin for pin in re.split(r"\n(?=\w)", text) if PIN.match(pin)]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text
