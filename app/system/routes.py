"""The addresses at which the service speaks of itself, but for `health`, whose operations belong to the API."""

from flask import Flask

from app.system import docs, openapi_document, problem_pages
from app.system.api_catalog import api_catalog_response
from app.web.api import Api


def install(app: Flask, api: Api) -> None:
    """Adds the pages and documents that are no operations of the API."""
    openapi_document.install(app, api)
    app.add_url_rule("/docs", "docs", docs.docs_page)
    app.add_url_rule("/docs/<file>", "docs_file", docs.docs_file)
    app.add_url_rule("/static/<file>", "static", docs.static_file)
    app.add_url_rule("/problems", "problems", problem_pages.problems_page)
    app.add_url_rule("/problems/<slug:name>", "problem", problem_pages.problem_page)
    app.add_template_filter(problem_pages.with_code, "with_code")
    app.add_url_rule("/.well-known/api-catalog", "api_catalog", api_catalog_response)
