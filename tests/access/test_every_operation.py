"""Walks the OpenAPI document: an operation that is added is tried without a line here."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access.key_store import revoke_key
from app.access.keys import SCOPES, make_key
from tests.access.documented import Operation, admin_operations, delivery_operations
from tests.admin.desk import Desk, database_of, key_for

pytestmark = pytest.mark.one_store


def ask(app: Flask, operation: Operation, key: str | None, query: str = "") -> TestResponse:
    """The operation with a body that would be taken, and preconditions that would fail if they were looked at."""
    headers = {"If-Match": '"stale"'} | ({"Authorization": f"Bearer {key}"} if key else {})
    body: dict[str, Any] = {"data": b"{}", "content_type": operation.media_type} if operation.media_type else {}
    return app.test_client().open(operation.address() + query, method=operation.method, headers=headers, **body)


def refusals(app: Flask, key: str | None, query: str = "") -> dict[tuple[str, str], int]:
    """The status of every admin operation."""
    return {(each.method, each.path): ask(app, each, key, query).status_code for each in admin_operations(app)}


class TestEveryAdminOperation:
    def test_the_document_lists_them_and_each_needs_a_scope(self, app: Flask) -> None:
        found = admin_operations(app)
        assert len(found) >= 5 * 5 + 5
        assert {scope for each in found for scope in each.scopes} <= set(SCOPES)
        assert all(each.scopes for each in found)
        routes = {
            (method, str(rule))
            for rule in app.url_map.iter_rules()
            if str(rule).startswith("/v1/admin/")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        assert len(routes) == len(found)

    def test_without_a_key_each_is_401_and_says_how_to_authenticate(self, app: Flask) -> None:
        Desk(app)
        for each in admin_operations(app):
            response = ask(app, each, None)
            assert response.status_code == 401, each
            assert response.headers["WWW-Authenticate"].startswith("Bearer")
            assert response.headers["Content-Type"] == "application/problem+json"
            assert response.headers["Cache-Control"] == "no-store"
            assert "Access-Control-Allow-Origin" not in response.headers

    def test_with_every_scope_but_those_it_takes_each_is_403(self, app: Flask) -> None:
        keys: dict[tuple[str, ...], str] = {}
        for each in admin_operations(app):
            others = tuple(scope for scope in SCOPES if scope not in each.scopes)
            keys[others] = keys.get(others) or key_for(app, *others)
            assert ask(app, each, keys[others]).status_code == 403, each

    def test_with_any_one_of_its_scopes_each_lets_in(self, app: Flask) -> None:
        keys = {scope: key_for(app, scope) for scope in SCOPES}
        for each in admin_operations(app):
            for scope in each.scopes:
                assert ask(app, each, keys[scope]).status_code not in (401, 403, 500), (each, scope)

    def test_with_a_revoked_an_expired_or_an_unknown_key_each_is_401(self, app: Flask) -> None:
        now = datetime.now(UTC)
        revoked, expired = key_for(app, *SCOPES), key_for(app, *SCOPES, expires_at=now - timedelta(seconds=1))
        assert ask(app, admin_operations(app)[0], revoked).status_code not in (401, 403)
        with database_of(app).transaction() as connection:
            revoke_key(connection, revoked.split("_")[1], now, force=True)
        for key in (revoked, expired, make_key().text):
            wrong = {(each, status) for each, status in refusals(app, key).items() if status not in (401, 429)}
            assert wrong == set()

    def test_a_key_in_the_query_string_is_no_key(self, app: Flask) -> None:
        key = key_for(app, *SCOPES)
        assert set(refusals(app, None, f"?key={key}&access_token={key}").values()) == {401}

    def test_refusals_change_nothing(self, app: Flask) -> None:
        desk = Desk(app)
        before = desk.contents()
        refusals(app, None)
        refusals(app, make_key().text)
        assert desk.contents() == before


class TestEveryDeliveryOperation:
    def test_none_needs_a_key_or_heeds_one(self, app: Flask) -> None:
        for each in delivery_operations(app):
            assert each.scopes == ()
            assert ask(app, each, None).status_code not in (401, 403)
