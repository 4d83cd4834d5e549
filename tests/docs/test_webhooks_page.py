"""docs/webhooks.md: its receiver verifies what is sent, and its numbers are those of the code."""

import re
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.config import ROOT, Settings
from app.releasing.outbox import EVENTS, MOST_CHANGED
from app.webhooks.addresses import LEAST_OTHER_PORT
from app.webhooks.deliveries import ATTEMPTS, JITTER, WAITS
from app.webhooks.sending import Sender, signed_headers
from app.webhooks.subscriptions import PING, make_secret
from tests.deploy.services import listens
from tests.waiting import PATIENCE_SECONDS, wait_for

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def spelled(seconds: int) -> str:
    return next(f"{seconds // size} {unit}" for size, unit in ((3600, "h"), (60, "min"), (1, "s")) if seconds >= size)


class TestReceiver:
    def test_it_takes_what_is_signed_with_its_secret_and_nothing_else(self, tmp_path: Path) -> None:
        found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
        assert found
        secret = make_secret()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        program = tmp_path / "receiver.py"
        program.write_text(found[1].replace("whsec_…", secret).replace("8080", str(port)), encoding="utf-8")
        body, at = b'{"type": "webhook.ping", "data": {}}', datetime.now(UTC)
        sender = Sender(seconds=PATIENCE_SECONDS, loopback=True)
        with subprocess.Popen([sys.executable, str(program)], stderr=subprocess.DEVNULL) as run:
            try:
                wait_for(lambda: listens(port))
                statuses = [
                    sender.post(f"http://127.0.0.1:{port}/", body, signed_headers("evt_1", body, [each], at)).status
                    for each in (secret, make_secret())
                ]
            finally:
                run.kill()
        assert statuses == [204, 401]


class TestNumbers:
    def test_the_waits_and_attempts_are_those_of_the_code(self) -> None:
        assert ", ".join(spelled(each) for each in WAITS) in PAGE.replace("\n  ", " ")
        assert (ATTEMPTS, JITTER) == (10, 0.2)

    def test_the_limits_are_those_of_the_code(self) -> None:
        settings = {each: getattr(Settings, each) for each in ("webhook_timeout_seconds", "webhook_keep_days")}
        assert f"within {settings['webhook_timeout_seconds']} seconds" in PAGE
        assert f"for {settings['webhook_keep_days']} days" in PAGE
        assert f"names {MOST_CHANGED} entities" in PAGE
        assert f"one from {LEAST_OTHER_PORT}" in PAGE

    def test_every_event_is_named(self) -> None:
        assert all(f"`{each}`" in PAGE for each in (*EVENTS, PING))
