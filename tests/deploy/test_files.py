"""The files of `deploy/` name what exists."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from app.config import ROOT
from tests.waiting import PATIENCE_SECONDS

DEPLOY = ROOT / "deploy"
SETTINGS = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
UNITS = ("limber@.service", "limber-webhooks.service")
READ_BY_LIBPQ = {"PGPASSWORD"}


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
    assert "ExecStart=/opt/limber/.venv/bin/flask --app app " in text
    written = re.findall(r"=(?:sqlite:///)?(/var/lib/\w+)/", text)
    assert set(written) == {"/var/lib/limber"}
    assert {"StateDirectory=limber", "User=limber", "ProtectSystem=strict"} <= set(text.splitlines())


def test_units_are_as_systemd_wants_them(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if not verify:
        pytest.skip("systemd is not there.")
    for unit in UNITS:
        # The checkout is elsewhere here.
        text = (DEPLOY / unit).read_text().replace("/opt/limber/.venv/bin/flask", "/bin/true")
        (tmp_path / unit).write_text(text)
    names = [str(tmp_path / unit.replace("@", "@8000")) for unit in UNITS]
    command = [verify, "verify", "--man=no", *names]
    found = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert (found.returncode, [line for line in found.stderr.splitlines() if "limber" in line]) == (0, [])


def test_there_is_a_unit_for_each_port_of_nginx() -> None:
    ports = re.findall(r"server 127\.0\.0\.1:(\d+) ", (DEPLOY / "nginx" / "limber.conf").read_text())
    text = (DEPLOY / "limber@.service").read_text()
    assert "systemctl enable --now " + " ".join(f"limber@{port}" for port in ports) in text
    assert "Environment=PORT=%i\n" in text
