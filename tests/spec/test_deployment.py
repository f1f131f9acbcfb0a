"""What a site is put up with, each held against its own syntax: compose file, image, units of systemd."""

import configparser
import re
import shutil
import subprocess

import pytest
from ruamel.yaml import YAML
from tests.checkout import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")))
SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "logging",
    "networks", "ports", "read_only", "restart", "security_opt", "tmpfs", "volumes",
}  # fmt: skip
"""What a service of this file may say: the words of the Compose Specification that it uses."""
INSTRUCTIONS = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


@pytest.fixture(scope="module")
def compose():
    return YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text("utf-8"))


def test_the_compose_file_is_one(compose):
    assert set(compose) == {"name", "x-web", "services", "networks", "volumes"}
    for name, service in compose["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert "image" in service
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).is_file(), volume
        assert set(service.get("networks", ())) <= set(compose["networks"])
        assert set(service.get("depends_on", ())) <= set(compose["services"])


def test_nothing_but_the_proxy_can_be_reached_from_outside(compose):
    outside = {name for name, one in compose["services"].items() if "ports" in one or "outside" in one["networks"]}
    assert outside == {"proxy"}
    assert compose["networks"]["inside"] == {"internal": True}


def test_several_processes_stand_behind_one_database(compose):
    web = [one for name, one in compose["services"].items() if name.startswith("web-")]
    assert len(web) == 2
    assert len({one["environment"]["DATABASE_URL"] for one in web}) == 1
    proxied = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert all(f"{name}:8000" in proxied for name in compose["services"] if name.startswith("web-"))
    assert re.search(r"respond @probes 404", proxied)


def test_no_secret_stands_in_a_file(compose):
    for path in DEPLOY.iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"(SECRET_KEY|PASSWORD)\s*[=:]\s*[^$\s{?]\w{5,}", text), path.name
    assert compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${")


def test_the_image_is_built_of_what_is_there_and_runs_as_nobody_special():
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert {line.split()[0] for line in lines} <= INSTRUCTIONS
    for line in lines:
        words = line.split()
        if words[0] == "COPY" and not words[1].startswith("--"):
            assert all((ROOT / source).exists() for source in words[1:-1]), line
    users = [line for line in lines if line.startswith("USER")]
    assert users == ["USER earlyphase"]
    assert "--require-hashes" in text


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_units_of_systemd_are_units(unit):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(unit.read_text("utf-8"))
    assert set(parser) - {"DEFAULT"} <= {"Unit", "Service", "Timer", "Install"}
    if unit.suffix == ".service":
        assert parser["Service"]["User"] == "earlyphase"
        assert "earlyphase " in parser["Service"]["ExecStart"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_itself_finds_nothing_wrong(unit):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],  # noqa: S607 - wherever the machine has it
        capture_output=True,
        text=True,
        check=False,
    )
    own = [line for line in done.stderr.splitlines() if unit.name in line or unit.stem in line]
    assert own == []
