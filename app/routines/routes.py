"""What routines answer besides their list and documents: their stages, and routines composed for a request."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response

from app.content import canonical_json
from app.content.content_type import ContentType
from app.delivery.query_schemas import LanguageQuery, filter_field
from app.delivery.routes import asked_language, installed_catalogue, json_response, stored_response
from app.errors import NotFound
from app.routines.composer import compose_routine
from app.routines.schemas import ComposedRoutineDocument, StageDocument
from app.routines.wishes import Wish, filters
from app.shapes.fields import WholeNumber
from app.web.api import Blueprint
from app.web.installed import database

EXAMPLE = "desk-break-three-minutes"


class ComposeQuery(LanguageQuery):
    """What the routine is to be like."""

    condition = filter_field(filters["condition"])
    region = filter_field(filters["region"])
    minutes = WholeNumber(
        1, 120, load_default=10, metadata={"description": "How long a session is to take; 10 where nothing is said."}
    )
    max_intensity = WholeNumber(
        1, 5, load_default=3, metadata={"description": "The strongest intensity; 3 where nothing is said."}
    )
    can_do_with = filter_field(filters["can_do_with"])
    safe_for = filter_field(filters["safe_for"])
    seed = WholeNumber(
        0, 2_147_483_647, load_default=0, metadata={"description": "Another seed gives another choice; 0 without."}
    )


def add_routes(blueprint: Blueprint, routine: ContentType) -> None:
    """Declares a routine's stages, and composing."""

    @blueprint.operation(
        "/<slug:slug>/stages/<number:number>",
        operation_id="getRoutineStage",
        summary="Get one stage of a routine",
        description="The stage with this number, from 1; 404 where the routine has fewer.",
        example=f"/v1/routines/{EXAMPLE}/stages/1",
        schema=StageDocument,
        query=LanguageQuery,
    )
    def get_stage(query: Mapping[str, Any], slug: str, number: int) -> Response:
        """One stage of a routine."""

        def answer(body: bytes) -> bytes:
            for stage in json.loads(body)["stages"]:
                if stage["number"] == number:
                    return canonical_json.dump(stage)
            raise NotFound(f"The routine '{slug}' has no stage {number}.")

        return stored_response(routine, slug, query, answer)

    @blueprint.operation(
        "/compose",
        operation_id="composeRoutine",
        summary="Compose a routine",
        description=(
            "One session with warm-up, main part and cool-down that takes the minutes asked for, within a tenth. No"
            " exercise in it is contraindicated with `safe_for` or with `condition`, is above `max_intensity`, needs"
            " more than `can_do_with`, or needs a professional first. The same request gives the same routine until the"
            " next release; another `seed` gives another. Doses are those of the exercises' levels or smaller. Where"
            " nothing"
            " fits, 422 names what to loosen; what is contraindicated is never part of that."
        ),
        example="/v1/routines/compose?condition=desk-strain&minutes=5&can_do_with=chair",
        schema=ComposedRoutineDocument,
        query=ComposeQuery,
        counts_as_search=True,
    )
    def compose(query: Mapping[str, Any]) -> Response:
        """The routine."""
        language = asked_language(query)
        wish = Wish(
            conditions=tuple(dict.fromkeys(query.get("condition", ()))),
            regions=tuple(dict.fromkeys(query.get("region", ()))),
            minutes=query["minutes"],
            max_intensity=query["max_intensity"],
            can_do_with=tuple(sorted(set(query["can_do_with"]))) if "can_do_with" in query else None,
            safe_for=tuple(sorted(set(query.get("safe_for", ())))),
            seed=query["seed"],
            language=language,
        )
        with database().released() as connection:
            composed = compose_routine(connection, installed_catalogue(), wish, _self_link(query, language))
        return json_response(canonical_json.dump(composed), language)


def _self_link(query: Mapping[str, Any], language: str) -> str:
    given = {key: ",".join(value) if isinstance(value, list) else value for key, value in query.items()}
    return f"/v1/routines/compose?{urlencode(sorted((given | {'lang': language}).items()), safe=',')}"
