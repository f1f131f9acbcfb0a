"""Writes the trace from requirements to tests as a page, from `docs/requirements.toml`.

`python tools/requirement_trace.py FOLDER` writes `requirements.md` there. `make docs` runs it.
"""  # noqa: INP001 - a script, not a package

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
SOURCE = ROOT / "docs" / "requirements.toml"


def chapters() -> list[dict[str, Any]]:
    """Read the requirements."""
    return tomllib.loads(SOURCE.read_text("utf-8"))["chapter"]


def missing() -> list[str]:
    """Name every requirement that no test shows, and every test that is not there."""
    found = []
    for one in (one for chapter in chapters() for one in chapter["requirements"]):
        if not one["tests"]:
            found.append(f"{one['id']} has no test")
        found += [f"{one['id']}: {test} is no test" for test in one["tests"] if not _tests(test)]
    return found


def page() -> str:
    """Give the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Requirements and the tests that show them"
    yield "\nFor an inspector: what the software must do, and where it is proven. A test of the documentation refuses"
    yield "a requirement without a test, and a test that is not there. `make test` runs them all."
    for chapter in chapters():
        yield f"\n## {chapter['title']}\n\n| | requirement | shown by |\n|---|---|---|"
        for one in chapter["requirements"]:
            shown = "<br>".join(_shown(test) for test in one["tests"])
            yield f"| {one['id']} | {one['says']} | {shown} |"


def _shown(test: str) -> str:
    file, _, name = test.partition("::")
    if name.startswith("test_"):
        return f"{name.removeprefix('test_').replace('_', ' ')} (`{file}`)"
    return f"all {len(_tests(test))} of `{name or file}`" + (f" (`{file}`)" if name else "")


def _tests(test: str) -> list[str]:
    """Give the functions that a name stands for: a function, a class, a file; none where there is no such test."""
    file, _, name = test.partition("::")
    return [function for group, function in _functions(TESTS / file) if name in {"", group, function}]


@cache
def _functions(path: Path) -> tuple[tuple[str, str], ...]:
    """Give each test of a file, with the class that it belongs to."""
    if not path.is_file():
        return ()
    top = ast.parse(path.read_text("utf-8")).body
    inside = [(one.name, node) for one in top if isinstance(one, ast.ClassDef) for node in one.body]
    nodes = [("", node) for node in top] + inside
    return tuple(
        (group, node.name)
        for group, node in nodes
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


if __name__ == "__main__":
    Path(sys.argv[1], "requirements.md").write_text(page(), "utf-8")
