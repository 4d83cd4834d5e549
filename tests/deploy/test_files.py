"""The files of `deploy/` name what exists."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from app.commands.groups import GROUPS
from app.config import ROOT
from tests.waiting import PATIENCE_SECONDS

DEPLOY = ROOT / "deploy"
SETTINGS = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
UNITS = tuple(sorted(path.name for path in DEPLOY.glob("*.service")))
TIMERS = tuple(sorted(path.name for path in DEPLOY.glob("*.timer")))
READ_BY_LIBPQ = {"PGPASSWORD"}
OF_NGINX = "limber-purge.service"
"""It runs as nginx's user, and keeps nothing."""


def test_compose_sets_only_settings_that_exist() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ours = [service for service in services.values() if service.get("image") == "limber"]
    assert len(ours) == 5
    for service in ours:
        assert set(service["environment"]) <= SETTINGS | READ_BY_LIBPQ
        assert "PASSWORD" not in service["environment"]["DATABASE_URL"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)


def test_compose_names_nothing_that_it_does_not_use() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert set(re.findall(r" &(\w+)", text)) == set(re.findall(r" \*(\w+)", text))


def test_compose_replaces_the_addresses_that_nginx_has() -> None:
    command = " ".join(yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["nginx"]["command"])
    configuration = (DEPLOY / "nginx" / "limber.conf").read_text()
    replaced = re.findall(r"s/(127[.0-9:]+)/", command)
    assert sorted(replaced) == sorted(re.findall(r"server (127[.0-9:]+) ", configuration))


def test_compose_keeps_to_its_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    found = subprocess.run([*command, DEPLOY / "compose.yaml"], check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


def test_compose_lets_no_process_of_ours_write_or_become_more() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    for service in services.values():
        if service.get("image") == "limber":
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("unit", UNITS)
def test_units_set_only_settings_that_exist(unit: str) -> None:
    text = (DEPLOY / unit).read_text()
    assert set(re.findall(r"^Environment=(\w+)=", text, re.MULTILINE)) <= SETTINGS
    assert "ProtectSystem=strict\n" in text
    started = re.findall(r"^ExecStart=/opt/limber/bin/limber ([a-z-]+)(?: ([a-z-]+))?", text, re.MULTILINE)
    assert len(started) == text.count("ExecStart=") > 0
    for group, name in started:
        [found] = [each for each in GROUPS if each.name == group]
        assert not name or name in getattr(found, "commands", {})
    if unit != OF_NGINX:
        assert set(re.findall(r"=(?:sqlite:///)?(/var/lib/\w+)/", text)) == {"/var/lib/limber"}
        assert re.search(r"^StateDirectory=limber\b", text, re.MULTILINE)
        assert "User=limber\n" in text


def test_the_sample_of_settings_sets_what_exists() -> None:
    text = (DEPLOY / "limber.env").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    assert named <= SETTINGS | READ_BY_LIBPQ
    assert "PORT" not in named
    set_there = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    settings = {**set_there, "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", "from app.config import load_settings; load_settings()"]
    assert subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode == 0


def test_commands_are_run_as_the_units_run() -> None:
    given = set(re.findall(r"--(?:property|setenv)=(\S+)", (DEPLOY / "limber").read_text()))
    unit = (DEPLOY / "limber@.service").read_text()
    for line in ("DynamicUser=yes", "User=limber", "StateDirectory=limber", "EnvironmentFile=/etc/limber.env"):
        assert line in given
        assert f"\n{line}\n" in unit
    [database] = [each for each in given if each.startswith("DATABASE_URL=")]
    assert f"\nEnvironment={database}\n" in unit


@pytest.mark.parametrize("timer", TIMERS)
def test_timers_have_a_unit_to_begin(timer: str) -> None:
    assert timer.replace(".timer", ".service") in UNITS


def test_units_are_as_systemd_wants_them(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if not verify:
        pytest.skip("systemd is not there.")
    for unit in (*UNITS, *TIMERS):
        # The package is elsewhere here.
        text = (DEPLOY / unit).read_text().replace("/opt/limber/bin/limber", "/bin/true")
        (tmp_path / unit).write_text(text)
    names = [str(tmp_path / unit.replace("@", "@8000")) for unit in (*UNITS, *TIMERS)]
    command = [verify, "verify", "--man=no", *names]
    found = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert (found.returncode, [line for line in found.stderr.splitlines() if "limber" in line]) == (0, [])


def test_there_is_a_unit_for_each_port_of_nginx() -> None:
    ports = re.findall(r"server 127\.0\.0\.1:(\d+) ", (DEPLOY / "nginx" / "limber.conf").read_text())
    text = (DEPLOY / "limber@.service").read_text()
    assert "systemctl enable --now " + " ".join(f"limber@{port}" for port in ports) in text
    assert "Environment=PORT=%i\n" in text
