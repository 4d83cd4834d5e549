"""flask-smorest, once and for all bent to what the contract asks: problem details, complete documentation.

An operation is declared by `Blueprint.operation`, which both documents it and keeps its example's request.
"""

import json
import logging
from collections.abc import Callable, Container, Iterable
from functools import cache, wraps
from pathlib import Path
from threading import RLock
from typing import Any, cast

import flask_smorest
from apispec import APISpec
from apispec_oneofschema import MarshmallowPlugin
from flask import Flask, Response, request
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import HTTPException

from app.errors import LimberError
from app.web.declarations import JSON, Declaration, View, declare
from app.web.describing import describe_fields
from app.web.installed import Installed
from app.web.parsing import QueryParser
from app.web.problem_table import PROBLEMS
from app.web.problems import MEDIA_TYPE, MOST_ERRORS, of_http_exception, of_limber_error, problem_response

EXAMPLES = Path(__file__).parent / "examples"
EVERYWHERE = (
    "malformed",
    "content-too-large",
    "uri-too-long",
    "request-header-fields-too-large",
    "invalid-parameters",
    "precondition-failed",
    "unavailable",
)
"""The problems that every documented operation can give."""

log = logging.getLogger(__name__)


class ProblemSchema(Schema):
    """An error (RFC 9457)."""

    type = fields.String(required=True, metadata={"format": "uri", "description": "A page that explains it."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()), validate=validate.Length(max=MOST_ERRORS)
    )
    errors_omitted = fields.Integer(
        validate=validate.Range(1), metadata={"description": "How many more errors were found than `errors` lists."}
    )
    request_id = fields.String(allow_none=True)


