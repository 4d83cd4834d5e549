"""Bodies that are refused as they arrive, on every operation that takes one."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import MalformedBody
from app.shapes import strict_json
from tests.access.documented import Operation, admin_operations
from tests.admin.desk import JSON, Desk

pytestmark = pytest.mark.one_store

DEEP = b'{"name": ' + b"[" * 64 + b"]" * 64 + b"}"
MALFORMED = {
    "nothing": b"",
    "no JSON": b"{slug: x}",
    "a list": b"[]",
    "a text": b'"text"',
    "a number": b"7",
    "null": b"null",
    "nested 65 deep": DEEP,
    "nested 100,000 deep": b"[" * 100_000,
    "never closed": b'{"slug": "' + rb"\"" * 500_000,
    "a field twice": b'{"slug": "a", "slug": "b"}',
    "a field twice, spelt in two ways": b'{"slug": "a", "\\u0073lug": "b"}',
    "NUL": b'{"slug": "a\\u0000"}',
    "NUL in a field's name": b'{"\\u0000": 1}',
    "a lone surrogate": b'{"slug": "\\ud800"}',
    "a reversed pair": b'{"slug": "\\udc00\\ud800"}',
    "not UTF-8": b'{"slug": "\xff"}',
    "UTF-16": '{"slug": "a"}'.encode("utf-16"),
    "NaN": b'{"slug": NaN}',
    "infinite": b'{"slug": 1e999}',
    "a number of 5,000 digits": b'{"slug": ' + b"7" * 5000 + b"}",
}


def writing(app: Flask) -> Iterator[Operation]:
    """Every operation that takes a body, on something that is there where its address names something."""
    yield from (each for each in admin_operations(app) if each.media_type)


def send(desk: Desk, operation: Operation, content: bytes, media_type: str | None = None) -> int:
    path = operation.address(slug="new-one", identifier=desk.key.split("_")[1]).removeprefix("/v1/admin")
    headers = {"If-None-Match": "*"} if operation.method == "PUT" else {"If-Match": '"x"'}
    kind = operation.media_type if media_type is None else media_type
    return desk.send(operation.method, path, data=content, content_type=kind, headers=headers).status_code


class TestEveryOperationWithABody:
    def test_malformed_json_is_400_and_changes_nothing(self, desk: Desk) -> None:
        before = desk.contents()
        for what, content in MALFORMED.items():
            for operation in writing(desk.app):
                assert send(desk, operation, content) == 400, (what, operation)
        assert desk.contents() == before

    def test_another_media_type_is_415_and_changes_nothing(self, desk: Desk) -> None:
        before = desk.contents()
        others = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "")
        for operation in writing(desk.app):
            for media_type in others:
                assert send(desk, operation, b'{"slug": "new-one"}', media_type) == 415, (operation, media_type)
        assert desk.contents() == before

    def test_the_refusal_names_the_type_that_is_taken(self, desk: Desk) -> None:
        response = desk.send("PATCH", "/places/x", data=b"{}", content_type=JSON)
        assert response.headers["Accept"] == "application/merge-patch+json"
        assert desk.send("POST", "/places", data=b"a=b").headers["Accept"] == JSON

    def test_a_coded_body_is_415(self, desk: Desk) -> None:
        for operation in writing(desk.app):
            path = operation.address().removeprefix("/v1/admin")
            response = desk.send(
                operation.method,
                path,
                data=b"x",
                content_type=operation.media_type,
                headers={"Content-Encoding": "gzip"},
            )
            assert response.status_code == 415, operation

    def test_1_mib_and_a_byte_is_413_but_for_imports(self, desk: Desk) -> None:
        content = b"{}" + b" " * (1024 * 1024 - 1)
        before = desk.contents()
        for operation in writing(desk.app):
            expected = (200,) if operation.path.endswith("/imports") else (413,)
            assert send(desk, operation, content) in expected, operation
        after = desk.contents()
        assert {name for name in after if after[name] != before[name]} <= {"audit_entry"}

    def test_a_body_without_a_length_is_counted_as_it_is_read(self, desk: Desk) -> None:
        response = desk.send(
            "POST",
            "/places",
            content_type=JSON,
            input_stream=io.BytesIO(b" " * (1024 * 1024 + 1)),
            environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
        )
        assert response.status_code == 413


class TestStrictJson:
    @pytest.mark.parametrize(
        "content", [DEEP.replace(b"[[", b"[", 1).replace(b"]]", b"]", 1), b'{"a": "]]]"}', b"[1.5]"]
    )
    def test_what_is_within_bounds_is_read(self, content: bytes) -> None:
        strict_json.parse(content)

    @given(st.binary())
    @settings(suppress_health_check=[HealthCheck.too_slow])
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        try:
            strict_json.parse(content)
        except MalformedBody:
            return

    @given(st.text('[]{}",:\\a1 '))
    def test_anything_that_looks_like_json_is_read_or_refused(self, content: str) -> None:
        try:
            strict_json.parse(content.encode())
        except MalformedBody:
            return
