"""What exercises answer besides their list and documents: steps, levels, citations."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from app.content import canonical_json
from app.content.content_type import ContentType
from app.content.document_schemas import CitationDocument, DocumentSchema, NamedDocument
from app.delivery.query_schemas import LanguageQuery
from app.delivery.routes import stored_response
from app.errors import Fault, InvalidParameters, NotFound
from app.exercises.schemas import LevelDocument, StepDocument
from app.shapes.fields import WholeNumber
from app.timelines.schemas import TimelineDocument
from app.timelines.timeline import level_timeline
from app.web.api import Blueprint

EXAMPLE = "open-arm-upper-back-stretch"


class IntensityQuery(LanguageQuery):
    """At which intensity."""

    intensity = WholeNumber(1, 5, metadata={"description": "The level to do the steps at; it must be one of its own."})


class StepsDocument(DocumentSchema):
    """The steps of an exercise, and the level that they are done at."""

    exercise = fields.Nested(NamedDocument)
    level = fields.Nested(LevelDocument, allow_none=True, metadata={"description": "The level that was asked for."})
    items = fields.List(fields.Nested(StepDocument))


class LevelsDocument(DocumentSchema):
    """The levels of an exercise, from gentle to strong."""

    exercise = fields.Nested(NamedDocument)
    items = fields.List(fields.Nested(LevelDocument))


class CitationsDocument(DocumentSchema):
    """The citations of an exercise."""

    exercise = fields.Nested(NamedDocument)
    items = fields.List(fields.Nested(CitationDocument))


def _level(document: dict[str, Any], intensity: int) -> dict[str, Any] | None:
    return next((level for level in document["levels"] if level["intensity"] == intensity), None)


def _intensities(document: dict[str, Any]) -> str:
    return ", ".join(str(level["intensity"]) for level in document["levels"]) or "none"


def _level_or_404(document: dict[str, Any], intensity: int) -> dict[str, Any]:
    level = _level(document, intensity)
    if level is None:
        has = f"It has {_intensities(document)}."
        raise NotFound(f"The exercise '{document['slug']}' has no level of intensity {intensity}. {has}")
    return level


def _steps(document: dict[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    level = _level(document, query["intensity"]) if "intensity" in query else None
    if "intensity" in query and level is None:
        allowed = f"Allowed: {_intensities(document)}."
        raise InvalidParameters([Fault("intensity", f"This exercise has no such level. {allowed}")])
    return {"level": level, "items": document["steps"]}


def add_routes(blueprint: Blueprint, exercise: ContentType) -> None:
    """Declares the parts of an exercise, each at an address of its own."""

    def part_of(slug: str, query: Mapping[str, Any], part: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
        def answer(body: bytes) -> bytes:
            document = json.loads(body)
            named = {"slug": document["slug"], "name": document["name"]}
            return canonical_json.dump({"exercise": named, **part(document)})

        return stored_response(exercise, slug, query, answer)

    @blueprint.operation(
        "/<slug:slug>/steps",
        operation_id="getExerciseSteps",
        summary="Get the steps of an exercise",
        description="The steps in order. With `intensity`, also the level at which to do them.",
        example=f"/v1/exercises/{EXAMPLE}/steps?intensity=2",
        schema=StepsDocument,
        query=IntensityQuery,
    )
    def get_steps(query: Mapping[str, Any], slug: str) -> Response:
        """The steps of an exercise."""
        return part_of(slug, query, lambda document: _steps(document, query))

    @blueprint.operation(
        "/<slug:slug>/levels",
        operation_id="listExerciseLevels",
        summary="List the intensity levels of an exercise",
        description="The levels from gentle to strong, each with its dose and the seconds of one session.",
        example=f"/v1/exercises/{EXAMPLE}/levels",
        schema=LevelsDocument,
        query=LanguageQuery,
    )
    def list_levels(query: Mapping[str, Any], slug: str) -> Response:
        """The levels of an exercise."""
        return part_of(slug, query, lambda document: {"items": document["levels"]})

    @blueprint.operation(
        "/<slug:slug>/levels/<intensity:intensity>",
        operation_id="getExerciseLevel",
        summary="Get one intensity level of an exercise",
        description="The level of this intensity, 1 very gentle to 5 very strong; 404 where the exercise has none.",
        example=f"/v1/exercises/{EXAMPLE}/levels/2",
        schema=LevelDocument,
        query=LanguageQuery,
    )
    def get_level(query: Mapping[str, Any], slug: str, intensity: int) -> Response:
        """One level of an exercise."""

        def answer(body: bytes) -> bytes:
            return canonical_json.dump(_level_or_404(json.loads(body), intensity))

        return stored_response(exercise, slug, query, answer)

    @blueprint.operation(
        "/<slug:slug>/citations",
        operation_id="listExerciseCitations",
        summary="List the citations of an exercise",
        description="Where the exercise comes from: each source, and the place in it.",
        example=f"/v1/exercises/{EXAMPLE}/citations",
        schema=CitationsDocument,
        query=LanguageQuery,
    )
    def list_citations(query: Mapping[str, Any], slug: str) -> Response:
        """The citations of an exercise."""
        return part_of(slug, query, lambda document: {"items": document["citations"]})

    _add_timeline(blueprint, exercise)


def _add_timeline(blueprint: Blueprint, exercise: ContentType) -> None:
    @blueprint.operation(
        "/<slug:slug>/levels/<intensity:intensity>/timeline",
        operation_id="getExerciseTimeline",
        summary="Get the timeline of one level of an exercise",
        description=(
            "What a player plays: getting ready, then each move, hold, breath and rest with its seconds. 404 where the"
            " exercise has no such level, or the level has no timed dose."
        ),
        example=f"/v1/exercises/{EXAMPLE}/levels/1/timeline",
        schema=TimelineDocument,
        query=LanguageQuery,
    )
    def get_timeline(query: Mapping[str, Any], slug: str, intensity: int) -> Response:
        """The timeline of one level."""

        def answer(body: bytes) -> bytes:
            document = json.loads(body)
            level = _level_or_404(document, intensity)
            if level["seconds"] is None:
                raise NotFound(
                    f"The level {intensity} of the exercise '{slug}' has no dose that says how long it takes."
                )
            return canonical_json.dump(level_timeline(document, level["dose"]))

        return stored_response(exercise, slug, query, answer)
