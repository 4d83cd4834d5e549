"""`/v1/admin/imports`: bundles of many drafts, of which all are applied or none."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields
from sqlalchemy import Connection

from app.access.guard import holder
from app.admin.bodies import JSON, read_body
from app.admin.operations import EXAMPLES, AdminBlueprint
from app.admin.writing import Answer, record, write, write_checked
from app.content.content_type import Catalogue, EntityKey
from app.content.document_schemas import DocumentSchema
from app.content.mapping import Draft
from app.delivery.query_schemas import QuerySchema
from app.delivery.routes import installed_catalogue
from app.editing.bundle import Bundle
from app.editing.plan import Plan, apply_plan, make_plan
from app.errors import Fault, Forbidden, InvalidDrafts, MalformedBody, NothingToRelease
from app.releasing.release import release
from app.releasing.signing import read_signer
from app.seeding.yaml_reader import YamlFault
from app.seeding.yaml_reader import parse as parse_yaml
from app.shapes import strict_json
from app.shapes.fields import PlainText, YesNo
from app.web.installed import settings

YAML = "application/yaml"
MAX_IMPORT_BYTES = 64 * 1024 * 1024

blueprint = AdminBlueprint("admin-imports", __name__, url_prefix="/v1/admin", description="Many drafts at once.")


class Switch(YesNo):
    """True or false in a query, where 1 and 0 are allowed too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> bool:
        return super()._deserialize({"1": True, "0": False}.get(value, value), attr, data, **options)


class ImportQuery(QuerySchema):
    """How to import."""

    dry_run = Switch(load_default=False, metadata={"description": "Answer the plan and change nothing."})
    prune = Switch(
        load_default=False,
        metadata={"description": "Also delete what the collections that the bundle names do not have there."},
    )
    release = PlainText(limit=1000, metadata={"description": "Release everything pending, with this note (or `true`)."})


class BundleSchema(Schema):
    """Drafts by collection."""


@cache
def bundle_schema(kinds: Catalogue) -> type[Schema]:
    """A bundle of these kinds: a list of drafts for each."""
    members: dict[str, fields.Field[Any]] = {
        kind.plural: fields.List(fields.Nested(kind.draft_schema)) for kind in kinds
    }
    return BundleSchema.from_dict(members, name="Bundle")


class PlannedItem(Schema):
    """One entity of a plan."""

    kind = fields.String(required=True)
    slug = fields.String(required=True)
    changes = fields.List(fields.Dict())


class ImportAnswer(DocumentSchema):
    """The plan, and the release where one was asked for and made."""

    dry_run = fields.Boolean()
    created = fields.List(fields.Nested(PlannedItem))
    updated = fields.List(fields.Nested(PlannedItem))
    deleted = fields.List(fields.Nested(PlannedItem))
    unchanged = fields.List(fields.Nested(PlannedItem))
    revision = fields.Integer(allow_none=True, metadata={"description": "The release that was made."})


@blueprint.admin(
    "/imports",
    method="POST",
    status=200,
    operation_id="createImport",
    summary="Import a bundle",
    description=(
        "Applies every draft of a bundle, or none: 422 with every error and its JSON pointer. JSON, or YAML as"
        " application/yaml. Releasing needs the scope `content:release` too."
    ),
    scopes=("content:write",),
    schema=ImportAnswer,
    example=EXAMPLES["import"],
    body=bundle_schema,
    body_types=(JSON, YAML),
    body_bytes=MAX_IMPORT_BYTES,
    query=ImportQuery,
)
def create_import(query: Mapping[str, Any]) -> Response:
    """Imports a bundle."""
    note = _note(query.get("release"))
    if note is not None and "content:release" not in holder().scopes:
        raise Forbidden("The key lacks the scope content:release.")
    content = read_body(JSON, YAML, "application/x-yaml", "text/yaml")
    collections = _parse(content)
    bundle = read_bundle(collections)
    kinds = {installed_catalogue().members[collection].kind for collection in collections}

    def check(connection: Connection) -> Plan:
        within = (lambda key: key[0] in kinds) if query["prune"] else None
        plan, faults = make_plan(connection, installed_catalogue(), bundle.drafts, prune=query["prune"], within=within)
        if faults:
            raise InvalidDrafts(
                [Fault(_place(bundle.places, key) + fault.place, fault.detail) for key, fault in faults]
            )
        return plan

    def work(connection: Connection, plan: Plan, now: datetime) -> Answer:
        revision = None
        if not query["dry_run"]:
            apply_plan(connection, installed_catalogue(), plan, now)
            counts = {"created": len(plan.created), "updated": len(plan.updated), "deleted": len(plan.deleted)}
            record(connection, "import", "imports", now, **counts)
            revision = _release(connection, note, now)
        return Answer(200, _shown(plan, bundle.drafts, revision, dry_run=query["dry_run"]))

    if "Idempotency-Key" in request.headers:
        return write(lambda connection, now: work(connection, check(connection), now), repeatable=content)
    return write_checked(check, work)


