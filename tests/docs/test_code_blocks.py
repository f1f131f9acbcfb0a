"""Every command and every block in the documentation is run or read by a test, and shows what the page says.

A `console` block holds commands after `$ ` and, where a page shows them, the lines that they print, with `...` for any
text. The blocks of a page run one after another in one empty folder, which is the user's data folder too. A block whose
kind is followed by a file's name (```json commands.jsonl) is written to that file there. `earlyphase serve` is started,
asked whether it is ready, and ended. What cannot be run on any machine (docker, systemd, the targets of the Makefile)
stands in `ELSEWHERE` with what is done instead. A block of any other kind fails, but where `READ_BY` names its test.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt
from tests.checkout import ROOT

from earlyphase.eligibility.parsing import parse

WRITTEN = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "reference" not in page.parts]
"""The pages of the site but for those that its build makes of the tests."""
PAGES = [*(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "GLOSSARY", "CHANGELOG")), *WRITTEN]

INCLUDED = {"{include}", "{toctree}"}
"""What the build of the site reads: it fails where such a block leads to nothing."""

READ_BY = {
    ("docs/how-to/use-the-api.md", "text"): "tests/web/test_api_examples.py",
    ("docs/how-to/use-the-api.md", "json"): "tests/web/test_api_examples.py",
    ("docs/eligibility.md", "text"): "tests/docs/test_code_blocks.py",
}
"""Blocks that are no commands, and the test that reads each of them."""

PASSWORD = "correct horse battery staple"  # noqa: S105 - of people who live for one page
PEOPLE = """
earlyphase init --user li.wei --name "Li Wei" --study NCT06633354
earlyphase person add ann.li --name "Ann Li" --study NCT06633354 --role coordinator
""".strip().splitlines()
BEFORE = {"docs/how-to/operate-a-site.md": PEOPLE, "docs/how-to/use-the-api.md": PEOPLE}
"""Pages that speak of a site which is there already: what has been typed before."""
DEMO = "earlyphase serve --demo"
PATIENCE = 60
"""Units: seconds. How long a site may take to start or to end."""


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
    name, found, sessions = page.relative_to(ROOT).as_posix(), [], []
    for line, (language, *names), content in fences(page):
        place = f"{name}:{line}"
        if language in INCLUDED or (name, language) in READ_BY:
            continue
        if names:
            found.append(Step(place, None, f"import pathlib; pathlib.Path({names[0]!r}).write_text({content!r})", ""))
        elif language == "console":
            found += console_steps(place, content)
        elif language == "python":
            found.append(Step(place, None, content, ""))
        elif language == "pycon":
            sessions.append(Step(place, None, content, ""))
        else:
            pytest.fail(f"{place}: no test runs a block of {language!r}. Make it a console block, or write its test.")
    return [*found, *session_steps(sessions)]


def environment(folder):
    """Give the commands of this environment first, a terminal of 100 columns, and a data folder of the page's own."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shown = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONWARNINGS": "error", "PYTHONUTF8": "1"}
    own = {"EARLYPHASE_DATA": str(folder / "data"), "EARLYPHASE_PASSWORD": PASSWORD}
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, **shown, **own, "PATH": path}


def run(step, folder):
    """Run a step as it stands, or what is done in its place; give its exit code and what it printed."""
    first = shlex.split(step.command, comments=True)[0] if step.command else ""
    if (step.command or "").startswith("earlyphase serve"):
        return thrown_away() if step.command == DEMO else served(step.command, folder)
    if first in ELSEWHERE:
        return ELSEWHERE[first](step.command, folder)
    return executed(["bash", "-c", step.command] if step.command else [sys.executable, "-c", step.script], folder)


def executed(command, folder):
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@cache
def thrown_away():
    """Serve the demonstration: it leaves nothing and needs nothing, so that one run speaks for every page."""
    with tempfile.TemporaryDirectory(prefix="ep-") as nowhere:
        return served(DEMO, Path(nowhere))


