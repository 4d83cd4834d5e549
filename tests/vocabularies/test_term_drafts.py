from typing import Any

import pytest

from app.editing.bundle import load_draft
from app.errors import InvalidDrafts
from app.models.vocabulary import VOCABULARIES
from app.vocabularies.kind import TERM
from tests.content.samples import term


def faults(*given: str, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDrafts) as caught:
        load_draft(TERM, term("t", *given, **fields))
    return [(fault.place, fault.detail) for fault in caught.value.faults]


class TestFieldsOfVocabularies:
    @pytest.mark.parametrize(
        ("field", "value", "only"),
        [("latin_name", "Musculus", "muscles"), ("regions", ["neck"], "muscles"), ("spdx", "MIT", "licences")],
    )
    def test_a_field_of_one_vocabulary_is_refused_in_the_others(self, field: str, value: Any, only: str) -> None:
        load_draft(TERM, term("t", only, **{field: value}))
        for vocabulary in set(VOCABULARIES) - {only}:
            assert faults(vocabulary, **{field: value}) == [
                (f"/{field}", f"Only terms of the vocabulary {only} have this.")
            ]

    @pytest.mark.parametrize("missing", ["spdx", "url"])
    def test_a_licence_is_complete(self, missing: str) -> None:
        draft = term("t", "licences")
        del draft[missing]
        with pytest.raises(InvalidDrafts) as caught:
            load_draft(TERM, draft)
        assert [fault.place for fault in caught.value.faults] == [f"/{missing}"]

    def test_an_unknown_vocabulary_is_refused_with_all_that_there_are(self) -> None:
        assert faults("colours") == [("/vocabulary", f"Must be one of: {', '.join(VOCABULARIES)}.")]
