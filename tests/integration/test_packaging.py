"""What is shipped stands alone: sdist and wheel carry the studies, and the installed command finds them."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from tests.checkout import ROOT

STUDY = "NCT06633354"
WHERE_PACKAGES_GO = "import sysconfig; print(sysconfig.get_path('purelib'))"
RUN = "from earlyphase.cli.main import run; import sys; run(sys.argv[1:])"
BUILT_FROM = ("src", "studies", "tests/oracle/data/designs", "pyproject.toml", "README.md", "LICENSE")


def called(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def environment():
    """Leave out what would let the checkout be found from elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Build both from a copy, so that nothing that lies about in the checkout is taken for a part of it."""
    copy, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in BUILT_FROM:
        whole = ROOT / name
        if whole.is_dir():
            shutil.copytree(whole, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(whole, copy / name)
    called(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(made), str(copy), cwd=copy)
    return made


@pytest.fixture(scope="module")
def installed(packages, tmp_path_factory):
    """Install the wheel alone into an environment of its own; its dependencies are lent by this one."""
    place = tmp_path_factory.mktemp("elsewhere")
    venv.create(place / "env", with_pip=False)
    python = place / "env" / "bin" / "python"
    purelib = Path(
        called(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip()
    )
    wheel = next(packages.glob("*.whl"))
    target = ["--target", str(purelib), "--no-deps", "--no-index", "--quiet"]
    called(sys.executable, "-m", "pip", "install", *target, str(wheel), cwd=place)
    lend_dependencies(purelib)
    return python


def lend_dependencies(purelib):
    """Make this environment's packages importable, and leave this checkout out."""
    here = Path(pytest.__file__).parents[1]
    (purelib / "lent.pth").write_text(f"{here}\n", "utf-8")


def test_the_wheel_carries_the_study_and_the_types(packages):
    names = zipfile.ZipFile(next(packages.glob("*.whl"))).namelist()
    assert {f"earlyphase/studies/{STUDY}/{name}" for name in ("record.json", "protocol.yaml")} <= set(names)
    assert "earlyphase/py.typed" in names
    chinese = "earlyphase/web/locale/zh_Hans"
    assert {f"{chinese}/LC_MESSAGES/django.mo", f"{chinese}/sentences.toml"} <= set(names)
    assert not [name for name in names if name.startswith("tests/")]


def test_the_sdist_carries_what_the_wheel_is_built_from(packages):
    with tarfile.open(next(packages.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"studies/{STUDY}/record.json", "src/earlyphase/__init__.py", "pyproject.toml", "LICENSE"} <= names


def test_the_installed_package_is_not_the_checkout(installed):
    found = called(str(installed), "-c", "import earlyphase; print(earlyphase.__file__)", cwd=installed.parent)
    assert not Path(found.strip()).is_relative_to(ROOT)


@pytest.mark.parametrize("command", [("record", "show", STUDY), ("study", "check", STUDY)], ids=" ".join)
def test_the_installed_command_finds_the_study(installed, command):
    assert STUDY in called(str(installed), "-c", RUN, *command, cwd=installed.parent)
