"""`/openapi.json` and `/openapi.yaml`: the API described, made once for all requests."""

from functools import cache
from typing import Any

from flask import Flask, Response

from app.system.responses import json_response
from app.web import openapi
from app.web.api import Api


def install(app: Flask, api: Api) -> None:
    """Adds the document, which describes every operation that the API has by now."""

    @cache
    def described() -> dict[str, Any]:
        return openapi.document(api.spec)

    @cache
    def described_as_yaml() -> str:
        return openapi.as_yaml(described())

    app.add_url_rule("/openapi.json", "openapi_json", lambda: json_response(described()))
    app.add_url_rule(
        "/openapi.yaml", "openapi_yaml", lambda: Response(described_as_yaml(), mimetype="application/yaml")
    )
