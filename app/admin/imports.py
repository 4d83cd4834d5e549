"""Bundles over HTTP: many drafts applied whole or not at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields
from sqlalchemy import Connection

from app.access import audit
from app.access.guard import holder
from app.admin.bodies import JSON, read_body
from app.admin.operations import AdminBlueprint, request_id
from app.admin.writing import Answer, write
from app.content.content_type import Catalogue, EntityKey
from app.content.loading import load_draft
from app.content.mapping import Draft
from app.delivery.query_schemas import QuerySchema
from app.delivery.routes import installed_catalogue
from app.editing.plan import Plan, WorkingCopy, apply_plan, make_plan
from app.errors import Fault, Forbidden, InvalidDrafts, MalformedBody, NothingToRelease
from app.releasing.release import release
from app.seeding.yaml_reader import YamlFault
from app.seeding.yaml_reader import parse as parse_yaml
from app.shapes import strict_json
from app.shapes.fields import PlainText, YesNo

YAML = "application/yaml"


class Switch(YesNo):
    """True or false, as queries say it: 1 and 0 too."""

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


class Bundle(Schema):
    """Drafts by collection."""


class PlannedItem(Schema):
    """One entity of a plan."""

    kind = fields.String(required=True)
    slug = fields.String(required=True)
    changes = fields.List(fields.Dict())


class ImportAnswer(Schema):
    """The plan, and the release where one was asked for and made."""

    dry_run = fields.Boolean(required=True)
    created = fields.List(fields.Nested(PlannedItem), required=True)
    updated = fields.List(fields.Nested(PlannedItem), required=True)
    deleted = fields.List(fields.Nested(PlannedItem), required=True)
    unchanged = fields.List(fields.Nested(PlannedItem), required=True)
    revision = fields.Integer(required=True, allow_none=True, metadata={"description": "The release that was made."})


def create_import(query: Mapping[str, Any]) -> Response:
    """Imports a bundle."""
    note = _note(query.get("release"))
    if note is not None and "content:release" not in holder().scopes:
        raise Forbidden("The key lacks the scope content:release.")
    content = read_body(JSON, YAML, "application/x-yaml", "text/yaml")
    bundle = _parse(content)
    drafts, places = read_bundle(bundle, installed_catalogue())

    def work(connection: Connection, now: datetime) -> Answer:
        wanted = drafts | (_untouched(connection, bundle) if query["prune"] else {})
        plan, faults = make_plan(connection, installed_catalogue(), wanted, prune=query["prune"])
        if faults:
            raise InvalidDrafts([Fault(_place(places, key) + fault.place, fault.detail) for key, fault in faults])
        revision = None
        if not query["dry_run"]:
            apply_plan(connection, installed_catalogue(), plan, now)
            counts = {"created": len(plan.created), "updated": len(plan.updated), "deleted": len(plan.deleted)}
            audit.record(connection, holder(), "import", "imports", now=now, request_id=request_id(), detail=counts)
            revision = _release(connection, note, now)
        return Answer(200, _shown(plan, drafts, revision, dry_run=query["dry_run"]))

    return write(work, repeatable=content)


def _note(text: str | None) -> str | None:
    if text is None or text.lower() in ("false", "0"):
        return None
    return "Import" if text.lower() in ("true", "1") else text


def _parse(content: bytes) -> dict[str, Any]:
    if request.mimetype == JSON:
        value = strict_json.parse(content)
    else:
        try:
            value = parse_yaml(content, max_bytes=64 * 1024 * 1024, max_nodes=5_000_000).data
        except YamlFault as error:
            raise MalformedBody(f"Line {error.place[0]}, column {error.place[1]}: {error}") from None
    if not isinstance(value, dict):
        raise MalformedBody("The body must be an object of collections.")
    return value


def read_bundle(bundle: Mapping[str, Any], catalogue: Catalogue) -> tuple[dict[EntityKey, Draft], dict[EntityKey, str]]:
    """The drafts of a bundle, and the JSON pointer of each.

    Raises `InvalidDrafts` with every fault.
    """
    drafts: dict[EntityKey, Draft] = {}
    places: dict[EntityKey, str] = {}
    faults: list[Fault] = []
    for collection, written in bundle.items():
        if collection not in catalogue.members:
            place = "/" + collection.replace("~", "~0").replace("/", "~1")
            faults.append(Fault(place, f"Unknown collection. Allowed: {', '.join(sorted(catalogue.members))}."))
            continue
        if not isinstance(written, list):
            faults.append(Fault(f"/{collection}", "Must be a list of drafts."))
            continue
        for index, each in enumerate(written):
            pointer = f"/{collection}/{index}"
            try:
                draft = load_draft(catalogue.members[collection], each)
            except InvalidDrafts as error:
                faults += [Fault(pointer + fault.place, fault.detail) for fault in error.faults]
                continue
            key = (catalogue.members[collection].kind, draft["slug"])
            if key in places:
                faults.append(Fault(f"{pointer}/slug", f"'{draft['slug']}' stands already at {places[key]}."))
                continue
            drafts[key], places[key] = draft, pointer
    if faults:
        raise InvalidDrafts(faults)
    return drafts, places


def _untouched(connection: Connection, bundle: Mapping[str, Any]) -> dict[EntityKey, Draft]:
    """What pruning leaves alone: the collections that the bundle does not name."""
    kinds = {installed_catalogue().members[collection].kind for collection in bundle}
    active = WorkingCopy(connection, installed_catalogue()).active()
    return {key: draft for key, draft in active.items() if key[0] not in kinds}


def _place(places: Mapping[EntityKey, str], key: EntityKey) -> str:
    return places.get(key) or f"/{installed_catalogue()[key[0]].collection}/{key[1]}"


def _release(connection: Connection, note: str | None, now: datetime) -> int | None:
    if note is None:
        return None
    try:
        revision = release(connection, installed_catalogue(), note=note, now=now).revision
    except NothingToRelease:
        return None
    target, detail = f"releases/{revision}", {"note": note}
    audit.record(connection, holder(), "release", target, now=now, request_id=request_id(), detail=detail)
    return revision


def _shown(plan: Plan, drafts: Mapping[EntityKey, Draft], revision: int | None, *, dry_run: bool) -> dict[str, Any]:
    def named(keys: Any) -> list[dict[str, Any]]:
        return [{"kind": kind, "slug": slug} for kind, slug in keys]

    updated = [
        {
            "kind": each.key[0],
            "slug": each.key[1],
            "changes": [
                {"pointer": change.pointer, "before": change.before, "after": change.after} for change in each.fields
            ],
        }
        for each in plan.updated
    ]
    return {
        "dry_run": dry_run,
        "created": named(plan.created),
        "updated": updated,
        "deleted": named(plan.deleted),
        "unchanged": named(key for key in plan.unchanged if key in drafts),
        "revision": revision,
    }


def blueprint(kinds: Catalogue) -> AdminBlueprint:
    """The operation, whose bundle has a list for each of these kinds."""
    made = AdminBlueprint("admin-imports", __name__, url_prefix="/v1/admin", description="Many drafts at once.")
    members: dict[str, fields.Field[Any]] = {
        each.plural: fields.List(fields.Nested(each.draft_schema)) for each in kinds
    }
    made.admin(
        "/imports",
        method="POST",
        operation_id="createImport",
        summary="Import a bundle",
        description=(
            "Applies every draft of a bundle, or none: 422 with every error and its JSON pointer. JSON, or YAML as"
            " application/yaml. Releasing needs the scope `content:release` too."
        ),
        scopes=("content:write",),
        schema=ImportAnswer,
        example={
            "dry_run": True,
            "created": [{"kind": "exercise", "slug": "wall-lean"}],
            "updated": [],
            "deleted": [],
            "unchanged": [],
            "revision": None,
        },
        body=Bundle.from_dict(members, name="Bundle"),
        body_types=(JSON, YAML),
        query=ImportQuery,
        problems=("invalid-draft",),
        headers=("Idempotency-Key",),
    )(create_import)
    return made