class Api(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest is untyped
    """Answers every error as a problem and documents it as one.

    The document is made when it is first asked for: it takes longer than all else of a start, and commands and most
    workers never need it.
    """

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        self._documenting = RLock()
        self._undocumented: list[Callable[[APISpec], object]] = []
        self._spec: Any = None
        super().__init__(app)

    @property
    def spec(self) -> APISpec:
        """All that is documented."""
        with self._documenting:
            # Emptied first: what documents asks for the spec too.
            waiting, self._undocumented = self._undocumented, []
            for document in waiting:
                document(self._spec)
            return cast("APISpec", self._spec)

    @spec.setter
    def spec(self, made: APISpec) -> None:
        self._spec = made

    def register_blueprint(self, blueprint: flask_smorest.Blueprint) -> None:
        """Serves a blueprint's operations, and documents them when the document is asked for."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)

        def document(spec: APISpec) -> None:
            blueprint.register_views_in_doc(self, self._app, spec, name=blueprint.name, parameters=None)
            spec.tag({"name": blueprint.name, "description": blueprint.description})

        self._undocumented.append(document)

    def document_schema(self, name: str, schema: type[Schema]) -> None:
        """Adds a schema that no operation names."""
        self._undocumented.append(lambda spec: spec.components.schema(name, schema=schema))

    def _init_spec(self, **options: Any) -> None:
        super()._init_spec(marshmallow_plugin=MarshmallowPlugin(schema_name_resolver=_schema_name), **options)
        describe_fields(self.ma_plugin)

    def _register_pagination_header(self) -> None:
        """Nothing: a page says in its body where it stands."""

    def _register_error_handlers(self) -> None:
        self._app.register_error_handler(HTTPException, of_http_exception)
        self._app.register_error_handler(LimberError, of_limber_error)
        self._app.register_error_handler(Exception, _unexpected)

    def _register_responses(self) -> None:
        for problem in PROBLEMS.values():
            example = {
                "type": f"http://127.0.0.1:8000/problems/{problem.name}",
                "title": problem.title,
                "status": problem.status,
                "detail": problem.explanation,
                "request_id": "5f0c9a5e8d1b4c0fa2f5a3d8c7b6e1d2",
            }
            content = {MEDIA_TYPE: {"schema": ProblemSchema, "example": example}}
            self.spec.components.response(
                problem.name, {"description": problem.explanation, "content": content}, lazy=True
            )
        self.spec.components.security_scheme(
            "key", {"type": "http", "scheme": "bearer", "description": "An API key of `flask keys create`."}
        )
        self.spec.components.response(
            "not-modified", {"description": "The version that If-None-Match names is the present one."}, lazy=True
        )
        location = {"description": "The same address under the present slug.", "schema": {"type": "string"}}
        self.spec.components.response(
            "moved",
            {"description": "The entity has another slug now.", "headers": {"Location": location}},
            lazy=True,
        )


installed_api: Installed[Api] = Installed("limber_api")


def _schema_name(schema: Any) -> str:
    cls = schema if isinstance(schema, type) else type(schema)
    name: str = cls.__name__
    return name.removesuffix("Document").removesuffix("Schema") if not name.endswith("Draft") else name


def _unexpected(error: Exception) -> Response:
    log.error("Unexpected error", exc_info=error)
    return problem_response(PROBLEMS["internal-error"], "Something is wrong on our side.")


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest is untyped
    """Strict about parameters, complete about documentation."""

    ARGUMENTS_PARSER = QueryParser()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.example_requests: dict[str, str] = {}

    def operation(
        self,
        rule: str,
        *,
        operation_id: str,
        summary: str,
        description: str,
        example: str,
        schema: type[Schema] | Schema | dict[str, Any],
        query: type[Schema] | Schema | None = None,
        problems: tuple[str, ...] = (),
        content_type: str = JSON,
        kept: bool = True,
        prompt: bool = False,
        counts_as_search: bool = False,
        negotiated: bool = True,
    ) -> Callable[[View], View]:
        """Declares a GET operation, of JSON where no other type is given: its route, its query, its documentation.

        `problems` are those that do not follow from the rest. `negotiated` says whether `Accept` is honoured.

        `example` is a request; its answer, kept in `examples/` where it is JSON, is the documented example. The view
        is given the query as its first argument. `kept`, `prompt` and `counts_as_search` are those of `Declaration`.
        """
        self.example_requests[operation_id] = example

        def decorate(view: View) -> View:
            schema_of_query = query or NoParameters
            implied = [*problems, *implied_problems(rule, schema_of_query)]
            implied += ["not-acceptable"] if negotiated else []
            implied += ["too-many-requests"] if counts_as_search or "q" in parameters_of(schema_of_query) else []
            decorated = self.alt_response(304, "not-modified")(self.refusing(view, (*EVERYWHERE, *implied)))
            if "<slug:slug>" in rule:
                decorated = self.alt_response(308, "moved")(decorated)
            if "range-not-satisfiable" in problems:
                part = "The part of the file that the header Range asks for."
                decorated = self.alt_response(
                    206, schema=schema, description=part, content_type=content_type, success=True
                )(decorated)
            shown = example_answer(operation_id) if content_type == JSON else None
            decorated = self.response(200, schema, example=shown, content_type=content_type)(decorated)
            decorated = self.arguments(schema_of_query, location="query")(decorated)
            decorated = self.doc(operationId=operation_id, summary=summary, description=description)(decorated)
            gives = content_type if negotiated else None
            declaration = Declaration(kept=kept, prompt=prompt, counts_as_search=counts_as_search, gives=gives)
            self.add_url_rule(rule, operation_id, declare(_lean(view, schema_of_query, decorated), declaration))
            return view

        return decorate

    def refusing(self, view: Any, problems: Iterable[str]) -> Any:
        """The view, documented to give these problems. The last one of a status is the most particular: it stands."""
        for status, name in {PROBLEMS[name].status: name for name in problems}.items():
            view = self.alt_response(status, name)(view)
        return view

    def _prepare_arguments_doc(self, doc: Any, doc_info: Any, **options: Any) -> Any:
        # The parser's default response is named after the Python version's word for 422.
        doc_info.get("arguments", {}).pop("responses", None)
        return super()._prepare_arguments_doc(doc, doc_info, **options)


def parameters_of(query: type[Schema] | Schema) -> Container[str]:
    """The names of a query's parameters."""
    return (query if isinstance(query, type) else type(query))._declared_fields  # noqa: SLF001  # marshmallow's class keeps them there


def implied_problems(rule: str, query: type[Schema] | Schema) -> list[str]:
    """The problems that follow from an address that names something, and from a parameter `cursor`."""
    unknown = ["not-found"] if "<" in rule else []
    return unknown + (["malformed-cursor"] if "cursor" in parameters_of(query) else [])


def _lean(view: Callable[..., Any], query: type[Schema] | Schema, documented: Any) -> Callable[..., Any]:
    """The view with its query, and the documentation of `documented`.

    The wrappers that carry the documentation, one a response, would take longer than a query of the database.
    """
    schema = query() if isinstance(query, type) else query

    @wraps(view)
    def answer(**path: Any) -> Any:
        return view(Blueprint.ARGUMENTS_PARSER.load_query(request, schema), **path)

    answer._apidoc = documented._apidoc  # type: ignore[attr-defined]  # noqa: SLF001  # where flask-smorest looks
    return answer


class NoParameters(Schema):
    """A query without parameters."""

    error_messages = {"unknown": "Unknown field. Allowed: none."}


@cache
def example_answer(operation_id: str) -> Any:
    """The kept answer to an operation's example request; None until it was made."""
    path = EXAMPLES / f"{operation_id}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
