r"""The exercises by flask-smorest, marshmallow and SQLAlchemy's ORM, as their documentation suggests.

Views return the ORM's objects and the schema of `Blueprint.response` dumps them; the session is a `scoped_session`,
removed as the request ends. `revision` and `published_at` come from the published rows, by a join. Run it, as Limber
runs, with:

    DATABASE_URL=sqlite:///var/limber.db PUBLIC_ORIGIN=http://127.0.0.1:8002 \
      .venv/bin/granian --interface wsgi --factory --port 8002 --workers 1 --blocking-threads 8 --runtime-mode mt \
      --no-ws --log-level warning benchmarks.peers.smorest_service:create_app
"""
# mypy: disable-error-code="untyped-decorator"
# flask-smorest ships no types.

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint, abort
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import scoped_session

from app.config import Settings, load_settings
from benchmarks.peers.models import Exercise
from benchmarks.peers.queries import DEFAULT_LIMIT, MAX_LIMIT, make_sessions, read_exercise, read_page


class English(fields.String):
    """The English of a stored text."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        return super()._serialize(value["en"] if value else None, attr, obj, **options)


class NamedSchema(Schema):
    """Another entity by name."""

    slug = fields.String()
    name = English()


class MuscleSchema(NamedSchema):
    """A muscle and what the exercise does to it."""

    role = fields.String()


class ConditionSchema(NamedSchema):
    """A condition that the exercise helps."""

    purpose = fields.String()


class DemandSchema(Schema):
    """What the exercise asks of the body."""

    demand = fields.String()
    from_intensity = fields.Integer()


class NotedSchema(NamedSchema):
    """A condition and why it is named."""

    note = English()


class ContraindicationSchema(NotedSchema):
    """A condition with which the exercise should not be done."""

    from_intensity = fields.Integer()


class SafetySchema(Schema):
    """For which conditions somebody weighed whether the exercise may be done."""

    assessed = fields.Boolean()
    assessed_on = fields.String()
    by = fields.String()
    note = English()
    conditions = fields.List(fields.String())
    exceptions = fields.List(fields.Nested(NotedSchema))


class NeighbourSchema(NamedSchema):
    """An easier or a harder exercise."""

    why = English()


class StepSchema(Schema):
    """One action."""

    number = fields.Integer()
    instruction = English()
    cue = English()
    breathing = English()
    part = fields.String()


class BreathsSchema(Schema):
    """One breath."""

    in_seconds = fields.Integer()
    hold_seconds = fields.Integer()
    out_seconds = fields.Integer()
    pause_seconds = fields.Integer()


class DoseSchema(Schema):
    """How much."""

    sets = fields.Integer()
    repetitions = fields.Integer()
    move_seconds = fields.Integer()
    hold_seconds = fields.Integer()
    return_seconds = fields.Integer()
    pause_seconds = fields.Integer()
    rest_seconds = fields.Integer()
    times_per_day = fields.Integer()
    days_per_week = fields.Integer()
    per_side = fields.Boolean()
    side_order = fields.String()
    breaths = fields.Nested(BreathsSchema)


class LevelSchema(Schema):
    """One intensity at which the exercise can be done."""

    intensity = fields.Integer()
    label = English()
    adjustment = English()
    sensation = English()
    dose = fields.Nested(DoseSchema)
    seconds = fields.Integer()
    professional = fields.String()
    contraindications = fields.List(fields.String())


class GuidanceSchema(Schema):
    """Whether a professional should go through it first."""

    professional = fields.String()
    note = English()


class CitedSourceSchema(Schema):
    """A cited source."""

    slug = fields.String()
    type = fields.String()
    title = fields.String()


class TipSchema(Schema):
    """A professional's advice."""

    text = English()
    condition = fields.Nested(NamedSchema)
    source = fields.Nested(CitedSourceSchema)


class CitationSchema(Schema):
    """A source and the place in it."""

    source = fields.Nested(CitedSourceSchema)
    locator = fields.String()
    note = English()


class EvidenceSchema(Schema):
    """What is known of the exercise's effect."""

    level = fields.String()
    statement = English()
    citations = fields.List(fields.Nested(CitedSourceSchema))


