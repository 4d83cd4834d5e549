"""What routines answer besides their list and documents: their stages, and routines composed for a request."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response
from sqlalchemy import Connection

from app.content import canonical_json
from app.content.content_type import ContentType
from app.delivery.conditions import values_of
from app.delivery.expanding import documents_of
from app.delivery.query_schemas import LanguageQuery, filter_field
from app.delivery.routes import (
    asked_language,
    connected_response,
    installed_catalogue,
    json_response,
    stored_response,
)
from app.errors import NotFound
from app.routines.composer import compose_routine
from app.routines.schemas import ComposedRoutineDocument, StageDocument
from app.routines.wishes import Wish, filters
from app.shapes.fields import Choice, WholeNumber
from app.timelines.schemas import TimelineDocument
from app.timelines.timeline import stage_timeline
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
    position = filter_field(filters["position"])
    professional = Choice(
        ("allowed",),
        metadata={"description": "`allowed`: levels that a professional should go through first may be in it, too."},
    )
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
            return canonical_json.dump(_stage_or_404(json.loads(body), number))

        return stored_response(routine, slug, query, answer)

    @blueprint.operation(
        "/<slug:slug>/stages/<number:number>/timeline",
        operation_id="getRoutineTimeline",
        summary="Get the timeline of one stage of a routine",
        description=(
            "What a player plays: every item with changes of position and getting ready, then its moves, holds, breaths"
            " and rests with their seconds. Items without a timed dose are left out."
        ),
        example=f"/v1/routines/{EXAMPLE}/stages/1/timeline",
        schema=TimelineDocument,
        query=LanguageQuery,
    )
    def get_timeline(query: Mapping[str, Any], slug: str, number: int) -> Response:
        """The timeline of one stage."""

        def answer(connection: Connection, body: bytes) -> bytes:
            document = json.loads(body)
            items, language = _stage_or_404(document, number)["items"], document["language"]
            slugs = list(dict.fromkeys(item["exercise"]["slug"] for item in items))
            exercises = documents_of(connection, "exercise", slugs, language)
            return canonical_json.dump(stage_timeline(items, exercises, language))

        return connected_response(routine, slug, query, answer)

    @blueprint.operation(
        "/compose",
        operation_id="composeRoutine",
        summary="Compose a routine",
        description=(
            "One session with warm-up, main part and cool-down that takes the minutes asked for, or somewhat less,"
            " on its `timeline`. No level in it is contraindicated with `safe_for` or `condition`, or not weighed for"
            " them, is above `max_intensity`, needs more than `can_do_with`, or needs a professional first. Exercises"
            " in one position stand together. The same request gives the same routine until the next release; another"
            " `seed` gives another. Where nothing fits, 422 names what to loosen; what protects is never part of that."
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
            positions=values_of(filters["position"], query.get("position", ())),
            with_professional=query.get("professional") == "allowed",
            seed=query["seed"],
            language=language,
        )
        with database().released() as connection:
            composed = compose_routine(connection, installed_catalogue(), wish, _self_link(query, language))
        return json_response(canonical_json.dump(composed), language)


def _stage_or_404(document: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    for stage in document["stages"]:
        if stage["number"] == number:
            found: Mapping[str, Any] = stage
            return found
    raise NotFound(f"The routine '{document['slug']}' has no stage {number}.")


def _self_link(query: Mapping[str, Any], language: str) -> str:
    given = {key: ",".join(value) if isinstance(value, list) else value for key, value in query.items()}
    return f"/v1/routines/compose?{urlencode(sorted((given | {'lang': language}).items()), safe=',')}"
