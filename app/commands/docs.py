"""The `flask docs` commands, which write the files that are generated from the code and checked in."""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec_oneofschema import MarshmallowPlugin
from flask import current_app
from flask.cli import AppGroup
from flask.testing import FlaskClient

from app.commands.draft_fields import with_fields
from app.config import FILES, ROOT, Settings
from app.content.content_type import ContentType
from app.delivery.routes import installed_catalogue
from app.editing.plan import apply_plan
from app.releasing.release import release
from app.seeding.planning import plan_folder
from app.store import migrating
from app.timelines.vectors import vector_text, vector_timeline
from app.web import openapi
from app.web.api import EXAMPLES, Blueprint, installed_api
from app.web.describing import describe_fields
from app.web.installed import database, make_app

docs = AppGroup("docs", help="What is generated from the code and checked in.")

VECTORS = ROOT / "docs" / "timelines"
EXAMPLE_TIME = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE_ORIGIN = "http://127.0.0.1:8000"
EXAMPLE_REQUEST_ID = "5f0c9a5e8d1b4c0fa2f5a3d8c7b6e1d2"
CURL = rf"```console\n(?P<command>\$ curl '{EXAMPLE_ORIGIN}(?P<path>[^']*)')\n(?:[^`]*\n)?```"


@docs.command("examples")
def write_examples() -> None:
    """Ask a freshly seeded catalogue for every operation's example, and keep the answers."""
    for operation_id, answer in example_answers(current_app).items():
        path = EXAMPLES / f"{operation_id}.json"
        path.write_text(json.dumps(answer, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@docs.command("openapi")
def write_openapi() -> None:
    """Write openapi.yaml."""
    (ROOT / "openapi.yaml").write_text(openapi_text(current_app), encoding="utf-8")


@docs.command("schemas")
def write_schemas() -> None:
    """Write the JSON Schemas of seed files."""
    for content_type in installed_catalogue():
        path = ROOT / "seed_data" / "schemas" / f"{content_type.kind}.schema.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(seed_schema(content_type), indent=2) + "\n", encoding="utf-8")


@docs.command("fields")
def write_fields() -> None:
    """Write the tables of fields in docs/seed-files.md."""
    path = ROOT / "docs" / "seed-files.md"
    path.write_text(with_fields(path.read_text(encoding="utf-8"), installed_catalogue()), encoding="utf-8")


@docs.command("readme")
def write_readme() -> None:
    """Write the answers of the README's curl examples."""
    path = ROOT / "README.md"
    with example_client(current_app) as client:
        path.write_text(with_answers(path.read_text(encoding="utf-8"), client), encoding="utf-8")


@docs.command("timelines")
def write_timelines() -> None:
    """Write the expected timelines of the test vectors anew, but for those that were worked out by hand."""
    for path in sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text(encoding="utf-8"))
        if not vector["by_hand"]:
            vector["timeline"] = vector_timeline(vector)
        path.write_text(vector_text(vector), encoding="utf-8")


def with_answers(text: str, client: FlaskClient) -> str:
    """The text with the answer after each `$ curl 'ADDRESS'` of a console block."""

    def answered(match: re.Match[str]) -> str:
        answer = client.get(match["path"], headers={"X-Request-Id": EXAMPLE_REQUEST_ID}).get_data(as_text=True)
        return f"```console\n{match['command']}\n{answer}\n```"

    return re.sub(CURL, answered, text)


def openapi_text(app: Any) -> str:
    """The contents that `openapi.yaml` should have."""
    return openapi.as_yaml(openapi.document(installed_api.of(app).spec))


def example_answers(app: Any) -> dict[str, Any]:
    """The JSON answers to the operations' example requests, by operation id."""
    with example_client(app) as client:
        return {
            operation_id: answer.get_json()
            for blueprint in app.blueprints.values()
            if isinstance(blueprint, Blueprint)
            for operation_id, request in blueprint.example_requests.items()
            if (answer := client.get(request)).is_json
        }


@contextmanager
def example_client(app: Any) -> Iterator[FlaskClient]:
    """A client of a freshly seeded catalogue, whose origin and release time are always the same."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/examples.db",
            public_origin=EXAMPLE_ORIGIN,
            snapshot_folder=Path(folder),
            response_cache_bytes=0,  # its counts are part of an answer, and would depend on the examples before it
            log_level="warning",
        )
        seeded = make_app.of(app)(settings)
        store = database.of(seeded)
        kinds = installed_catalogue.of(seeded)
        migrating.upgrade(store, more=kinds.migrations)
        with store.transaction(exclusive=True) as connection:
            planned = plan_folder(connection, kinds, FILES / "seed_data", prune=False)
            apply_plan(connection, kinds, planned, EXAMPLE_TIME)
            release(connection, kinds, now=EXAMPLE_TIME)
        yield seeded.test_client()
        store.dispose()


def seed_schema(content_type: ContentType) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind's seed files: one entry, or a list of them."""
    plugin = MarshmallowPlugin(schema_name_resolver=_class_name)
    spec = APISpec("Seed files", "1", "3.1.0", [plugin])
    describe_fields(plugin)
    spec.components.schema(content_type.kind, schema=content_type.draft_schema)
    definitions = json.loads(
        json.dumps(spec.to_dict()["components"]["schemas"]).replace("#/components/schemas/", "#/$defs/")
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Seed file: {content_type.kind}",
        "anyOf": [
            {"$ref": f"#/$defs/{content_type.kind}"},
            {"type": "array", "items": {"$ref": f"#/$defs/{content_type.kind}"}},
        ],
        "$defs": definitions,
    }


def _class_name(schema: Any) -> str:
    return str((schema if isinstance(schema, type) else type(schema)).__name__)
