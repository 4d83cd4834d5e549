"""What the service says of itself: health, the OpenAPI document and its explorer, problems, the catalogue of APIs."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import flask_swagger_ui
from flask import Flask, Response, render_template
from markupsafe import Markup, escape
from marshmallow import Schema, fields
from sqlalchemy import select

from app.delivery.routes import installed_catalogue
from app.edge.cache import response_cache
from app.errors import NotFound, StoreUnavailable
from app.models.publication import RevisionCounter
from app.store.migrating import is_current
from app.web import openapi
from app.web.api import Api, Blueprint
from app.web.installed import database, settings
from app.web.problem_table import PROBLEMS

SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
STATIC = Path(__file__).parent / "static"
STATIC_FILES = ("docs.js",)
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Swagger UI sets style attributes as it draws.
DOCS_CSP = PAGE_CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

health = Blueprint("service", __name__, description="Whether the service is alive and ready.")


class Health(Schema):
    """That the process answers."""

    status = fields.String(required=True)


class CacheCounts(Schema):
    """What the response cache of the process that answers did since its start, and what it holds."""

    hits = fields.Integer(required=True, metadata={"description": "Answers from the cache, 304 among them."})
    misses = fields.Integer(required=True, metadata={"description": "Answers that were computed."})
    stale = fields.Integer(required=True, metadata={"description": "Answers from the cache while the store was away."})
    evicted = fields.Integer(required=True, metadata={"description": "Answers that made room for others."})
    entries = fields.Integer(required=True, metadata={"description": "Answers that are kept."})
    bytes = fields.Integer(required=True, metadata={"description": "What they take, with their keys."})


class Readiness(Schema):
    """That the service can answer from its store."""

    status = fields.String(required=True)
    revision = fields.Integer(required=True, metadata={"description": "The newest release."})
    cache = fields.Nested(
        CacheCounts, required=True, allow_none=True, metadata={"description": "Null where nothing is kept."}
    )


def _json(content: Mapping[str, Any], mimetype: str = "application/json", *, store: bool = True) -> Response:
    response = Response(json.dumps(content, ensure_ascii=False), mimetype=mimetype)
    if not store:
        response.headers["Cache-Control"] = "no-store"
    return response


@health.operation(
    "/livez",
    operation_id="getLiveness",
    summary="Is the process alive?",
    description="Answers as long as the process can answer at all, whatever the state of the database.",
    example="/livez",
    schema=Health,
)
def livez(_query: Mapping[str, Any]) -> Response:
    """Whether the process is alive."""
    return _json({"status": "alive"}, store=False)


@health.operation(
    "/readyz",
    operation_id="getReadiness",
    summary="Can the service answer?",
    description="200 where the database answers and its tables are those of this version, else 503.",
    example="/readyz",
    schema=Readiness,
)
def readyz(_query: Mapping[str, Any]) -> Response:
    """Whether the service can answer."""
    with database().released() as connection:
        if not is_current(connection, installed_catalogue().migrations):
            raise StoreUnavailable("The database's tables are not those of this version; run the migrations.")
        revision = connection.execute(select(RevisionCounter.revision)).scalar_one()
    cache = response_cache()
    counts = asdict(cache.counts()) if cache else None
    return _json({"status": "ready", "revision": revision, "cache": counts}, store=False)


def install(app: Flask, api: Api) -> None:
    """Adds the pages and documents that are no operations of the API."""

    @cache
    def described() -> dict[str, Any]:
        return openapi.document(api.spec)

    @cache
    def described_as_yaml() -> str:
        return openapi.as_yaml(described())

    app.add_url_rule("/openapi.json", "openapi_json", lambda: _json(described()))
    app.add_url_rule(
        "/openapi.yaml", "openapi_yaml", lambda: Response(described_as_yaml(), mimetype="application/yaml")
    )
    app.add_url_rule("/docs", "docs", lambda: _page("docs.html", DOCS_CSP))
    app.add_url_rule("/docs/<file>", "docs_file", _docs_file)
    app.add_url_rule("/static/<file>", "static", lambda file: _file(STATIC, file, STATIC_FILES))
    app.add_template_filter(_with_code, "with_code")
    by_status = sorted(PROBLEMS.values(), key=lambda each: each.status)
    app.add_url_rule("/problems", "problems", lambda: _page("problems.html", problems=by_status))
    app.add_url_rule("/problems/<slug:name>", "problem", _problem)
    app.add_url_rule("/.well-known/api-catalog", "api_catalog", _api_catalog)


def _page(template: str, policy: str = PAGE_CSP, **values: Any) -> Response:
    response = Response(render_template(template, **values), mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    return response


def _with_code(text: str) -> Markup:
    """Text whose `words in backticks` are code, as HTML."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped, but for our tags


def _docs_file(file: str) -> Response:
    return _file(SWAGGER_UI, file, SWAGGER_FILES)


def _file(folder: Path, file: str, files: tuple[str, ...]) -> Response:
    """One of the files, without the conditions and ages that Flask would give it: `finishing` has them for all."""
    if file not in files:
        raise NotFound("There is nothing at this address.")
    return Response((folder / file).read_bytes(), mimetype=guess_type(file)[0])


def _problem(name: str) -> Response:
    if name not in PROBLEMS:
        raise NotFound(f"There is no problem '{name}'. There are: {', '.join(PROBLEMS)}.")
    return _page("problem.html", problem=PROBLEMS[name])


def _api_catalog() -> Response:
    """The catalogue of APIs (RFC 9727): where the API, its description and its documentation are."""
    origin = settings().public_origin
    linkset = {
        "linkset": [
            {
                "anchor": f"{origin}/v1/exercises",
                "service-desc": [
                    {"href": f"{origin}/openapi.json", "type": "application/json"},
                    {"href": f"{origin}/openapi.yaml", "type": "application/yaml"},
                ],
                "service-doc": [{"href": f"{origin}/docs", "type": "text/html"}],
                "status": [{"href": f"{origin}/readyz", "type": "application/json"}],
            }
        ]
    }
    response = _json(linkset, "application/linkset+json")
    response.headers["Link"] = f'<{origin}/.well-known/api-catalog>; rel="api-catalog"'
    return response
