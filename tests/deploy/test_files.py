"""The files of `deploy/` name what exists."""

import re

import pytest
import yaml

from app.config import ROOT

DEPLOY = ROOT / "deploy"
SETTINGS = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
UNITS = ("limber.service", "limber-webhooks.service")


def test_compose_sets_only_settings_that_exist() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ours = [service for service in services.values() if service.get("image") == "limber"]
    assert len(ours) == 3
    for service in ours:
        assert set(service["environment"]) <= SETTINGS
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)


def test_compose_replaces_the_addresses_that_nginx_has() -> None:
    command = " ".join(yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["nginx"]["command"])
    configuration = (DEPLOY / "nginx" / "limber.conf").read_text()
    replaced = re.findall(r"s/(127[.0-9:]+)/", command)
    assert sorted(replaced) == sorted(re.findall(r"server (127[.0-9:]+) ", configuration))


def test_the_image_holds_what_the_application_reads() -> None:
    lines = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    copied = set(" ".join(lines).split())
    assert {"app", "migrations", "seed_data", "requirements.txt"} <= copied
    assert all((ROOT / each).exists() for each in copied)


@pytest.mark.parametrize("unit", UNITS)
def test_units_set_only_settings_that_exist(unit: str) -> None:
    text = (DEPLOY / unit).read_text()
    assert set(re.findall(r"^Environment=(\w+)=", text, re.MULTILINE)) <= SETTINGS
    assert "ExecStart=/opt/limber/.venv/bin/flask --app app " in text
