import os
import subprocess
import sys
from pathlib import Path

from app.config import ROOT

FROZEN = """
import gc
from app.serving import application
assert application().test_client().get("/livez").status_code == 200
print(gc.get_freeze_count())
"""


def test_the_collector_leaves_what_a_worker_loads_alone(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/limber.db", "PUBLIC_ORIGIN": "http://127.0.0.1"}
    command = [sys.executable, "-c", FROZEN]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50_000
