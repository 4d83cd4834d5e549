"""The OpenAPI document and the JSON Schema of seed files describe a sixth kind like every other."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from app import create_app
from app.commands.docs import openapi_text, seed_schema
from app.config import ROOT
from app.content.content_type import Catalogue
from app.web import openapi
from tests.contract.specification import operations
from tests.settings import settings_for
from tests.sixth_kind.anatomy_articles.kind import ANATOMY_ARTICLE
from tests.sixth_kind.articles import article
from tests.sixth_kind.conftest import KINDS
from tests.stores import MakeStore

REFERENCE = "#/components/schemas/"


@pytest.fixture(scope="module")
def bare_app(make_sqlite: MakeStore) -> Iterator[Flask]:
    """The application on an empty store."""
    app = create_app(settings_for(make_sqlite()), kinds=KINDS)
    yield app
    app.extensions["limber_database"].dispose()


@pytest.fixture(scope="module")
def document(bare_app: Flask) -> Any:
    return openapi.document(bare_app.extensions["limber_api"].spec)


class TestOpenAPI:
    def test_is_valid(self, document: Any) -> None:
        validate(document, cls=OpenAPIV31SpecValidator)

    def test_has_its_operations(self, document: Any, bare_app: Flask) -> None:
        found = {each.id: each for each in operations(document, bare_app)}
        assert {each.id: each.path for each in found.values() if "anatomy-articles" in each.path} == {
            "listAnatomyArticles": "/v1/anatomy-articles",
            "getAnatomyArticle": "/v1/anatomy-articles/{slug}",
            "getAnatomyArticleParagraph": "/v1/anatomy-articles/{slug}/paragraphs/{paragraph}",
            "listDraftAnatomyArticles": "/v1/admin/anatomy-articles",
            "createDraftAnatomyArticle": "/v1/admin/anatomy-articles",
            "getDraftAnatomyArticle": "/v1/admin/anatomy-articles/{slug}",
            "putDraftAnatomyArticle": "/v1/admin/anatomy-articles/{slug}",
            "patchDraftAnatomyArticle": "/v1/admin/anatomy-articles/{slug}",
            "deleteDraftAnatomyArticle": "/v1/admin/anatomy-articles/{slug}",
        }
        assert found["getAnatomyArticle"].declared["summary"] == "Get one anatomy article"
        assert found["listDraftAnatomyArticles"].declared["tags"] == ["admin-anatomy-articles"]
        assert {"name": "anatomy-articles", "description": "Articles on anatomy."} in document["tags"]

    def test_has_its_schemas(self, document: Any) -> None:
        schemas = document["components"]["schemas"]
        assert {name for name in schemas if "Anatomy" in name} == {
            *("AnatomyArticle", "AnatomyArticlePage", "TrimmedAnatomyArticle", "TrimmedAnatomyArticlePage"),
            *("AnatomyArticleDraft", "AnatomyArticleItem", "AnatomyArticleItemPage"),
        }
        assert schemas["Bundle"]["properties"]["anatomy-articles"] == {
            "type": "array",
            "items": {"$ref": f"{REFERENCE}AnatomyArticleDraft"},
        }
        assert "anatomy-article" in schemas["NamedItem"]["properties"]["kind"]["enum"]
        items = schemas["SyncPage"]["properties"]["items"]["items"]["anyOf"]
        assert {"$ref": f"{REFERENCE}AnatomyArticle"} in items

    def test_a_place_in_an_address_that_only_this_kind_has_is_described(self, document: Any) -> None:
        parameters = document["paths"]["/v1/anatomy-articles/{slug}/paragraphs/{paragraph}"]["parameters"]
        described = {each["name"]: (each["schema"]["type"], each["description"]) for each in parameters}
        assert described["paragraph"] == ("integer", "The paragraph.")

    def test_the_feed_takes_the_kind(self, document: Any) -> None:
        parameters = {each["name"]: each for each in document["paths"]["/v1/sync"]["get"]["parameters"]}
        assert "anatomy-article" in parameters["kinds"]["schema"]["items"]["enum"]

    @pytest.mark.usefixtures("document")
    def test_an_application_without_the_kind_beside_it_is_the_standard_one(self, make_sqlite: MakeStore) -> None:
        standard = create_app(settings_for(make_sqlite()))
        text = openapi_text(standard)
        standard.extensions["limber_database"].dispose()
        assert text == (ROOT / "openapi.yaml").read_text(encoding="utf-8")


class TestDeclarations:
    def test_the_schema_of_seed_files_accepts_an_article_and_nothing_else(self) -> None:
        validator = Draft202012Validator(seed_schema(ANATOMY_ARTICLE))
        assert validator.is_valid(article("the-neck", regions=["neck"]))
        assert not validator.is_valid({"slug": "the-neck"})

    def test_schemas_are_named_after_the_kind(self) -> None:
        declared = {name: getattr(ANATOMY_ARTICLE, name) for name in ANATOMY_ARTICLE.__dataclass_fields__}
        with pytest.raises(ValueError, match="AnatomyArticleDraft of the kind muscle must be named MuscleDraft"):
            type(ANATOMY_ARTICLE)(**declared | {"kind": "muscle"})

    def test_what_stands_by_group_declares_its_group_and_its_routes(self) -> None:
        declared = {name: getattr(ANATOMY_ARTICLE, name) for name in ANATOMY_ARTICLE.__dataclass_fields__}
        with pytest.raises(ValueError, match="declare group_key and routes"):
            type(ANATOMY_ARTICLE)(**declared | {"by_group": True})

    def test_no_two_kinds_have_one_name(self) -> None:
        with pytest.raises(ValueError, match=r"named anatomy-article and anatomy-articles\."):
            Catalogue((*KINDS, ANATOMY_ARTICLE))

    def test_every_kind_answers_at_its_collection(self, bare_app: Flask) -> None:
        rules = {rule.rule for rule in bare_app.url_map.iter_rules()}
        assert {f"/v1/{each.collection}" for each in KINDS} <= rules
