"""What routines answer besides their list and documents: their stages."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

from app.content import canonical_json
from app.content.query_schemas import LanguageQuery
from app.content.routes import delivery_blueprint, stored_response
from app.errors import NotFound
from app.routines.content import ROUTINE
from app.routines.schemas import StageDocument

EXAMPLE = "desk-break-three-minutes"

blueprint = delivery_blueprint(
    ROUTINE,
    description="Routines: stages of exercises with doses and times.",
    list_description="Published routines that meet every parameter given. Sorted by name; follow `page.next` for more.",
    example_slug=EXAMPLE,
    example_filter="condition=desk-strain&max_seconds=300",
)


@blueprint.operation(
    "/<slug:slug>/stages/<number:number>",
    operation_id="getRoutineStage",
    summary="Get one stage of a routine",
    description="The stage with this number, from 1; 404 where the routine has fewer.",
    example=f"/v1/routines/{EXAMPLE}/stages/1",
    schema=StageDocument,
    query=LanguageQuery,
    problems=("not-found", "not-acceptable"),
)
def get_stage(query: Mapping[str, Any], slug: str, number: int) -> Response:
    """One stage of a routine."""

    def answer(body: bytes) -> bytes:
        for stage in json.loads(body)["stages"]:
            if stage["number"] == number:
                return canonical_json.dump(stage)
        raise NotFound(f"The routine '{slug}' has no stage {number}.")

    return stored_response(ROUTINE, slug, query, answer)
