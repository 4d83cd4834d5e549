"""The blueprints of the management face, `/v1/admin`."""

from app.admin import (
    audit,
    imports,
    keys,
    partners,
    pending,
    releases,
    rollbacks,
    webhook_deliveries,
    webhook_pings,
    webhooks,
)
from app.admin.drafts import drafts_blueprint
from app.content.content_type import Catalogue
from app.web.api import Blueprint

MODULES = (pending, releases, rollbacks, imports, partners, keys, webhooks, webhook_deliveries, webhook_pings, audit)


def admin_blueprints(kinds: Catalogue) -> tuple[Blueprint, ...]:
    """The blueprints of each kind's drafts, and of everything else that editors and operators do."""
    # Files that OpenAPI describes under one tag share a blueprint: pending, releases and rollbacks do.
    return (
        *(drafts_blueprint(content_type, kinds) for content_type in kinds),
        *dict.fromkeys(module.blueprint for module in MODULES),
    )