def _note(text: str | None) -> str | None:
    if text is None or text.lower() in ("false", "0"):
        return None
    return "Import" if text.lower() in ("true", "1") else text


def _parse(content: bytes) -> dict[str, Any]:
    if request.mimetype == JSON:
        value = strict_json.parse(content)
    else:
        try:
            value = parse_yaml(content, max_bytes=MAX_IMPORT_BYTES, max_nodes=5_000_000, with_places=False).data
        except YamlFault as error:
            raise MalformedBody(f"Line {error.place[0]}, column {error.place[1]}: {error}") from None
    if not isinstance(value, dict):
        raise MalformedBody("The body must be an object of collections.")
    return value


def read_bundle(collections: Mapping[str, Any]) -> Bundle[str]:
    """The drafts of a body, with their JSON pointers as places.

    Raises `InvalidDrafts` with every fault.
    """
    bundle: Bundle[str] = Bundle(str)
    members = installed_catalogue().members
    for collection, written in collections.items():
        if collection not in members:
            place = "/" + collection.replace("~", "~0").replace("/", "~1")
            allowed = f"Unknown collection. Allowed: {', '.join(sorted(members))}."
            bundle.faults.append((place, Fault("", allowed)))
        elif not isinstance(written, list):
            bundle.faults.append((f"/{collection}", Fault("", "Must be a list of drafts.")))
        else:
            for index, draft in enumerate(written):
                bundle.add(members[collection], draft, f"/{collection}/{index}")
                if bundle.is_hopeless:
                    break
        if bundle.is_hopeless:
            break
    if bundle.faults:
        raise InvalidDrafts([Fault(place + fault.place, fault.detail) for place, fault in bundle.faults])
    return bundle


def _place(places: Mapping[EntityKey, str], key: EntityKey) -> str:
    return places.get(key) or f"/{installed_catalogue()[key[0]].collection}/{key[1]}"


def _release(connection: Connection, note: str | None, now: datetime) -> int | None:
    if note is None:
        return None
    try:
        signer = read_signer(settings().signing_key_file)
        revision = release(connection, installed_catalogue(), note=note, now=now, signer=signer).revision
    except NothingToRelease:
        return None
    record(connection, "release", f"releases/{revision}", now, note=note)
    return revision


def _shown(plan: Plan, drafts: Mapping[EntityKey, Draft], revision: int | None, *, dry_run: bool) -> dict[str, Any]:
    def named(keys: Any) -> list[dict[str, Any]]:
        return [{"kind": kind, "slug": slug} for kind, slug in keys]

    updated = [
        {
            "kind": update.key[0],
            "slug": update.key[1],
            "changes": [asdict(change) for change in update.fields],
        }
        for update in plan.updated
    ]
    return {
        "dry_run": dry_run,
        "created": named(plan.created),
        "updated": updated,
        "deleted": named(plan.deleted),
        "unchanged": named(key for key in plan.unchanged if key in drafts),
        "revision": revision,
    }
