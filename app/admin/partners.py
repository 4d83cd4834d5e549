"""`/v1/admin/partners`: who may frame cards, and from where. A change is public at once, without a release."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, request
from marshmallow import fields, validate
from sqlalchemy import Connection

from app.access.partners import MOST_ORIGINS, PartnerEntry, find_partner, partners, remove_partner, save_partner
from app.admin.bodies import MERGE_PATCH, check_version, load, merge_patch, read_object, read_request
from app.admin.operations import AdminBlueprint, PageQuery, answer_json, answer_page, page_schema
from app.admin.writing import Answer, record, write
from app.content import canonical_json
from app.content.document_schemas import DocumentSchema
from app.delivery import cursors
from app.errors import Conflict, Fault, InvalidDrafts, InvalidPartner, NotFound, PreconditionRequired
from app.shapes.fields import DraftSchema, PlainText, Slug
from app.shapes.lists import BoundedList
from app.web.installed import database

READ, WRITE = ("content:read", "content:write", "content:release"), ("content:release",)
EXAMPLE = {"id": "clinic", "name": "A clinic", "origins": ["https://clinic.example"]}
ADDRESS = "/<slug:partner>"

blueprint = AdminBlueprint(
    "admin-partners", __name__, url_prefix="/v1/admin/partners", description="Sites that may frame cards."
)


class PartnerRequest(DraftSchema):
    """A partner, as a client writes it."""

    id = Slug(required=True, metadata={"description": "Stands in the addresses of its cards; does not change."})
    name = PlainText(required=True)
    origins = BoundedList(
        PlainText(limit=300),
        required=True,
        validate=validate.Length(1, MOST_ORIGINS),
        metadata={"description": f"Such as https://clinic.example; {MOST_ORIGINS} at most."},
    )


class PartnerItem(DocumentSchema):
    """A partner."""

    id = fields.String()
    name = fields.String()
    origins = fields.List(fields.String())


PartnerPage = page_schema("PartnerPage", PartnerItem)
"""A page of partners, by id."""


def _shown(partner: PartnerEntry) -> dict[str, Any]:
    return {"id": partner.slug, "name": partner.name, "origins": list(partner.origins)}


def _version(partner: PartnerEntry) -> str:
    return canonical_json.digest(_shown(partner))[:32]


def _get(connection: Connection, slug: str) -> PartnerEntry:
    partner = find_partner(connection, slug)
    if partner is None:
        raise NotFound(f"There is no partner '{slug}'.")
    return partner


def _save(connection: Connection, asked: Mapping[str, Any], now: datetime, *, status: int) -> Answer:
    slug = asked["id"]
    try:
        saved = save_partner(connection, slug=slug, name=asked["name"], origins=asked["origins"], now=now)
    except InvalidPartner as error:
        raise InvalidDrafts([Fault(f"/{fault.place}", fault.detail) for fault in error.faults]) from None
    record(connection, "create" if status == 201 else "update", f"partners/{slug}", now)
    headers = {"ETag": f'"{_version(saved)}"'}
    if status == 201:
        headers["Location"] = f"/v1/admin/partners/{slug}"
    return Answer(status, _shown(saved), headers)


def _named(asked: Mapping[str, Any], slug: str) -> Mapping[str, Any]:
    if asked["id"] != slug:
        raise InvalidDrafts([Fault("/id", f"Must be '{slug}', as in the address.")])
    return asked


@blueprint.admin(
    "",
    operation_id="listPartners",
    summary="List the partners",
    description="Every partner with the origins that may frame its cards, by id.",
    scopes=READ,
    schema=PartnerPage,
    example={"items": [EXAMPLE], "page": {"limit": 20, "total": 1, "next": None}},
    query=PageQuery,
)
def list_all(query: Mapping[str, Any]) -> Response:
    """Every partner."""
    limit = query["limit"]
    after = cursors.decode(query["cursor"], "partners", 1)[0] if "cursor" in query else ""
    with database().reading() as connection:
        everybody = partners(connection)
    rest = [partner for partner in everybody if partner.slug > after]
    following = cursors.encode("partners", [rest[limit - 1].slug]) if len(rest) > limit else None
    return answer_page([*map(_shown, rest[:limit])], limit=limit, total=len(everybody), following=following)


@blueprint.admin(
    "",
    method="POST",
    operation_id="createPartner",
    summary="Add a partner",
    description="Its origins may frame the cards that name it, at once.",
    scopes=WRITE,
    schema=PartnerItem,
    example=EXAMPLE,
    body=PartnerRequest,
)
def create(_query: Mapping[str, Any]) -> Response:
    """Adds a partner."""
    content, asked = read_request(PartnerRequest)

    def work(connection: Connection, now: datetime) -> Answer:
        if find_partner(connection, asked["id"]) is not None:
            raise Conflict(f"The partner '{asked['id']}' exists.", [Fault("/id", f"'{asked['id']}' is taken.")])
        return _save(connection, asked, now, status=201)

    return write(work, repeatable=content)


@blueprint.admin(
    ADDRESS,
    operation_id="getPartner",
    summary="Get one partner",
    description="The partner; the ETag names its version for a later write.",
    scopes=READ,
    schema=PartnerItem,
    example=EXAMPLE,
)
def get_one(_query: Mapping[str, Any], partner: str) -> Response:
    """One partner."""
    with database().reading() as connection:
        entry = _get(connection, partner)
    return answer_json(_shown(entry), version=_version(entry))


@blueprint.admin(
    ADDRESS,
    method="PUT",
    operation_id="putPartner",
    summary="Replace or add one partner",
    description="Replaces name and origins; with If-None-Match: * adds the partner.",
    scopes=WRITE,
    schema=PartnerItem,
    example=EXAMPLE,
    body=PartnerRequest,
)
def put(_query: Mapping[str, Any], partner: str) -> Response:
    """Replaces or adds a partner."""
    written = read_object()

    def work(connection: Connection, now: datetime) -> Answer:
        over = find_partner(connection, partner)
        if over is not None:
            check_version(_version(over))
        elif not request.if_none_match.star_tag:
            if request.if_match:
                raise NotFound(f"There is no partner '{partner}'.")
            raise PreconditionRequired(f"There is no partner '{partner}': send If-None-Match: * to add it.")
        asked = _named(load(PartnerRequest, {"id": partner} | written), partner)
        return _save(connection, asked, now, status=201 if over is None else 200)

    return write(work)


@blueprint.admin(
    ADDRESS,
    method="PATCH",
    operation_id="patchPartner",
    summary="Change parts of one partner",
    description="Applies a JSON merge patch (RFC 7396) to `name` and `origins`.",
    scopes=WRITE,
    schema=PartnerItem,
    example=EXAMPLE,
    body=PartnerRequest,
    body_types=(MERGE_PATCH,),
)
def patch(_query: Mapping[str, Any], partner: str) -> Response:
    """Changes parts of a partner."""
    changes = read_object(MERGE_PATCH)

    def work(connection: Connection, now: datetime) -> Answer:
        over = _get(connection, partner)
        check_version(_version(over))
        asked = _named(load(PartnerRequest, merge_patch(_shown(over), changes)), partner)
        return _save(connection, asked, now, status=200)

    return write(work)


@blueprint.admin(
    ADDRESS,
    method="DELETE",
    operation_id="deletePartner",
    summary="Remove one partner",
    description="Nobody frames its cards from now on.",
    scopes=WRITE,
)
def delete(_query: Mapping[str, Any], partner: str) -> Response:
    """Removes a partner."""

    def work(connection: Connection, now: datetime) -> Answer:
        check_version(_version(_get(connection, partner)))
        remove_partner(connection, partner)
        record(connection, "delete", f"partners/{partner}", now)
        return Answer(204)

    return write(work)
