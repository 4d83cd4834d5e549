"""Subscriptions in the store: making, changing, disabling and deleting them, and rotating their secrets."""

import base64
import secrets
import string
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.content import canonical_json
from app.errors import Conflict, NotFound
from app.models.tables import webhook_delivery, webhook_subscription
from app.releasing.outbox import deliver_to, leave_word

PING = "webhook.ping"
SECRET_BYTES = 32
ID_LENGTH = 10
MOST_SUBSCRIPTIONS = 50
"""How many there may be, as every release writes a row for each."""

GIVEN_UP = "The subscription was disabled."
_ALPHABET = string.digits + string.ascii_letters


def make_secret() -> str:
    """A secret in the form of Standard Webhooks: `whsec_` and the base64 of 256 random bits."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def version_of(row: Row[Any]) -> str:
    """A text that is different for every version of every subscription, for ETags."""
    return canonical_json.digest([row.id, row.version])[:32]


def create_subscription(
    connection: Connection, *, url: str, events: Sequence[str], description: str | None, now: datetime
) -> Row[Any]:
    """Makes a subscription with a secret of its own.

    Raises `Conflict` where there are `MOST_SUBSCRIPTIONS` already.
    """
    there = connection.execute(select(func.count()).select_from(webhook_subscription)).scalar_one()
    if there >= MOST_SUBSCRIPTIONS:
        raise Conflict(f"There are {MOST_SUBSCRIPTIONS} subscriptions, the most there may be; delete one.")
    identifier = "".join(secrets.choice(_ALPHABET) for _ in range(ID_LENGTH))
    values: dict[str, Any] = {"id": identifier, "url": url, "description": description, "events": sorted(set(events))}
    values |= {"secret": make_secret(), "version": 1, "created_at": now, "updated_at": now}
    connection.execute(insert(webhook_subscription).values(values))
    return get_subscription(connection, identifier)


def is_identifier(text: str) -> bool:
    """Whether a text could be a subscription's id. Of other texts, such as NUL, a store may refuse to be asked."""
    return len(text) == ID_LENGTH and text.isascii() and text.isalnum()


def get_subscription(connection: Connection, identifier: str) -> Row[Any]:
    """One subscription, with its secrets, which must not be shown.

    Raises `NotFound`.
    """
    statement = select(*webhook_subscription.c).where(webhook_subscription.c.id == identifier)
    row = connection.execute(statement).one_or_none() if is_identifier(identifier) else None
    if row is None:
        raise NotFound("There is no webhook with this id.")
    return row


def list_subscriptions(connection: Connection) -> Sequence[Row[Any]]:
    """Every subscription, the oldest first: at most `MOST_SUBSCRIPTIONS`."""
    statement = select(*webhook_subscription.c)
    return connection.execute(statement.order_by(webhook_subscription.c.created_at, webhook_subscription.c.id)).all()


def change_subscription(connection: Connection, row: Row[Any], changes: dict[str, Any], *, now: datetime) -> Row[Any]:
    """Writes columns of a subscription. `enabled` among them is no column: it disables or enables the subscription."""
    columns = {name: value for name, value in changes.items() if name != "enabled"}
    enabled = changes.get("enabled", row.disabled_at is None)
    if enabled:
        columns |= {"disabled_at": None, "disabled_because": None}
    _change(connection, row.id, columns, now)
    if not enabled and row.disabled_at is None:
        disable(connection, row.id, "By an editor.", now=now)
    return get_subscription(connection, row.id)


def rotate_secret(connection: Connection, row: Row[Any], *, now: datetime, grace: timedelta) -> Row[Any]:
    """Gives a subscription a new secret. The former one signs too, until `grace` has passed."""
    former = {"former_secret": row.secret, "former_secret_ends": now + grace}
    _change(connection, row.id, {"secret": make_secret(), **former}, now)
    return get_subscription(connection, row.id)


def disable(connection: Connection, identifier: str, because: str, *, now: datetime) -> bool:
    """Disables a subscription and gives up its pending deliveries. Whether it was enabled before."""
    gone = {"disabled_at": now, "disabled_because": because}
    if not _change(connection, identifier, gone, now, only_enabled=True):
        return False
    connection.execute(
        update(webhook_delivery)
        .where(webhook_delivery.c.subscription_id == identifier, webhook_delivery.c.state == "pending")
        .values(state="failed", next_attempt_at=None, error=GIVEN_UP)
    )
    return True


def delete_subscription(connection: Connection, identifier: str) -> None:
    """Deletes a subscription with its deliveries and its secrets."""
    connection.execute(delete(webhook_subscription).where(webhook_subscription.c.id == identifier))


def ping(connection: Connection, row: Row[Any], *, now: datetime) -> int:
    """Sends a `webhook.ping` event to one subscription, to try it. The delivery's id.

    Raises `Conflict` if the subscription is disabled.
    """
    _check_enabled(row)
    return leave_word(connection, PING, {"webhook": row.id}, [row.id], now=now)[0]


def replay(connection: Connection, row: Row[Any], event_id: str, *, now: datetime) -> int:
    """Sends an event to a subscription again, with the same event id. The new delivery's id.

    Raises `Conflict` if the subscription is disabled.
    """
    _check_enabled(row)
    return deliver_to(connection, event_id, [row.id], now=now)[0]


def _check_enabled(row: Row[Any]) -> None:
    if row.disabled_at is not None:
        raise Conflict("The webhook is disabled; enable it first.")


def _change(
    connection: Connection, identifier: str, columns: dict[str, Any], now: datetime, *, only_enabled: bool = False
) -> int:
    statement = update(webhook_subscription).where(webhook_subscription.c.id == identifier)
    if only_enabled:
        statement = statement.where(webhook_subscription.c.disabled_at.is_(None))
    values = {**columns, "version": webhook_subscription.c.version + 1, "updated_at": now}
    return connection.execute(statement.values(values)).rowcount
