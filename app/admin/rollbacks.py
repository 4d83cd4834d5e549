"""`/v1/admin/rollbacks`: going back to an earlier revision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.access.guard import holder
from app.admin.bodies import read_request
from app.admin.release_answers import RELEASE, answer_released, blueprint
from app.admin.release_schemas import EXAMPLE, ReleaseDocument, RollbackRequest
from app.admin.writing import Answer, write
from app.delivery.routes import installed_catalogue
from app.releasing.rollback import roll_back
from app.releasing.signing import read_signer
from app.web.installed import settings


@blueprint.admin(
    "/rollbacks",
    method="POST",
    operation_id="createRollback",
    summary="Go back to an earlier revision",
    description=(
        "Makes the catalogue of that revision current as a new release. The working copies of what changed since go"
        " back too: 409 with the list where one holds unreleased edits, unless `discard_pending`. What did not exist"
        " then is unpublished and stays as a draft."
    ),
    scopes=RELEASE,
    schema=ReleaseDocument,
    example=EXAMPLE,
    body=RollbackRequest,
    problems=("not-found",),
)
def create_rollback(_query: Mapping[str, Any]) -> Response:
    """Goes back to an earlier revision."""
    content, asked = read_request(RollbackRequest)

    def work(connection: Connection, now: datetime) -> Answer:
        released = roll_back(
            connection,
            installed_catalogue(),
            asked["revision"],
            note=asked.get("note"),
            discard_pending=asked["discard_pending"],
            now=now,
            by=holder().name,
            signer=read_signer(settings().signing_key_file),
        )
        return answer_released(connection, released, "rollback", now, to=asked["revision"])

    return write(work, repeatable=content)
