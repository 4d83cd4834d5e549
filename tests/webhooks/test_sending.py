import socket
import ssl
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme
from standardwebhooks import Webhook, WebhookVerificationError

from app.webhooks.sending import MOST_ANSWER_BYTES, Sender, signed_headers
from app.webhooks.subscriptions import make_secret
from tests.waiting import PATIENCE_SECONDS
from tests.webhooks.receivers import answer, drip, endless, hang, receiver

BODY = '{"type":"webhook.ping","text":"ü"}'.encode()
SENDER = Sender(seconds=PATIENCE_SECONDS, loopback=True)
HASTY = Sender(seconds=0.5, loopback=True)


def headers(*secrets: str) -> dict[str, str]:
    return signed_headers("evt_1", BODY, secrets, datetime.now(UTC))


class TestSignature:
    def test_the_verifier_of_standard_webhooks_takes_it(self) -> None:
        secret = make_secret()
        with receiver(answer(204)) as found:
            assert SENDER.post(found.url, BODY, headers(secret)).delivered
        assert found.got[0].verified(secret)["text"] == "ü"
        assert found.got[0].headers["webhook-id"] == "evt_1"
        assert found.got[0].headers["content-type"] == "application/json"

    def test_a_changed_body_another_secret_or_an_old_time_is_refused(self) -> None:
        secret = make_secret()
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(BODY + b" ", headers(secret))
        with pytest.raises(WebhookVerificationError):
            Webhook(make_secret()).verify(BODY, headers(secret))
        old = signed_headers("evt_1", BODY, [secret], datetime(2020, 1, 1, tzinfo=UTC))
        with pytest.raises(WebhookVerificationError, match="old"):
            Webhook(secret).verify(BODY, old)

    def test_during_a_rotation_either_secret_verifies(self) -> None:
        secrets = [make_secret(), make_secret()]
        for secret in secrets:
            Webhook(secret).verify(BODY, headers(*secrets))

    def test_a_secret_has_256_bits(self) -> None:
        assert len({make_secret() for _ in range(100)}) == 100
        assert all(len(each) == len("whsec_") + 44 for each in [make_secret()])


class TestOutcomes:
    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    def test_any_2xx_is_success(self, status: int) -> None:
        with receiver(answer(status)) as found:
            outcome = SENDER.post(found.url, BODY, headers(make_secret()))
        assert (outcome.delivered, outcome.status, outcome.error) == (True, status, None)

    @pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
    def test_an_error_is_none(self, status: int) -> None:
        with receiver(answer(status)) as found:
            outcome = SENDER.post(found.url, BODY, {})
        assert (outcome.delivered, outcome.status) == (False, status)

    @pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed_and_is_a_failure(self, status: int) -> None:
        with receiver(answer(204)) as elsewhere, receiver(answer(status, headers={"Location": elsewhere.url})) as found:
            outcome = SENDER.post(found.url, BODY, {})
        assert (outcome.delivered, outcome.status, elsewhere.got) == (False, status, [])
        assert "redirects are not followed" in str(outcome.error)

    @pytest.mark.parametrize("act", [hang, drip], ids=["hangs", "drips"])
    def test_a_receiver_that_takes_too_long_is_given_up(self, act: Any) -> None:
        enough = threading.Event()
        with receiver(act(enough)) as found:
            outcome = HASTY.post(found.url, BODY, {})
            # It still hangs or drips, and would for minutes.
            enough.set()
        assert outcome.status is None
        assert outcome.error == "No answer within 0.5 seconds."

    def test_an_endless_answer_is_cut(self) -> None:
        with receiver(endless) as found:
            # Read to its end, it would be an answer that takes too long.
            assert SENDER.post(found.url, BODY, {}).delivered

    def test_a_long_answer_is_no_harm(self) -> None:
        with receiver(answer(200, body=b"x" * (MOST_ANSWER_BYTES * 3))) as found:
            assert SENDER.post(found.url, BODY, {}).delivered

    def test_nobody_listening_is_a_failure_that_says_so(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            outcome = SENDER.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", BODY, {})
        assert "ConnectError" in str(outcome.error)

    @pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000])
    def test_what_is_no_http_is_a_failure(self, said: bytes) -> None:
        def act(handler: Any, _number: int) -> None:
            handler.wfile.write(said)
            handler.close_connection = True

        with receiver(act) as found:
            assert SENDER.post(found.url, BODY, {}).status is None

    def test_without_the_setting_this_machine_is_not_asked(self) -> None:
        with receiver(answer(204)) as found:
            outcome = Sender(seconds=PATIENCE_SECONDS).post(found.url.replace("http:", "https:"), BODY, {})
        assert "public internet" in str(outcome.error)
        assert found.got == []

    def test_proxies_of_the_environment_are_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with receiver(answer(204)) as found:
            assert SENDER.post(found.url, BODY, {}).delivered


