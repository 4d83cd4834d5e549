"""A filter takes a former slug and reads it as the present one, as an address does by 308."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.content.content_type import ContentType, Filter
from app.kinds import CATALOGUE
from tests.content.editing import Editor
from tests.content.samples import assessed, exercise, place, routine, source, term
from tests.http.reading import get, problem, slugs
from tests.stores import apply_seed

TERMS = {"muscle": "muscles", "region": "regions", "chair": "equipment", "pain": "conditions", "calm": "benefits"}
FILTERS = [
    (content_type, chosen)
    for content_type in CATALOGUE
    if not content_type.by_group
    for chosen in content_type.filters
    if chosen.kind
]


def catalogue(prefix: str, former: str | None = None) -> dict[str, Any]:
    """A small catalogue whose slugs have a prefix; each entity had the one with the prefix `former` before."""

    def named(slug: str) -> dict[str, Any]:
        return {"former_slugs": [f"{former}-{slug}"]} if former else {}

    moves = exercise(
        f"{prefix}-move",
        regions=[f"{prefix}-region"],
        muscles=[{"slug": f"{prefix}-muscle", "role": "stretched"}],
        equipment=[f"{prefix}-chair"],
        conditions=[{"slug": f"{prefix}-pain", "purpose": "relieve"}],
        benefits=[f"{prefix}-calm"],
        citations=[{"source": f"{prefix}-book"}],
        safety=assessed(f"{prefix}-pain"),
        **named("move"),
    )
    hurts = exercise("hurts", contraindications=[f"{prefix}-pain"])
    terms = [term(f"{prefix}-{slug}", vocabulary, **named(slug)) for slug, vocabulary in TERMS.items()]
    return {
        "vocabularies": [*terms, term(f"{prefix}-class", "services", **named("class"))],
        "sources": [source(f"{prefix}-book", **named("book"))],
        "places": [place("studio", services=[f"{prefix}-class"])],
        "exercises": [moves, hurts],
        "routines": [routine("break", f"{prefix}-move", conditions=[f"{prefix}-pain"], regions=[f"{prefix}-region"])],
    }


@pytest.fixture
def editor(app: Flask) -> Editor:
    return Editor(app.extensions["limber_database"])


@pytest.fixture
def reader(app: Flask, editor: Editor) -> FlaskClient:
    """A reader of the catalogue after everything in it was renamed."""
    editor.publish(**catalogue("before"))
    editor.publish(**catalogue("after", "before"))
    return app.test_client()


def slug_for(chosen: Filter) -> str:
    """The part of the slug of what a filter names, behind the prefix."""
    if chosen.group:
        return next(
            slug for slug, vocabulary in (*TERMS.items(), ("class", "services")) if vocabulary == chosen.group[1]
        )
    return {"exercise": "move", "source": "book"}[str(chosen.kind)]


class TestLists:
    @pytest.mark.parametrize(
        ("content_type", "chosen"), FILTERS, ids=[f"{kind.kind} by {chosen.parameter}" for kind, chosen in FILTERS]
    )
    def test_every_filter_reads_it_as_the_present_one(
        self, reader: FlaskClient, content_type: ContentType, chosen: Filter
    ) -> None:
        path, slug = f"/v1/{content_type.collection}?{chosen.parameter}=", slug_for(chosen)
        present = get(reader, f"{path}after-{slug}")
        assert get(reader, f"{path}before-{slug}") == present
        assert get(reader, f"{path}before-{slug},after-{slug}")["items"] == present["items"]
        assert present["page"]["total"] > 0

    def test_what_is_left_out_with_it_is_left_out(self, reader: FlaskClient) -> None:
        assert slugs(get(reader, "/v1/exercises?safe_for=before-pain")["items"]) == ["after-move"]

    def test_facets_count_under_it(self, reader: FlaskClient) -> None:
        answers = [
            get(reader, f"/v1/exercises?region={slug}-region&facets=region,type") for slug in ("before", "after")
        ]
        assert answers[0] == answers[1]
        assert answers[0]["facets"]["region"] == [{"slug": "after-region", "name": "After-region", "count": 1}]

    def test_a_cursor_goes_on_where_a_release_renamed_what_the_filter_names(self, app: Flask, editor: Editor) -> None:
        named = [exercise(f"e{number}", regions=["before"]) for number in range(3)]
        editor.publish(vocabularies=[term("before", "regions")], exercises=named)
        reader = app.test_client()
        cursor = get(reader, "/v1/exercises?region=before&limit=2")["page"]["next"]
        editor.publish(vocabularies=[term("after", "regions", former_slugs=["before"])])
        assert slugs(get(reader, f"/v1/exercises?region=before&limit=2&cursor={cursor}")["items"]) == ["e2"]
        assert slugs(get(reader, "/v1/exercises?region=before&limit=2")["items"]) == ["e0", "e1"]

    def test_a_former_slug_of_another_vocabulary_or_kind_is_refused(self, reader: FlaskClient) -> None:
        for wrong in ("muscle=before-region", "region=before-book", "source=before-region", "region=nowhere"):
            errors = problem(reader.get(f"/v1/exercises?{wrong}"), 422, "invalid-parameters")["errors"]
            name, _, slug = wrong.partition("=")
            assert [error["parameter"] for error in errors] == [name]
            assert errors[0]["detail"].startswith(f"'{slug}' is not published.")

    def test_a_former_slug_of_what_was_retired_is_refused(self, editor: Editor, reader: FlaskClient) -> None:
        editor.publish(exercises=[exercise("other")], prune=True)
        problem(reader.get("/v1/exercises?region=before-region"), 422, "invalid-parameters")


class TestOtherAnswers:
    def test_a_composed_routine_reads_it_as_the_present_one(self, app: Flask, editor: Editor) -> None:
        apply_seed(editor.database)
        reader = app.test_client()
        query = "condition={}&region={}&can_do_with={},wall&safe_for={}"
        before = ("upper-back-pain", "upper-back", "chair", "pregnancy")
        drafts = [editor.draft("term", slug) for slug in before]
        editor.publish(
            vocabularies=[
                {**draft, "slug": f"new-{draft['slug']}", "former_slugs": [draft["slug"]]} for draft in drafts
            ]
        )
        path = f"/v1/routines/compose?minutes=10&seed=3&{query}"
        former, present = (get(reader, path.format(*given)) for given in (before, [f"new-{slug}" for slug in before]))
        assert former["stages"] == present["stages"]
        assert slugs(former["conditions"]) == ["new-upper-back-pain"]

    @pytest.mark.parametrize("name", ["region", "equipment"])
    def test_the_page_for_people_reads_it_as_the_present_one(self, reader: FlaskClient, name: str) -> None:
        slug = {"region": "region", "equipment": "chair"}[name]
        page = reader.get(f"/?{name}=before-{slug}")
        assert page.status_code == 200
        assert "/exercises/after-move" in page.text
        assert "/exercises/hurts" not in page.text
        assert f'value="after-{slug}" selected' in page.text
