import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.config import ROOT


def code(language: str) -> str:
    page = (ROOT / "docs" / "sync.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


class TestTheDigestOfTheSyncPage:
    def test_in_python_is_the_one_that_is_sent(self, client: FlaskClient) -> None:
        page = client.get("/v1/sync?limit=1000").json
        assert page
        names: dict[str, Any] = {}
        exec(code("python"), names)  # noqa: S102  # our own documentation
        assert names["digest"](page["items"]) == page["digest"]

    @pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
    def test_in_javascript_is_the_one_that_is_sent(self, client: FlaskClient, tmp_path: Path) -> None:
        answer = client.get("/v1/sync?limit=1000")
        (tmp_path / "page.json").write_bytes(answer.data)
        program = code("javascript") + (
            "const page = JSON.parse(require('fs').readFileSync(process.argv[2]));"
            "digest(page.items).then((found) => console.log(JSON.stringify([found, page.digest])));"
        )
        (tmp_path / "digest.cjs").write_text(program)
        command = ["node", str(tmp_path / "digest.cjs"), str(tmp_path / "page.json")]
        found, sent = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        assert found == sent

    def test_in_either_has_no_more_than_ten_lines(self) -> None:
        assert all(len(code(language).strip().splitlines()) <= 10 for language in ("python", "javascript"))
