"""The command line as a whole: it answers at once, names what was meant, and shows examples that can be typed."""

import subprocess
import sys

import pytest

from earlyphase.cli.commands import COMMANDS, Command, Group
from earlyphase.cli.main import run
from earlyphase.protocol.library import known_studies

HEAVY = ("altair", "numpy", "pandas", "pint", "pydantic", "rich", "scipy", "typst")

PATHS = [
    (name, inner)
    for name, entry in COMMANDS.items()
    for inner in (entry.commands if isinstance(entry, Group) else [None])
]


def answer(*arguments, capsys):
    with pytest.raises(SystemExit) as left:
        run(list(arguments))
    said = capsys.readouterr()
    return left.value.code, said.out, said.err


def test_the_first_help_names_every_group(capsys):
    code, out, _ = answer("--help", capsys=capsys)
    assert code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in out] == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(filter(None, path)))
def test_the_help_of_a_command_ends_in_an_example_that_can_be_typed(path, capsys):
    words = list(filter(None, path))
    code, out, _ = answer(*words, "--help", capsys=capsys)
    assert code == 0
    assert f"Example: earlyphase {' '.join(words)}" in " ".join(out.split())
    assert "STUDY " not in out.partition("Example:")[2].partition("\n\n")[0] + " "


def test_an_example_names_a_study_that_comes_with_the_package(capsys):
    _, out, _ = answer("record", "show", "--help", capsys=capsys)
    assert f"Example: earlyphase record show {next(iter(known_studies()))}" in out


def test_a_mistyped_command_is_answered_with_the_nearest(capsys):
    code, _, err = answer("desing", capsys=capsys)
    assert code == 2
    assert "Did you mean 'design'?" in err


def test_an_unknown_study_is_invalid_and_the_known_ones_are_named(capsys):
    code, out, err = answer("record", "show", "NCT00000000", capsys=capsys)
    assert (code, out) == (2, "")
    assert err.startswith("invalid: ")
    assert next(iter(known_studies())) in err


def test_the_version_is_told(capsys):
    run(["--version"])
    assert capsys.readouterr().out.startswith("earlyphase 0.")


def test_no_heavy_package_is_imported_to_show_the_first_help():
    script = f"""
import sys
from earlyphase.cli.main import run
try:
    run(["--help"])
except SystemExit:
    pass
print("heavy:", *(name for name in {HEAVY} if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_every_entry_of_the_table_says_what_it_is_for():
    entries = [entry for entry in COMMANDS.values() if isinstance(entry, Command | Group)]
    assert [entry for entry in entries if not entry.help.endswith(".")] == []
