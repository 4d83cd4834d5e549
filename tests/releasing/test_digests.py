import hashlib

from app.content.canonical_json import digest, dump
from app.releasing.digests import ChangedDocument, body_digest, chain
from app.store.state import GENESIS

A = ChangedDocument("exercise", "a", "en", body_digest(b'{"a":1}'))
B = ChangedDocument("exercise", "b", "en", None)
C = ChangedDocument("routine", "a", "en", body_digest(b"{}"))


class TestChain:
    def test_it_is_what_the_documentation_says(self) -> None:
        body = hashlib.sha256(b'{"a":1}').hexdigest()
        text = f"{GENESIS}\n7\nexercise\na\nen\n{body}\nexercise\nb\nen\ndeleted\n"
        assert chain(GENESIS, 7, [A, B]) == hashlib.sha256(text.encode()).hexdigest()

    def test_the_order_of_the_changes_is_nothing(self) -> None:
        assert chain(GENESIS, 1, [C, B, A]) == chain(GENESIS, 1, [A, B, C])

    def test_every_part_counts(self) -> None:
        variants = [
            chain(GENESIS, 1, [A]),
            chain("1" * 64, 1, [A]),
            chain(GENESIS, 2, [A]),
            chain(GENESIS, 1, [A, B]),
            chain(GENESIS, 1, [A._replace(slug="x")]),
            chain(GENESIS, 1, [A._replace(kind="x")]),
            chain(GENESIS, 1, [A._replace(language="es")]),
            chain(GENESIS, 1, [A._replace(body_digest=body_digest(b"{}"))]),
            chain(GENESIS, 1, [A._replace(body_digest=None)]),
        ]
        assert len(set(variants)) == len(variants)


class TestCanonicalJson:
    def test_json_is_compact_utf_8_in_the_order_given(self) -> None:
        assert dump({"b": "é", "a": [1, None, True]}) == '{"b":"é","a":[1,null,true]}'.encode()

    def test_a_digest_is_blind_to_the_order_of_fields_and_to_nothing_else(self) -> None:
        assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
        assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
        assert digest({"a": 1}) != digest({"a": "1"})