def served(command, folder):
    """Start a site at a free port, wait until it is ready, and end it as Ctrl-C does."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    arguments = [*shlex.split(command.partition(" --port ")[0]), "--port", str(port)]
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(arguments, cwd=folder, env=environment(folder), start_new_session=True, **out) as site:
        try:
            said = list(_until_it_serves(site.stdout))
            _is_ready(port)
            site.send_signal(signal.SIGINT)
            return site.wait(PATIENCE), "".join(said).replace(str(port), "8000")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(site.pid, signal.SIGKILL)


def _until_it_serves(lines):
    for line in lines:
        yield line
        if line.startswith("Serving at "):
            return


def _is_ready(port):
    for _ in range(PATIENCE * 5):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
            return
        time.sleep(0.2)
    pytest.fail("the site was not ready")


def made(command, _folder):
    """A target of the Makefile would run this test again, and runs in CI itself: it is there, and make can read it."""
    return executed([*shlex.split(command), "--dry-run", "--silent"], ROOT)[0], ""


def composed(command, folder):
    """What docker would be given is there; what it would run inside is run here."""
    words = shlex.split(command.replace("\\\n", " "), comments=True)
    for option in ("--file", "--env-file"):
        assert (folder / words[words.index(option) + 1]).is_file(), command
    if "exec" not in words:
        return 0, ""
    inside = words.index("exec")
    assert words[inside + 1] in (ROOT / "deploy" / "compose.yaml").read_text("utf-8"), command
    (folder / "inside").mkdir()  # the folder that the process keeps its data in there
    return executed(words[inside + 2 :], folder / "inside")


def as_root(command, folder):
    """What changes the machine itself: the shell can read it, and the units and files that it names are there."""
    words = shlex.split(command.replace("\\\n", " "), comments=True)
    units = {one.stem for one in (ROOT / "deploy").iterdir()} | {one.name for one in (ROOT / "deploy").iterdir()}
    for word in words[1:]:
        assert not word.startswith("deploy/") or (folder / word).is_file(), command
        assert not word.startswith("earlyphase-") or word in units, command
    return executed(["bash", "-n", "-c", command], folder)


ELSEWHERE = {"make": made, "docker": composed, "sudo": as_root}
"""By the first word of a command: what is done in place of running it."""


def prints(expected, printed):
    """Say whether a page shows what was printed; trailing blanks do not count, and `...` stands for anything."""
    pattern = ".*?".join(re.escape(part) for part in squeezed(expected).split("..."))
    return re.fullmatch(pattern, squeezed(printed), re.DOTALL) is not None


def squeezed(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


RUN = {"console", "pycon", "python"}
WITH_STEPS = [page for page in PAGES if any(kind in RUN for _, (kind, *_), _ in fences(page))]


@pytest.fixture
def folder():
    """Give an empty folder that no other run of the tests closes to the user of the embedded database."""
    with tempfile.TemporaryDirectory(prefix="ep-") as made:
        yield Path(made)


@pytest.mark.parametrize("page", WITH_STEPS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_the_page_runs(page, folder):
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    for command in BEFORE.get(page.relative_to(ROOT).as_posix(), ()):
        assert executed(["bash", "-c", command], folder)[0] == 0, command
    for step in steps(page):
        code, printed = run(step, folder)
        assert code == 0, f"{step.place}: {step.command or 'the script'} ended with {code}:\n{printed}"
        if step.expected:
            assert prints(step.expected, printed), f"{step.place}: the page does not show what is printed:\n{printed}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_block_of_the_page_is_left_out(page):
    """Blocks by indentation, and blocks of a kind that nothing runs, would be."""
    tokens = MarkdownIt("commonmark").parse(page.read_text("utf-8"))
    assert [token.content for token in tokens if token.type == "code_block"] == []
    steps(page)


def test_a_block_that_nothing_runs_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    page = tmp_path / "page.md"
    for kind in ("text", "sh", "yaml", ""):
        page.write_text(f"```{kind}\nearlyphase serve\n```\n", "utf-8")
        with pytest.raises(pytest.fail.Exception, match=r"page.md:1: no test runs"):
            steps(page)


def test_each_block_that_another_test_reads_is_there():
    there = {(page.relative_to(ROOT).as_posix(), kind) for page in PAGES for _, (kind, *_), _ in fences(page)}
    assert set(READ_BY) <= there


def test_every_criterion_on_the_page_of_the_language_can_be_read():
    lines = [
        line for _, (kind, *_), content in fences(ROOT / "docs" / "eligibility.md") if kind == "text"
        for line in content.splitlines()
    ]  # fmt: skip
    assert len(lines) > 5
    for line in lines:
        parse(line)


def test_what_is_done_in_place_of_a_command_can_fail(tmp_path):
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    assert made("make nothing-of-the-kind", tmp_path)[0] != 0
    with pytest.raises(AssertionError):
        composed("docker compose --env-file deploy/none --file deploy/compose.yaml up", tmp_path)
    with pytest.raises(AssertionError):
        as_root("sudo systemctl enable earlyphase-none.timer", tmp_path)


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
    assert set(words) <= {"earlyphase", "cat", "cp", "head", "ls", "python", "sed", "tail", *ELSEWHERE}
