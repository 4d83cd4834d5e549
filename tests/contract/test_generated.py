"""What is generated and checked in equals what the code generates; `make generated` writes it anew."""

import json
from typing import Any

import pytest
from flask import Flask

from app.commands.docs import example_answers, openapi_text, seed_schema
from app.commands.draft_fields import draft_fields, with_fields
from app.config import ROOT
from app.content.content_type import ContentType
from app.kinds import CATALOGUE
from app.web.api import EXAMPLES

SCHEMAS = ROOT / "seed_data" / "schemas"


def kept(folder: str) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / folder).iterdir()}


class TestGeneratedFiles:
    def test_openapi_yaml_is_what_the_code_declares(self, bare_app: Flask) -> None:
        assert (ROOT / "openapi.yaml").read_text(encoding="utf-8") == openapi_text(bare_app)

    def test_examples_are_the_answers_of_the_seeded_catalogue_and_no_others(self, bare_app: Flask) -> None:
        assert kept(str(EXAMPLES)) == example_answers(bare_app)

    @pytest.mark.parametrize("content_type", CATALOGUE.types, ids=lambda each: each.kind)
    def test_schemas_of_seed_files_are_what_the_code_declares(self, content_type: ContentType) -> None:
        text = (SCHEMAS / f"{content_type.kind}.schema.json").read_text(encoding="utf-8")
        assert json.loads(text) == seed_schema(content_type)

    def test_the_page_on_seed_files_explains_every_field_of_every_draft(self) -> None:
        page = (ROOT / "docs" / "seed-files.md").read_text(encoding="utf-8")
        assert page == with_fields(page, CATALOGUE)

    @pytest.mark.parametrize("content_type", CATALOGUE.types, ids=lambda each: each.kind)
    def test_every_field_of_a_draft_says_what_it_means_in_a_sentence(self, content_type: ContentType) -> None:
        for row in draft_fields(content_type.draft_schema):
            assert row.description.strip().endswith("."), row
        assert set(content_type.mapped.keys) <= {row.name for row in draft_fields(content_type.draft_schema)}

    def test_there_is_a_schema_for_each_kind_and_for_nothing_else(self) -> None:
        assert {path.name for path in SCHEMAS.iterdir()} == {f"{each.kind}.schema.json" for each in CATALOGUE}
