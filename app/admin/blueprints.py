"""Every blueprint of the management face, `/v1/admin`."""

from app.admin import audit_log, imports, keys, partners, releases, webhook_deliveries, webhooks
from app.admin.drafts import drafts_blueprint
from app.content.content_type import Catalogue
from app.web.api import Blueprint

MODULES = (partners, keys, webhooks, webhook_deliveries, audit_log)


def admin_blueprints(kinds: Catalogue) -> tuple[Blueprint, ...]:
    """The drafts of each kind, and everything that editors and operators do besides."""
    named = (releases.blueprint(kinds), imports.blueprint(kinds))
    return (*map(drafts_blueprint, kinds), *named, *(module.blueprint for module in MODULES))