class TestPinning:
    """The name resolves to one place when it is checked and to another a moment later."""

    def test_the_connection_goes_to_the_address_that_was_checked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real, asked = socket.getaddrinfo, 0

        def rebinding(host: Any, *arguments: Any, **options: Any) -> Any:
            nonlocal asked
            if host != "receiver.example":
                return real(host, *arguments, **options)
            asked += 1
            return real("127.0.0.1" if asked == 1 else "127.0.0.2", *arguments, **options)

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        with receiver(answer(204)) as found:
            port = int(found.url.split(":")[2].split("/")[0])
            with receiver(answer(204), host="127.0.0.2", port=port) as other:
                assert SENDER.post(f"http://receiver.example:{port}/hook", BODY, {}).delivered
        assert (len(found.got), len(other.got), asked) == (1, 0, 1)
        assert found.got[0].headers["host"] == f"receiver.example:{port}"

    def test_a_second_address_is_tried_where_the_first_is_deaf(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = socket.getaddrinfo

        def two(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
            if host != "receiver.example":
                return real(host, port, *arguments, **options)
            return [found for each in ("127.0.0.3", "127.0.0.1") for found in real(each, port, *arguments, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", two)
        with receiver(answer(204)) as found:
            port = found.url.split(":")[2].split("/")[0]
            assert SENDER.post(f"http://receiver.example:{port}/hook", BODY, {}).delivered


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


class TestTLS:
    def trusting(self, authority: trustme.CA) -> Sender:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return Sender(seconds=PATIENCE_SECONDS, loopback=True, trust=context)

    def served(self, authority: trustme.CA, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(context)
        return context

    @pytest.fixture(autouse=True)
    def _resolved(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = socket.getaddrinfo

        def local(host: Any, *arguments: Any, **options: Any) -> Any:
            return real("127.0.0.1" if str(host).endswith(".example") else host, *arguments, **options)

        monkeypatch.setattr(socket, "getaddrinfo", local)

    def test_the_name_is_sent_and_verified_though_the_connection_is_to_an_address(self, authority: trustme.CA) -> None:
        served, named = self.served(authority, "receiver.example"), []
        served.sni_callback = lambda _socket, name, _context: named.append(name)
        with receiver(answer(204), tls=served) as found:
            url = found.url.replace("127.0.0.1", "receiver.example")
            outcome = self.trusting(authority).post(url, BODY, {})
        assert outcome.delivered, outcome.error
        assert named == ["receiver.example"]

    def test_a_certificate_of_another_name_or_of_nobody_known_is_a_failure(self, authority: trustme.CA) -> None:
        with receiver(answer(204), tls=self.served(authority, "other.example")) as found:
            url = found.url.replace("127.0.0.1", "receiver.example")
            outcome = self.trusting(authority).post(url, BODY, {})
            assert "CERTIFICATE_VERIFY_FAILED" in str(outcome.error)
            assert "CERTIFICATE_VERIFY_FAILED" in str(SENDER.post(url.replace("receiver", "other"), BODY, {}).error)
        assert found.got == []
