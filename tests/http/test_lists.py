from typing import Any

import pytest
from flask.testing import FlaskClient

COLLECTIONS = ("exercises", "routines", "sources", "places", "vocabularies/conditions")


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json


class TestLists:
    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_pages_together_hold_everything_once_in_order(self, client: FlaskClient, collection: str) -> None:
        whole = get(client, f"/v1/{collection}?limit=100")
        slugs: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = get(client, f"/v1/{collection}?limit=7" + (f"&cursor={cursor}" if cursor else ""))
            slugs += [item["slug"] for item in page["items"]]
            cursor = page["page"]["next"]
        assert slugs == [item["slug"] for item in whole["items"]]
        assert len(set(slugs)) == len(slugs) == whole["page"]["total"] > 7
