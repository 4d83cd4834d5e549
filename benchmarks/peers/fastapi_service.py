r"""The exercises by FastAPI, Pydantic and SQLAlchemy's ORM, as their documentation suggests.

Plain `def` endpoints with a session from a dependency; the ORM's objects are returned and the response model reads,
checks and dumps them. `revision` and `published_at` come from the published rows, by a join. Run it with:

    DATABASE_URL=sqlite:///var/limber.db PUBLIC_ORIGIN=http://127.0.0.1:8001 \
      .venv/bin/uvicorn --factory benchmarks.peers.fastapi_service:create_app --port 8001 --workers 1 --no-access-log
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.orm import Session

from app.config import Settings, load_settings
from benchmarks.peers.models import Exercise
from benchmarks.peers.queries import DEFAULT_LIMIT, MAX_LIMIT, make_sessions, read_exercise, read_page


def in_english(value: Mapping[str, str] | None) -> str | None:
    """The English of a stored text."""
    return value["en"] if value else None


English = Annotated[str, BeforeValidator(in_english)]
OptionalEnglish = Annotated[str | None, BeforeValidator(in_english)]


class FromRow(BaseModel):
    """A model that reads the attributes of ORM objects."""

    model_config = ConfigDict(from_attributes=True)


class Named(FromRow):
    """Another entity by name."""

    slug: str
    name: English


class Muscle(Named):
    """A muscle and what the exercise does to it."""

    role: str


class Condition(Named):
    """A condition that the exercise helps."""

    purpose: str


class Demand(FromRow):
    """What the exercise asks of the body."""

    demand: str
    from_intensity: int


class Noted(Named):
    """A condition and why it is named."""

    note: OptionalEnglish


class Contraindication(Noted):
    """A condition with which the exercise should not be done."""

    from_intensity: int


class Safety(FromRow):
    """For which conditions somebody weighed whether the exercise may be done."""

    assessed: bool
    assessed_on: str | None
    by: str | None
    note: OptionalEnglish
    conditions: list[str]
    exceptions: list[Noted]


class Neighbour(Named):
    """An easier or a harder exercise."""

    why: OptionalEnglish


class Step(FromRow):
    """One action."""

    number: int
    instruction: English
    cue: OptionalEnglish
    breathing: OptionalEnglish
    part: str | None


class Breaths(FromRow):
    """One breath."""

    in_seconds: int | None
    hold_seconds: int | None
    out_seconds: int | None
    pause_seconds: int | None


class Dose(FromRow):
    """How much."""

    sets: int
    repetitions: int
    move_seconds: int | None
    hold_seconds: int | None
    return_seconds: int | None
    pause_seconds: int | None
    rest_seconds: int | None
    times_per_day: int | None
    days_per_week: int | None
    per_side: bool
    side_order: str | None
    breaths: Breaths | None


class Level(FromRow):
    """One intensity at which the exercise can be done."""

    intensity: int
    label: OptionalEnglish
    adjustment: OptionalEnglish
    sensation: OptionalEnglish
    dose: Dose | None
    seconds: int | None
    professional: str
    contraindications: list[str]


class Guidance(FromRow):
    """Whether a professional should go through it first."""

    professional: str
    note: OptionalEnglish


class CitedSource(FromRow):
    """A cited source."""

    slug: str
    type: str
    title: str


class Tip(FromRow):
    """A professional's advice."""

    text: English
    condition: Named | None
    source: CitedSource | None


class Citation(FromRow):
    """A source and the place in it."""

    source: CitedSource
    locator: str | None
    note: OptionalEnglish


class Evidence(FromRow):
    """What is known of the exercise's effect."""

    level: str
    statement: English
    citations: list[CitedSource]


class Licence(FromRow):
    """What may be done with the content."""

    id: str
    name: English
    url: str
    attribution: str | None


class Media(FromRow):
    """A picture or film."""

    url: str
    type: str
    alt: English
    width: int | None
    height: int | None
    licence: Licence
    credit: str | None


class Review(FromRow):
    """Whether a person reviewed the content."""

    status: str
    reviewed_on: str | None
    reviewer: str | None
    next_review_on: str | None


class Links(FromRow):
    """Absolute addresses."""

    self: str
    html: str
    embed: str
    oembed: str
    report: str


class ExerciseDocument(FromRow):
    """An exercise as it is read."""

    kind: Literal["exercise"] = "exercise"
    id: str = Field(validation_alias="uuid")
    slug: str
    former_slugs: list[str]
    language: Literal["en"] = "en"
    name: English
    aliases: list[English]
    summary: OptionalEnglish
    type: str
    position: str | None
    regions: list[Named]
    muscles: list[Muscle]
    equipment: list[Named]
    conditions: list[Condition]
    benefits: list[Named]
    demands: list[Demand]
    contraindications: list[Contraindication]
    safety: Safety
    steps: list[Step]
    levels: list[Level]
    guidance: Guidance
    precautions: list[English]
    stop_if: list[English]
    tips: list[Tip]
    easier: list[Neighbour]
    harder: list[Neighbour]
    citations: list[Citation]
    evidence: Evidence | None
    media: list[Media]
    licence: Licence | None
    review: Review
    revision: int
    published_at: str
    links: Links


class Page(BaseModel):
    """Where a page stands in its list."""

    limit: int
    total: int
    next: str | None


class ExercisePage(FromRow):
    """One page of exercises."""

    items: list[ExerciseDocument]
    page: Page
    notices: list[str]


def get_session(request: Request) -> Iterator[Session]:
    """A session for one request."""
    with request.app.state.sessions() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; its settings are Limber's own, by default from the environment."""
    app = FastAPI(title="Exercises")
    app.state.sessions = make_sessions(settings or load_settings())

    @app.get("/v1/exercises", response_model=ExercisePage)
    def list_exercises(
        session: SessionDep,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: Annotated[int, Query(ge=0, le=2**31)] = 0,
    ) -> Any:
        return read_page(session, limit=limit, offset=cursor)

    @app.get("/v1/exercises/{slug}", response_model=ExerciseDocument)
    def get_exercise(slug: str, session: SessionDep) -> Exercise:
        exercise = read_exercise(session, slug)
        if exercise is None:
            raise HTTPException(status_code=404, detail="Exercise not found")
        return exercise

    return app
