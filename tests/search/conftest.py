"""A small catalogue of exercises of one's own, released, and what can be asked of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.editing.bundle import load_draft
from app.editing.plan import apply_plan, make_plan
from app.kinds import CATALOGUE
from app.releasing.release import release
from tests.content.editing import UNFINISHED

Draft = Mapping[str, Any]
Publish = Callable[..., None]


@pytest.fixture
def publish(app: Flask) -> Publish:
    """Applies (kind, draft) pairs and releases them; what an earlier call gave stays, or goes with `prune`."""

    def applied(*drafts: tuple[str, Draft], prune: bool = False) -> None:
        wanted = {(kind, draft["slug"]): load_draft(CATALOGUE[kind], draft) for kind, draft in drafts}
        with app.extensions["limber_database"].transaction(exclusive=True) as connection:
            plan, faults = make_plan(connection, CATALOGUE, wanted, prune=prune)
            assert not faults
            apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
            release(connection, UNFINISHED)

    return applied


@pytest.fixture
def slugs(app: Flask) -> Callable[[str], Sequence[str]]:
    """The slugs that a list answers, in its order."""
    client = app.test_client()

    def listed(path: str) -> Sequence[str]:
        response = client.get(path)
        assert response.status_code == 200, response.text
        assert response.json is not None
        return [each["slug"] for each in response.json["items"]]

    return listed
