"""The Nu HTML checker finds no error in any page or card."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.browser.test_accessibility import CARDS, PAGES

pytestmark = pytest.mark.registry

VERSION = "26.9.27"
LEFT_OUT = "Left out: the Nu HTML checker, which needs java and npm on the PATH."


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checker, as npm brings it; `VNU_JAR` names one that is there already."""
    given = os.environ.get("VNU_JAR")
    if given:
        return Path(given)
    npm = shutil.which("npm")
    if not npm or not shutil.which("java"):
        pytest.skip(LEFT_OUT)
    folder = tmp_path_factory.mktemp("vnu")
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", f"vnu-jar@{VERSION}"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip(LEFT_OUT)
    return next((folder / "node_modules" / "vnu-jar").rglob("vnu.jar"))


def test_finds_no_error(client: FlaskClient, checker: Path, tmp_path: Path) -> None:
    for number, path in enumerate((*PAGES, *CARDS)):
        answer = client.get(path, headers={"Accept": "text/html"})
        (tmp_path / f"{number}.html").write_bytes(answer.data)
    java = shutil.which("java") or "java"
    command = [java, "-jar", str(checker), "--errors-only", "--format", "gnu", str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.stderr == ""
    assert found.returncode == 0
