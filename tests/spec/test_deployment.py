"""What a site is put up with, each held against its own syntax: compose file, image, units of systemd."""

import configparser
import re
import secrets
import shutil
import subprocess

import pytest
from ruamel.yaml import YAML
from tests.checkout import ROOT

from earlyphase.faults import InvalidInput
from earlyphase.web.settings import settings_from

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


def filled(text, values):
    """Give what compose makes of a value: the names in it stand for what the file of settings says."""
    return re.sub(r"\$\{(\w+)(:\?[^}]*)?\}", lambda name: values[name[1]], text)


VALUES = {
    "EARLYPHASE_SECRET_KEY": secrets.token_urlsafe(64),
    "EARLYPHASE_HOSTS": "ctu.example.org, ctu.example.net",
    "POSTGRES_PASSWORD": "N3verUsedAnywhere",
    "EARLYPHASE_METRICS_TOKEN": secrets.token_urlsafe(32),
}
"""The file of settings as somebody fills it in."""


def test_the_file_of_settings_asks_for_what_compose_needs():
    text = (DEPLOY / "site.env.example").read_text("utf-8")
    assert set(re.findall(r"^(\w+)=$", text, re.MULTILINE)) == set(VALUES)
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert asked <= set(VALUES)


@pytest.mark.parametrize("name", ["web-1", "web-2"])
def test_each_process_starts_with_the_settings_that_compose_gives_it(compose, name):
    service = compose["services"][name]
    assert service["env_file"] == "site.env"
    given = VALUES | {key: filled(value, VALUES) for key, value in service["environment"].items()}
    found = settings_from(given)
    assert found["ALLOWED_HOSTS"] == ["ctu.example.org", "ctu.example.net"]
    assert found["DATABASES"]["default"]["HOST"] == "database"
    assert found["SECURE_PROXY_SSL_HEADER"]
    with pytest.raises(InvalidInput, match="EARLYPHASE_HOSTS"):
        settings_from(given | {"EARLYPHASE_HOSTS": ""})


def test_the_proxy_gets_no_secret(compose):
    proxy = compose["services"]["proxy"]
    assert "env_file" not in proxy
    assert set(proxy["environment"]) == {"EARLYPHASE_HOSTS"}


def docker_compose():
    """Give docker's own compose, where it is on this machine."""
    docker = shutil.which("docker")
    command = [docker, "compose", "version"]
    there = docker and subprocess.run(command, capture_output=True, check=False).returncode == 0
    return [docker, "compose"] if there else None


def test_docker_itself_can_read_the_compose_file(tmp_path):
    compose = docker_compose()
    if compose is None:
        pytest.skip("docker compose is not on this machine")
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    settings = tmp_path / "deploy" / "site.env"
    settings.write_text("".join(f"{name}={value}\n" for name, value in VALUES.items()), "utf-8")
    command = [*compose, "--env-file", str(settings), "--file", str(tmp_path / "deploy" / "compose.yaml")]
    done = subprocess.run([*command, "config", "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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


def test_what_the_image_is_built_of_is_not_kept_out_of_it():
    sent = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert "*" in sent
    assert {f"!{source}" for line in copied for source in line.split()} == {one for one in sent if one[0] == "!"}


ANALYZE = shutil.which("systemd-analyze")


def complaints(folder):
    """Give what systemd says of the units of a folder: unknown keys, values that it cannot read."""
    units = sorted(map(str, (*folder.glob("*.service"), *folder.glob("*.timer"))))
    done = subprocess.run([ANALYZE, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if "earlyphase" in line]


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not on this machine")
def test_systemd_itself_finds_nothing_wrong(tmp_path):
    assert complaints(DEPLOY) == []
    broken = (DEPLOY / "earlyphase.service").read_text("utf-8").replace("RestartSec=2", "RestartSec=often\nRestartt=no")
    (tmp_path / "earlyphase.service").write_text(broken, "utf-8")
    assert len(complaints(tmp_path)) == 2
