"""The operations that every kind has: its list and its single documents."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy import Connection

from app.content.content_type import Catalogue, ContentType, Filter, camel_case
from app.content.documents import with_origin
from app.delivery.answer_schemas import document_answer, page_answer
from app.delivery.conditions import Condition, conditions_of, sort_keys
from app.delivery.pages import ListRequest, Moved, read_document, read_page, shape
from app.delivery.query_schemas import document_query, list_query
from app.errors import Fault, InvalidParameters
from app.search.distance import Near
from app.search.queries import has_words
from app.shapes.languages import lookup
from app.web.api import Blueprint
from app.web.installed import Installed, database, settings

Query = Mapping[str, Any]

installed_catalogue: Installed[Catalogue] = Installed("limber_catalogue")
"""The kinds that the application serves."""


def asked_language(query: Query) -> str:
    """The language to answer in: `lang`, else what suits `Accept-Language` (RFC 4647 lookup), else the default."""
    tag: str | None = query.get("lang")
    return tag or lookup(request.accept_languages)


def json_response(body: bytes, language: str) -> Response:
    """An answer of stored JSON with the origin put in. It has `Vary` where `Accept-Language` chose the language."""
    response = Response(with_origin(body, settings().public_origin), mimetype="application/json")
    response.headers["Content-Language"] = language
    if "lang" not in request.args:
        response.vary.add("Accept-Language")
    return response


@cache
def kind_blueprint(content_type: ContentType) -> Blueprint:
    """A kind's operations: its list, its single documents, and those that its `routes` add."""
    collection = content_type.collection
    blueprint = Blueprint(collection, __name__, url_prefix=f"/v1/{collection}", description=content_type.description)
    if not content_type.by_group:
        _add_list_and_documents(blueprint, content_type)
    if content_type.routes:
        content_type.routes(blueprint, content_type)
    return blueprint


def _add_list_and_documents(blueprint: Blueprint, content_type: ContentType) -> None:
    address, nouns, noun = f"/v1/{content_type.collection}", content_type.nouns, content_type.noun

    @blueprint.operation(
        "",
        operation_id=f"list{camel_case(content_type.collection)}",
        summary=f"List {nouns}",
        description=(
            f"Published {nouns} that meet every parameter given. Sorted by {content_type.title_key}; follow `page.next`"
            " for more."
        ),
        example=f"{address}?{content_type.examples.query}&limit=1",
        schema=page_answer(content_type),
        query=list_query(content_type),
    )
    def list_documents(query: Query) -> Response:
        asked = list_request(content_type, query)
        with database().released() as connection:
            return list_response(connection, asked)

    @blueprint.operation(
        "/<slug:slug>",
        operation_id=f"get{content_type.type_name}",
        summary=f"Get one {noun}",
        description=f"The whole published document of one {noun}. A slug that it had before answers 308.",
        example=f"{address}/{content_type.examples.slug}",
        schema=document_answer(content_type),
        query=document_query(content_type),
    )
    def get_document(query: Query, slug: str) -> Response:
        return document_response(content_type, slug, query)


def list_request(content_type: ContentType, query: Query, scope: Sequence[Condition] = ()) -> ListRequest:
    """What a request asks of a kind's list. Raises `InvalidParameters` if parameters do not go together."""
    return ListRequest(
        content_type=content_type,
        conditions=conditions_of(content_type.filters, query),
        scope=tuple(scope),
        sort=sort_keys(query["sort"]) if "sort" in query else (),
        limit=query["limit"],
        cursor=query.get("cursor"),
        fields=query.get("fields", ()),
        language=asked_language(query),
        query=query["q"] if has_words(query.get("q", "")) else None,
        near=_near(query),
        facets=tuple(dict.fromkeys(query.get("facets", ()))),
        expand=query.get("expand", ()),
    )


def list_response(connection: Connection, asked: ListRequest) -> Response:
    """A page of documents; `Link` names the first and the next page (RFC 8288)."""
    page = read_page(connection, asked)
    response = json_response(page.dump(asked.limit), asked.language)
    response.headers["Link"] = page_links(page.next)
    return response


def _near(query: Query) -> Near | None:
    if "near" not in query:
        if "radius_km" in query:
            raise InvalidParameters([Fault("radius_km", "Must be given with near, the point that it is around.")])
        return None
    latitude, longitude = query["near"]
    return Near(latitude, longitude, query.get("radius_km"))


def page_links(following: str | None) -> str:
    """The `Link` header of the first page, and of the next one if there is one (RFC 8288)."""
    return ", ".join([_link("first", None)] + ([_link("next", following)] if following else []))


def _link(relation: str, cursor: str | None) -> str:
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "cursor"]
    query = urlencode(pairs + ([("cursor", cursor)] if cursor else []))
    return f'<{settings().public_origin}{request.path}{"?" if query else ""}{query}>; rel="{relation}"'


def scope_of(name: str, value: str) -> Condition:
    """A condition that an address implies."""
    return Condition(Filter(name, "", name), (value,))


def document_response(content_type: ContentType, slug: str, query: Query) -> Response:
    """One document, or 308 to the present address of an entity that was renamed."""

    def shaped(connection: Connection, body: bytes) -> bytes:
        fields, expansions = query.get("fields", ()), query.get("expand", ())
        return shape(
            connection, content_type, [body], fields=fields, expansions=expansions, language=asked_language(query)
        )[0]

    return connected_response(content_type, slug, query, shaped)


def stored_response(content_type: ContentType, slug: str, query: Query, answer: Callable[[bytes], bytes]) -> Response:
    """What `answer` makes of a stored document, or 308 to the same address with the present slug."""
    return connected_response(content_type, slug, query, lambda _connection, body: answer(body))


def connected_response(
    content_type: ContentType, slug: str, query: Query, answer: Callable[[Connection, bytes], bytes]
) -> Response:
    """The same, where `answer` reads more of the same released state."""
    language = asked_language(query)
    with database().released() as connection:
        document = read_document(connection, content_type, slug, language)
        if isinstance(document, Moved):
            return moved_response(content_type, slug, document)
        return json_response(answer(connection, document), language)


def moved_response(content_type: ContentType, slug: str, moved: Moved) -> Response:
    """308 to the same address with the present slug."""
    parts = request.path.split("/")
    parts[parts.index(slug, content_type.slug_place)] = moved.slug
    following = f"?{request.query_string.decode()}" if request.query_string else ""
    return Response(status=308, headers={"Location": "/".join(parts) + following})
