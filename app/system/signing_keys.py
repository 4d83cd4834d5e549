"""`/.well-known/limber-signing-keys`: the public keys that signatures of releases are verified with."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from app.releasing.signing import ALGORITHM, list_signing_keys
from app.shapes.moments import moment_text
from app.system.responses import json_response
from app.web.api import Blueprint
from app.web.installed import database

PATH = "/.well-known/limber-signing-keys"

blueprint = Blueprint("signing", __name__, description="Who signed what is released.")


class SigningKeyDocument(Schema):
    """A public key."""

    id = fields.String(
        required=True, metadata={"description": "The first 16 hexadecimal digits of the SHA-256 of the key's 32 bytes."}
    )
    algorithm = fields.String(required=True, metadata={"enum": [ALGORITHM]})
    public_key = fields.String(required=True, metadata={"description": "The 32 bytes of the key, in base64."})
    since = fields.String(required=True, metadata={"format": "date-time"})


class SigningKeys(Schema):
    """Every key that was ever signed with, the oldest first."""

    keys = fields.List(fields.Nested(SigningKeyDocument), required=True)


@blueprint.operation(
    PATH,
    operation_id="listSigningKeys",
    summary="List the keys that releases are signed with",
    description=(
        "The public keys, the newest last; former ones stay, so that what was signed before can be verified. An app"
        " ships with them, or fetches them from the service itself: from a mirror, they prove nothing."
    ),
    example=PATH,
    schema=SigningKeys,
    kept=False,
)
def list_keys(_query: Mapping[str, Any]) -> Response:
    """The public keys."""
    with database().reading() as connection:
        rows = list_signing_keys(connection)
    return json_response(
        {
            "keys": [
                {
                    "id": row.id,
                    "algorithm": ALGORITHM,
                    "public_key": row.public_key,
                    "since": moment_text(row.since),
                }
                for row in rows
            ]
        }
    )
