"""The Core tables of the models. Statements take their columns from here, as in `tables.document.c.slug`."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Column, Select, Table, and_, column, values

from app.models.access import ApiKey, AuditEntry, IdempotencyRecord
from app.models.partner import Partner, PartnerOrigin
from app.models.publication import (
    Document,
    DocumentVersion,
    DraftVersion,
    Facet,
    PublishedEntity,
    Redirect,
    Reference,
    Release,
    ReleasedSlug,
    RevisionCounter,
    SigningKey,
)
from app.models.search import Location, SearchEntry, SearchWord
from app.models.sync import SyncHorizon
from app.models.webhook import OutboxEvent, WebhookDelivery, WebhookSubscription
from app.store.database import Base


def table_of(model: type[Base]) -> Table:
    """The model's own table; for a joined subclass, the table of its own columns."""
    return cast("Table", model.__table__)


document = table_of(Document)
document_version = table_of(DocumentVersion)
draft_version = table_of(DraftVersion)
facet = table_of(Facet)
published_entity = table_of(PublishedEntity)
redirect = table_of(Redirect)
reference = table_of(Reference)
release = table_of(Release)
released_slug = table_of(ReleasedSlug)
revision_counter = table_of(RevisionCounter)
signing_key = table_of(SigningKey)

search_entry = table_of(SearchEntry)
search_word = table_of(SearchWord)
location = table_of(Location)

sync_horizon = table_of(SyncHorizon)

outbox_event = table_of(OutboxEvent)
webhook_delivery = table_of(WebhookDelivery)
webhook_subscription = table_of(WebhookSubscription)

api_key = table_of(ApiKey)
audit_entry = table_of(AuditEntry)
idempotency_record = table_of(IdempotencyRecord)
partner = table_of(Partner)
partner_origin = table_of(PartnerOrigin)


def with_keys(statement: Select[Any], columns: Sequence[Column[Any]], keys: Sequence[Sequence[Any]]) -> Select[Any]:
    """The rows of a statement whose columns equal one of the keys, which must differ. Each is looked up in an index.

    For `(kind, slug) IN (VALUES …)` SQLite would read the whole table instead.
    """
    named = [column(key_column.name, key_column.type) for key_column in columns]
    wanted = values(*named, name="wanted").data([tuple(key) for key in keys]).cte("wanted")
    return statement.join(wanted, and_(*(key_column == wanted.c[key_column.name] for key_column in columns)))
