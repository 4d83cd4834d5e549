"""`/.well-known/api-catalog`: the catalogue of APIs (RFC 9727)."""

from flask import Response

from app.system.responses import json_response
from app.web.installed import settings


def api_catalog_response() -> Response:
    """Where the API, its description and its documentation are."""
    origin = settings().public_origin
    linkset = {
        "linkset": [
            {
                "anchor": f"{origin}/v1/exercises",
                "service-desc": [
                    {"href": f"{origin}/openapi.json", "type": "application/json"},
                    {"href": f"{origin}/openapi.yaml", "type": "application/yaml"},
                ],
                "service-doc": [{"href": f"{origin}/docs", "type": "text/html"}],
                "status": [{"href": f"{origin}/readyz", "type": "application/json"}],
            }
        ]
    }
    response = json_response(linkset, "application/linkset+json")
    response.headers["Link"] = f'<{origin}/.well-known/api-catalog>; rel="api-catalog"'
    return response
