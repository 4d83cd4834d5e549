"""`/docs`: the explorer of the OpenAPI document, and the files that it loads."""

from mimetypes import guess_type
from pathlib import Path

import flask_swagger_ui
from flask import Response

from app.errors import NotFound
from app.system.responses import PAGE_CSP, page_response

SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
STATIC = Path(__file__).parent / "static"
STATIC_FILES = ("docs.js",)
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")
# Swagger UI sets style attributes as it draws.
DOCS_CSP = PAGE_CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


def docs_page() -> Response:
    """The explorer."""
    return page_response("system/templates/docs.html", DOCS_CSP)


def static_file(file: str) -> Response:
    """A script of ours that the explorer begins with. Raises `NotFound`."""
    return _file(STATIC, file, STATIC_FILES)


def docs_file(file: str) -> Response:
    """A file of Swagger UI. Raises `NotFound`."""
    return _file(SWAGGER_UI, file, SWAGGER_FILES)


def _file(folder: Path, file: str, files: tuple[str, ...]) -> Response:
    """One of the files, without the conditions and ages that Flask would give it: `finishing` has them for all."""
    if file not in files:
        raise NotFound("There is nothing at this address.")
    return Response((folder / file).read_bytes(), mimetype=guess_type(file)[0])
