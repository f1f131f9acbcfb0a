"""Every command and every piece of Python in the documentation runs, and prints what the page says it prints.

A `console` block holds commands after `$ ` and, where a page shows them, the lines that they print, with `...` for any
text. The blocks of a page run one after another in one empty folder. A block whose kind is followed by a file's name
(```json commands.jsonl) is written to that file there. Every other kind of block stands in `SHOWN_ONLY`.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt
from tests.checkout import ROOT

WRITTEN = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "reference" not in page.parts]
"""The pages of the site but for those that its build makes of the tests."""
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *WRITTEN]
SHOWN_ONLY = {"csv", "json", "text", "toml", "yaml", "{include}", "{toctree}"}

# The targets of the Makefile run in CI itself; here they would run this test again.
NOT_RUN_HERE = {"make bench", "make check", "make clean", "make demo", "make docs", "make requirements", "make test"}


class Step(NamedTuple):
    """One command or script of a page, and what the page says that it prints."""

    place: str
    command: str | None
    script: str
    expected: str


def fences(page):
    tokens = MarkdownIt("commonmark").parse(page.read_text("utf-8"))
    found = [token for token in tokens if token.type == "fence"]
    return [(token.map[0] + 1, token.info.split() or [""], token.content) for token in found]


def console_steps(place, content):
    first, *parts = re.split(r"^\$ ", content, flags=re.MULTILINE)
    assert not first.strip(), f"{place}: a console block begins with a command after '$ '"
    for part in parts:
        lines = part.splitlines()
        size = 1 + next(i for i, line in enumerate(lines) if not line.endswith("\\"))
        yield Step(place, "\n".join(lines[:size]), "", "\n".join(lines[size:]).strip())


def session_steps(sessions):
    """Make one run of all the sessions of a page: each goes on where the one before it ended."""
    if sessions:
        lines = "\n".join(session.script for session in sessions)
        script = (
            f"import doctest, sys; test = doctest.DocTestParser().get_doctest({lines!r}, {{}}, 'page', None, None)\n"
        )
        script += "sys.exit(doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed)"
        yield Step(sessions[0].place, None, script, "")


def steps(page):
    found, sessions = [], []
    for line, (language, *names), content in fences(page):
        place = f"{page.relative_to(ROOT)}:{line}"
        if names and not language.startswith("{"):
            found.append(Step(place, None, f"import pathlib; pathlib.Path({names[0]!r}).write_text({content!r})", ""))
        elif language == "console":
            found += console_steps(place, content)
        elif language == "python":
            found.append(Step(place, None, content, ""))
        elif language == "pycon":
            sessions.append(Step(place, None, content, ""))
        else:
            assert language in SHOWN_ONLY, f"{place}: what is a block of {language!r}? Name it in SHOWN_ONLY."
    found += session_steps(sessions)
    return [step for step in found if step.command not in NOT_RUN_HERE]


def environment():
    """Give the commands of this environment first, and a terminal of 100 columns."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONWARNINGS": "error", "PYTHONUTF8": "1"}


def run(step, folder):
    command = ["bash", "-c", step.command] if step.command else [sys.executable, "-c", step.script]
    done = subprocess.run(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout


def prints(expected, printed):
    """Say whether a page shows what was printed; trailing blanks do not count, and `...` stands for anything."""
    pattern = ".*?".join(re.escape(part) for part in squeezed(expected).split("..."))
    return re.fullmatch(pattern, squeezed(printed), re.DOTALL) is not None


def squeezed(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


WITH_STEPS = [page for page in PAGES if steps(page)]


@pytest.mark.parametrize("page", WITH_STEPS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_the_page_runs(page, tmp_path):
    for step in steps(page):
        code, printed = run(step, tmp_path)
        assert code == 0, f"{step.place}: {step.command or 'the script'} ended with {code}:\n{printed}"
        if step.expected:
            assert prints(step.expected, printed), f"{step.place}: the page does not show what is printed:\n{printed}"


def test_the_readme_has_the_commands_that_everyone_starts_with():
    text = (ROOT / "README.md").read_text("utf-8")
    assert "$ make demo" in text
    assert "$ make test" in text


def test_the_documentation_has_something_to_run():
    assert WITH_STEPS


def test_a_page_that_shows_something_else_is_found():
    assert prints("dose 2 of ...\nnext", "dose 2 of 3  \nnext\n")
    assert not prints("dose 2", "dose 3")
    assert not prints("dose 2", "dose 2\nand more")


def test_every_command_of_the_tour_is_one_that_exists():
    words = [shlex.split(step.command)[0] for page in PAGES for step in steps(page) if step.command]
    assert set(words) <= {"earlyphase", "cat", "head", "ls", "python", "sed", "tail"}