class LicenceSchema(Schema):
    """What may be done with the content."""

    id = fields.String()
    name = English()
    url = fields.String()
    attribution = fields.String()


class MediaSchema(Schema):
    """A picture or film."""

    url = fields.String()
    type = fields.String()
    alt = English()
    width = fields.Integer()
    height = fields.Integer()
    licence = fields.Nested(LicenceSchema)
    credit = fields.String()


class ReviewSchema(Schema):
    """Whether a person reviewed the content."""

    status = fields.String()
    reviewed_on = fields.String()
    reviewer = fields.String()
    next_review_on = fields.String()


class LinksSchema(Schema):
    """Absolute addresses."""

    self = fields.String()
    html = fields.String()
    embed = fields.String()
    oembed = fields.String()
    report = fields.String()


class ExerciseSchema(Schema):
    """An exercise as it is read."""

    kind = fields.Constant("exercise")
    id = fields.String(attribute="uuid")
    slug = fields.String()
    former_slugs = fields.List(fields.String())
    language = fields.Constant("en")
    name = English()
    aliases = fields.List(English())
    summary = English()
    type = fields.String()
    position = fields.String()
    regions = fields.List(fields.Nested(NamedSchema))
    muscles = fields.List(fields.Nested(MuscleSchema))
    equipment = fields.List(fields.Nested(NamedSchema))
    conditions = fields.List(fields.Nested(ConditionSchema))
    benefits = fields.List(fields.Nested(NamedSchema))
    demands = fields.List(fields.Nested(DemandSchema))
    contraindications = fields.List(fields.Nested(ContraindicationSchema))
    safety = fields.Nested(SafetySchema)
    steps = fields.List(fields.Nested(StepSchema))
    levels = fields.List(fields.Nested(LevelSchema))
    guidance = fields.Nested(GuidanceSchema)
    precautions = fields.List(English())
    stop_if = fields.List(English())
    tips = fields.List(fields.Nested(TipSchema))
    easier = fields.List(fields.Nested(NeighbourSchema))
    harder = fields.List(fields.Nested(NeighbourSchema))
    citations = fields.List(fields.Nested(CitationSchema))
    evidence = fields.Nested(EvidenceSchema)
    media = fields.List(fields.Nested(MediaSchema))
    licence = fields.Nested(LicenceSchema)
    review = fields.Nested(ReviewSchema)
    revision = fields.Integer()
    published_at = fields.String()
    links = fields.Nested(LinksSchema)


class PageSchema(Schema):
    """Where a page stands in its list."""

    limit = fields.Integer()
    total = fields.Integer()
    next = fields.String()


class ExercisePageSchema(Schema):
    """One page of exercises."""

    items = fields.List(fields.Nested(ExerciseSchema))
    page = fields.Nested(PageSchema)
    notices = fields.List(fields.String())


class ListQuerySchema(Schema):
    """Which page of exercises; the cursor is an offset."""

    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MAX_LIMIT))
    cursor = fields.Integer(load_default=0, validate=validate.Range(0, 2**31))


def create_app(settings: Settings | None = None) -> Flask:
    """The application; its settings are Limber's own, by default from the environment."""
    app = Flask(__name__)
    app.config.update(API_TITLE="Exercises", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the fields in the schema's order
    sessions = scoped_session(make_sessions(settings or load_settings()))
    blueprint = Blueprint("exercises", __name__, url_prefix="/v1/exercises")

    @blueprint.route("")
    @blueprint.arguments(ListQuerySchema, location="query")
    @blueprint.response(200, ExercisePageSchema)
    def list_exercises(query: dict[str, int]) -> dict[str, Any]:
        return read_page(sessions(), limit=query["limit"], offset=query["cursor"])

    @blueprint.route("/<slug>")
    @blueprint.response(200, ExerciseSchema)
    def get_exercise(slug: str) -> Exercise | Any:
        return read_exercise(sessions(), slug) or abort(404, message="Exercise not found")

    @app.teardown_appcontext
    def remove_session(_error: BaseException | None) -> None:
        sessions.remove()

    Api(app).register_blueprint(blueprint)
    app.extensions["sessions"] = sessions
    return app
