"""`/livez`, `/readyz` and `/version`: whether the service is alive, whether it can answer, and what it is."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import fields

from app.config import VERSION
from app.content.document_schemas import DocumentSchema
from app.delivery.routes import installed_catalogue
from app.edge.cache import response_cache
from app.errors import StoreCorrupt, StoreUnavailable
from app.store.migrating import is_current
from app.store.state import current_state
from app.system.responses import json_response
from app.web.api import Blueprint
from app.web.installed import database

blueprint = Blueprint("service", __name__, description="Whether the service is alive and ready.")


class Health(DocumentSchema):
    """That the process answers."""

    status = fields.String()


class Version(DocumentSchema):
    """Which Limber answers."""

    version = fields.String(metadata={"description": "The version of the package, as in the changelog."})


class CacheCounts(DocumentSchema):
    """What the response cache of the process that answers did since its start, and what it holds."""

    hits = fields.Integer(metadata={"description": "Answers from the cache, 304 among them."})
    misses = fields.Integer(metadata={"description": "Answers that were computed."})
    stale = fields.Integer(metadata={"description": "Answers from the cache while the store was away."})
    evicted = fields.Integer(metadata={"description": "Answers that made room for others."})
    entries = fields.Integer(metadata={"description": "Answers that are kept."})
    bytes = fields.Integer(metadata={"description": "What they take, with their keys."})


class Readiness(DocumentSchema):
    """That the service can answer from its store."""

    status = fields.String()
    revision = fields.Integer(metadata={"description": "The newest release."})
    cache = fields.Nested(CacheCounts, allow_none=True, metadata={"description": "Null where nothing is kept."})


@blueprint.operation(
    "/livez",
    operation_id="getLiveness",
    summary="Is the process alive?",
    description="Answers as long as the process can answer at all, whatever the state of the database.",
    example="/livez",
    schema=Health,
    negotiated=False,
    kept=False,
    prompt=True,
)
def livez(_query: Mapping[str, Any]) -> Response:
    """Whether the process is alive."""
    return json_response({"status": "alive"}, store=False)


@blueprint.operation(
    "/version",
    operation_id="getVersion",
    summary="Which version is it?",
    description="The version of the process that answers; while an upgrade is under way, processes differ.",
    example="/version",
    schema=Version,
    negotiated=False,
    kept=False,
)
def version(_query: Mapping[str, Any]) -> Response:
    """The version."""
    return json_response({"version": VERSION}, store=False)


@blueprint.operation(
    "/readyz",
    operation_id="getReadiness",
    summary="Can the service answer?",
    description="200 where the database answers, its tables are those of this version, and no damage was met, else 503."
    " Damage that a process meets in the database counts until the process is started again.",
    example="/readyz",
    schema=Readiness,
    negotiated=False,
    kept=False,
)
def readyz(_query: Mapping[str, Any]) -> Response:
    """Whether the service can answer."""
    store = database()
    if store.is_damaged:
        raise StoreCorrupt("The database is damaged.")
    with store.released() as connection:
        if not is_current(connection, installed_catalogue().migrations):
            raise StoreUnavailable("The database's tables are not those of this version; run the migrations.")
        revision = current_state(connection).revision
    cache = response_cache()
    counts = asdict(cache.counts()) if cache else None
    return json_response({"status": "ready", "revision": revision, "cache": counts}, store=False)
