"""schemathesis, with every check, against a real server on a seeded catalogue.

`LIMBER_FUZZ_EXAMPLES` says how many examples an operation gets in each phase that makes them up.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from app.commands.serve import granian_arguments
from app.config import ROOT, Settings
from tests.browser.live_server import is_ready
from tests.contract.live_document import delivery_face, with_published_values, with_short_texts
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for

EXAMPLES = os.environ.get("LIMBER_FUZZ_EXAMPLES", "5")
CONFIG = Path(__file__).parent / "schemathesis.toml"
SHOWN = 6000


@pytest.fixture(scope="module")
def service(make_seeded_sqlite: MakeStore) -> Iterator[str]:
    """The origin of a server that answers from the seeded catalogue."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    settings = Settings(database_url=make_seeded_sqlite(), public_origin=origin, port=port)
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "PUBLIC_ORIGIN": origin,
        "SEARCHES_PER_MINUTE": "1000000",
    }
    command = [sys.executable, "-m", "granian", *granian_arguments(settings)]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_for(lambda: is_ready(origin, server), "The server is not ready.")
            yield origin
        finally:
            server.terminate()


def ask(origin: str, path: str) -> Any:
    with urlopen(origin + path, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


def fuzz(folder: Path, document: Any, origin: str, *options: str) -> str:
    """Runs schemathesis and returns what it reports; fails where it finds anything."""
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), f"--config-file={CONFIG}", "run", "openapi.json"),
        *(f"--url={origin}", "--checks=all", f"--max-examples={EXAMPLES}", "--workers=2", "--continue-on-failure"),
        *("--generation-database=none", "--warnings=off", "--no-color", *options),
    ]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-SHOWN:] + ran.stderr[-SHOWN:]
    return ran.stdout


class TestFuzzing:
    def test_every_check_of_every_phase_finds_nothing(self, service: str, tmp_path: Path) -> None:
        document = with_published_values(ask(service, "/openapi.json"), lambda path: ask(service, path))
        report = fuzz(tmp_path, document, service)
        count = len(document["paths"])
        assert f"Tested: {count}\n" in report
        assert all(f"✅ {phase}" in report for phase in ("Examples", "Coverage", "Fuzzing", "Stateful")), report

    def test_the_document_as_served_finds_nothing_with_made_up_slugs_and_cursors(
        self, service: str, tmp_path: Path
    ) -> None:
        # Without positive_data_acceptance: a made-up slug or cursor is refused although it has the right form, because
        # which ones are accepted depends on what is published. The phases that repeat the test above are left out.
        document = with_short_texts(delivery_face(ask(service, "/openapi.json")))
        fuzz(tmp_path, document, service, "--exclude-checks=positive_data_acceptance", "--phases=fuzzing")
