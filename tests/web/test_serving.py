import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT

FROZEN = """
import gc
from app.serving import application
assert application().app.test_client().get("/livez").status_code == 200
print(gc.get_freeze_count())
"""

COLLECTED = """
import gc, sys
from app.serving import application, collect_between_requests

class Cycle:
    alive = 0
    def __init__(self):
        self.me = self
        Cycle.alive += 1
    def __del__(self):
        Cycle.alive -= 1

app = application().app
if gc.isenabled():
    collect_between_requests(app)
begun_by = []
gc.callbacks.append(lambda phase, _: phase == "start" and begun_by.append(sys._getframe(1).f_code.co_name))
made = app.view_functions["service.getLiveness"]

def view(*arguments, **options):
    before = len(begun_by)
    cycles = [Cycle() for _ in range(2000)]
    del cycles
    assert len(begun_by) == before, begun_by[-1]
    return made(*arguments, **options)

app.view_functions["service.getLiveness"] = view
client, most = app.test_client(), 0
for _ in range(50):
    assert client.get("/livez").status_code == 200
    most = max(most, Cycle.alive)
print(len(begun_by), {*begun_by}, most)
"""

READ_IN_A_FINALISER = """
import gc
from app.serving import application, collect_what_is_due

class Thing:
    pass

class Finalised:
    def __init__(self, thing):
        self.thing, self.me = thing, self
    def __del__(self):
        self.thing.__dict__

application()
is_automatic = gc.isenabled()
gc.disable()
gc.set_threshold(1)
kept = []
for _ in range(50):
    thing = Thing()
    thing.value = [1]
    Finalised(thing)
    # No dictionary is left that the interpreter could use again: it allocates the next one.
    kept.append([{} for _ in range(500)])
    if is_automatic:
        gc.enable()
    thing.__dict__
    gc.disable()
    collect_what_is_due()
    kept.append(thing)
    for number in range(40):
        setattr(thing, f"other_{number}", number)
gc.collect()
print("alive")
"""


def _run(program: str, folder: Path) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/limber.db",
        "PUBLIC_ORIGIN": "http://127.0.0.1",
        "LOG_LEVEL": "warning",
        # Memory that was freed is overwritten, so that a use of it shows.
        "PYTHONMALLOC": "debug",
    }
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_collector_leaves_what_a_worker_loads_alone(tmp_path: Path) -> None:
    assert int(_run(FROZEN, tmp_path)) > 50_000


def test_garbage_is_collected_at_the_end_of_requests_and_never_inside_one(tmp_path: Path) -> None:
    count, begun_by, most_alive = _run(COLLECTED, tmp_path).split()
    assert begun_by == "{'collect_what_is_due'}"
    assert int(count) == 50
    # What a request left is gone when it has ended.
    assert int(most_alive) == 0


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="collections begin between two instructions")
def test_a_finaliser_may_read_the_dictionary_that_is_being_made(tmp_path: Path) -> None:
    assert _run(READ_IN_A_FINALISER, tmp_path) == "alive\n"
