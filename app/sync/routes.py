"""`/v1/sync`, `/v1/snapshot.ndjson` and `/v1/snapshot.sqlite`."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

from app.content.content_type import Catalogue
from app.content.documents import with_origin
from app.delivery.routes import installed_catalogue
from app.edge import representation
from app.edge.files import StoredFile, file_response
from app.edge.keys import NOT_KEPT
from app.errors import Fault, InvalidParameters
from app.releasing.signing import read_signer
from app.shapes.languages import DEFAULT_LANGUAGE
from app.sync.feed import DEFAULT_LIMIT, PATH, Feed
from app.sync.schemas import SnapshotQuery, Tombstone, sync_page, sync_query
from app.sync.snapshots import Snapshots
from app.web.api import Api, Blueprint
from app.web.installed import Installed, database, settings

Query = Mapping[str, Any]

IMMUTABLE = "public, max-age=604800, immutable"
"""The page at a `next` address never changes: the address says which changes of which history the page shows."""

KEPT_BYTES = 512 * 1024
"""Larger pages are not kept: one client's enumeration would drive everything else out of the response cache."""

LINES = {"type": "string", "description": "Lines of JSON."}
DATABASE = {"type": "string", "format": "binary"}

current_feed: Installed[Feed] = Installed("limber_sync")
current_snapshots: Installed[Snapshots] = Installed("limber_snapshots")


def install(app: Flask, api: Api) -> None:
    """Gives the application its feed and its snapshots, and the OpenAPI document the schema of a tombstone."""
    api.document_schema("Tombstone", Tombstone)
    chosen, store, kinds = settings.of(app), database.of(app), installed_catalogue.of(app)
    names = [kind.kind for kind in kinds]
    feed = current_feed.install(app, Feed(names, chosen.public_origin, lambda: read_signer(chosen.signing_key_file)))
    folder = chosen.snapshot_folder / hashlib.sha256(chosen.database_url.encode()).hexdigest()[:12]
    current_snapshots.install(app, Snapshots(store, kinds, feed, chosen.public_origin, folder))


def sync(query: Query) -> Response:
    """A page of the catalogue, or of what changed since a token."""
    feed = current_feed()
    limit = query.get("limit", DEFAULT_LIMIT)
    if "page" in query and len(query) > 1:
        raise InvalidParameters(
            [Fault(name, "Must not stand beside `page`, which names it already.") for name in query if name != "page"]
        )
    with database().released(at_least=feed.seen(query.get("token"), query.get("page"))) as connection:
        if "page" in query:
            page = feed.page(connection, query["page"])
        elif "token" in query:
            page = feed.since(connection, query["token"], limit, query.get("kinds"), query.get("lang"))
        else:
            selection = feed.selection(query.get("kinds", feed.kinds), query.get("lang", DEFAULT_LANGUAGE))
            page = feed.enumerate(connection, selection, limit)
    body = with_origin(page.dump(), settings().public_origin)
    if len(body) > KEPT_BYTES:
        request.environ[NOT_KEPT] = True
    response = Response(body, mimetype="application/json")
    response.headers["Content-Language"] = page.language
    if "page" in query:
        response.headers["Cache-Control"] = IMMUTABLE
    return response


def snapshot_lines(query: Query) -> Response:
    """The whole catalogue as lines of JSON."""
    # Only whole files are coded: a part of a coded file is of no use without the beginning.
    chosen = None if "Range" in request.headers else representation.choose(request.accept_encodings)
    return _snapshot(query, "ndjson", "application/x-ndjson", chosen)


def snapshot_database(query: Query) -> Response:
    """The whole catalogue as an SQLite database."""
    return _snapshot(query, "sqlite", "application/vnd.sqlite3", None)


def _snapshot(query: Query, form: str, mimetype: str, chosen: str | None) -> Response:
    snapshots = current_snapshots()
    language = query.get("lang", DEFAULT_LANGUAGE)
    snapshot = snapshots.file(form, language, chosen)
    stored = StoredFile(snapshot.path, snapshot.size, snapshot.tag, snapshot.coding)
    response = file_response(stored, mimetype, f"limber-{language}.{form}", negotiated=form == "ndjson")
    response.headers["Content-Language"] = language
    return response


def blueprint(kinds: Catalogue) -> Blueprint:
    """The operations of sync; their parameters and answers depend on the kinds."""
    operations = Blueprint("sync", __name__, description="The catalogue offline: changes since a token, and snapshots.")
    operations.operation(
        PATH,
        operation_id="sync",
        summary="Enumerate the catalogue, or what changed",
        description=(
            "Without `token`, everything as of one revision; with it, what changed since. Apply the items of each page"
            " in order, follow `next`, and keep the `token` of the last page for the next time. A token that is too"
            " old, or of another database, answers 410: begin anew at `Location`."
        ),
        example=f"{PATH}?kinds=place&limit=1",
        schema=sync_page([kind.type_name for kind in kinds]),
        query=sync_query([kind.kind for kind in kinds]),
        problems=("malformed-token", "gone"),
    )(sync)
    operations.operation(
        "/v1/snapshot.ndjson",
        operation_id="getSnapshotLines",
        summary="Get the whole catalogue as lines of JSON",
        description=(
            "A document a line. The last line is `{revision, token, digest, signature}`: sync on from its token."
            " Without that line, the file is not whole."
        ),
        example="/v1/snapshot.ndjson",
        content_type="application/x-ndjson",
        schema=LINES,
        query=SnapshotQuery,
        problems=("range-not-satisfiable",),
        kept=False,
    )(snapshot_lines)
    operations.operation(
        "/v1/snapshot.sqlite",
        operation_id="getSnapshotDatabase",
        summary="Get the whole catalogue as an SQLite database",
        description=(
            "Tables `document`, `facet`, the full-text index `document_text`, and `snapshot` with the sync token."
            " Built once for each revision; ask for parts of it by Range."
        ),
        example="/v1/snapshot.sqlite",
        content_type="application/vnd.sqlite3",
        schema=DATABASE,
        query=SnapshotQuery,
        problems=("range-not-satisfiable",),
        kept=False,
    )(snapshot_database)
    return operations
