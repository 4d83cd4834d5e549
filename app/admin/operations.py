"""How operations of the management face are declared and answered."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response
from marshmallow import Schema, fields

from app.access.guard import requires
from app.admin.bodies import JSON, MERGE_PATCH
from app.content import canonical_json
from app.content.content_type import Catalogue
from app.delivery import cursors
from app.delivery.answer_schemas import PageSchema
from app.delivery.query_schemas import QuerySchema, cursor_parameter, limit_parameter
from app.delivery.routes import installed_catalogue, page_links
from app.errors import MalformedCursor
from app.shapes.moments import moment_text
from app.web.api import Blueprint, NoParameters, implied_problems
from app.web.declarations import MAX_BODY_BYTES, Declaration, View, declare
from app.web.problem_table import PROBLEMS

ALWAYS = (
    "malformed",
    "unauthenticated",
    "forbidden",
    "not-acceptable",
    "content-too-large",
    "uri-too-long",
    "request-header-fields-too-large",
    "invalid-parameters",
    "too-many-requests",
    "unavailable",
)
READING = ("precondition-failed",)
WRITING = ("conflict", "insufficient-storage")
WITH_BODY = ("malformed-body", "request-timeout", "unsupported-media-type", "invalid-draft")
VERSIONED = ("precondition-failed", "precondition-required")
STATUSES = {"POST": 201, "DELETE": 204}
HEADERS = {
    "POST": ("Idempotency-Key",),
    "PUT": ("If-Match", "If-None-Match"),
    "PATCH": ("If-Match",),
    "DELETE": ("If-Match",),
}
EXAMPLES: Mapping[str, Any] = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))
"""What the documentation shows of each thing that editors and operators see, by its name."""

MERGE_PATCH_SCHEMA = {
    "type": "object",
    "description": "The fields of the draft to change, as they are to be; null takes one away (RFC 7396).",
}


class AdminBlueprint(Blueprint):
    """Operations that need a key; their documentation says which scope."""

    def admin(
        self,
        rule: str,
        *,
        method: str = "GET",
        operation_id: str,
        summary: str,
        description: str,
        scopes: tuple[str, ...],
        status: int | None = None,
        schema: type[Schema] | Schema | None = None,
        example: Any = None,
        body: type[Schema] | Callable[[Catalogue], type[Schema]] | None = None,
        body_types: tuple[str, ...] = (JSON,),
        query: type[Schema] | Schema | None = None,
        problems: tuple[str, ...] = (),
        versioned: bool | None = None,
        body_bytes: int = MAX_BODY_BYTES,
    ) -> Callable[[View], View]:
        """Declares an operation: its route, what guards it, and its documentation.

        `body` may be a function of the application's kinds, which is asked when the operation is documented. From the
        method, the rule, the query and the body follow the status, the headers and most problems; `problems` are the
        others. `versioned` says whether a write names the version that it changes, as all but POST do.
        """
        versioned = method in ("PUT", "PATCH", "DELETE") if versioned is None else versioned

        def decorate(view: View) -> View:
            decorated: Any = self.arguments(query or NoParameters, location="query")(view)
            # The key is looked at before anything else of the request.
            decorated = requires(*scopes, writes=method != "GET")(decorated)
            particular = READING if method == "GET" else WRITING if body is None else (*WRITING, *WITH_BODY)
            implied = [*implied_problems(rule, query or NoParameters), *(VERSIONED if versioned else ())]
            names = dict.fromkeys((*ALWAYS, *particular, *implied, *problems))
            decorated = self.refusing(decorated, sorted(names, key=lambda name: PROBLEMS[name].status))
            if method == "GET":
                decorated = self.alt_response(304, "not-modified")(decorated)
            if method == "PUT":
                decorated = self.alt_response(
                    201, schema=schema, example=example, description="It was created.", success=True
                )(decorated)
            decorated = self.response(status or STATUSES.get(method, 200), schema, example=example)(decorated)
            documentation: dict[str, Any] = {
                "operationId": operation_id,
                "summary": summary,
                "description": f"{description} Needs the scope `{'` or `'.join(scopes)}`.",
                # From OpenAPI 3.1 on, the names are the roles that a bearer of the key needs; one of them is enough.
                "security": [{"key": [scope]} for scope in scopes],
            }
            if body is not None:
                written = MERGE_PATCH_SCHEMA if MERGE_PATCH in body_types else body
                content = {media_type: {"schema": written} for media_type in body_types}
                documentation["requestBody"] = {"required": True, "content": content}
            if headers := HEADERS[method] if versioned or method == "POST" else ():
                documentation["parameters"] = [_header(name) for name in headers]
            decorated = self.doc(**documentation)(decorated)
            declaration = Declaration(kept=False, body_bytes=body_bytes, gives=JSON, private=True)
            self.add_url_rule(rule, operation_id, declare(decorated, declaration), methods=[method])
            return cast("View", decorated)

        return decorate

    def register_views_in_doc(self, api: Any, app: Flask, spec: Any, **options: Any) -> None:
        """Documents the operations, with the bodies that depend on the application's kinds."""
        documented = [(doc or {}).get("manual_doc") or {} for docs in self._docs.values() for doc in docs.values()]
        bodies = [body for each in documented for body in each.get("requestBody", {}).get("content", {}).values()]
        depending = {
            id(body): body["schema"]
            for body in bodies
            if callable(body["schema"]) and not isinstance(body["schema"], type)
        }
        # Another application, which shares this blueprint, may have other kinds: what is declared stays as it is.
        for body in bodies:
            if id(body) in depending:
                body["schema"] = depending[id(body)](installed_catalogue.of(app))
        super().register_views_in_doc(api, app, spec, **options)
        for body in bodies:
            body["schema"] = depending.get(id(body), body["schema"])


class PageQuery(QuerySchema):
    """Which page."""

    limit = limit_parameter()
    cursor = cursor_parameter()


def page_schema(name: str, item: type[Schema]) -> type[Schema]:
    """A page of items, as it is documented."""
    items, page = fields.List(fields.Nested(item), required=True), fields.Nested(PageSchema, required=True)
    return type(name, (Schema,), {"items": items, "page": page})


def _header(name: str) -> dict[str, Any]:
    descriptions = {
        "If-Match": "The ETag of the version that the write changes.",
        "If-None-Match": "`*` to create, where nothing has this address yet.",
        "Idempotency-Key": "Any text of yours; the same request with the same key is done once and answered the same.",
    }
    return {
        "in": "header",
        "name": name,
        "required": False,
        "schema": {"type": "string"},
        "description": descriptions[name],
    }


def answer_json(content: Any, version: str | None = None) -> Response:
    """An answer of the management face."""
    response = Response(canonical_json.dump(content), mimetype=JSON)
    if version is not None:
        response.set_etag(version)
    return response


def answer_page(items: list[Any], *, limit: int, total: int | None, following: str | None) -> Response:
    """A page of a list; `Link` names the first and the next page (RFC 8288)."""
    page: dict[str, Any] = {"limit": limit, "total": total, "next": following}
    response = answer_json({"items": items, "page": page})
    response.headers["Link"] = page_links(following)
    return response


def number_of(cursor: str, fingerprint: str) -> int:
    """The number that a cursor holds.

    Raises `MalformedCursor`.
    """
    position = cursors.decode(cursor, fingerprint, 1)[0]
    if not re.fullmatch("[0-9]{1,9}", position):
        raise MalformedCursor("The cursor is not one that this service made.")
    return int(position)


def moment(value: datetime | None) -> str | None:
    """A time as it is answered."""
    return moment_text(value) if value else None
