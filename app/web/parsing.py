"""Query parameters as schemas see them: unknown ones refused, lists repeated or comma-separated, texts typed."""

from typing import Any, NoReturn

from marshmallow import RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser

from app.errors import Fault, InvalidParameters
from app.shapes.faults import faults_of
from app.shapes.texts import Scalar


class QueryParser(FlaskParser):
    """Reads the query by the schema's fields and raises `InvalidParameters` with every fault at once."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}

    def load_query(self, req: Any, schema: Schema) -> Any:
        """The query, loaded by the schema.

        Raises `InvalidParameters`.
        """
        try:
            return schema.load(self.load_querystring(req, schema), unknown=RAISE)
        except ValidationError as error:
            self._refuse(error.normalized_messages())  # type: ignore[no-untyped-call]  # marshmallow gives it no types

    def load_querystring(self, req: Any, schema: Schema) -> dict[str, Any]:
        """The query as plain values: a list for list fields, a text for the others."""
        values: dict[str, Any] = {}
        repeated: dict[str, list[str]] = {}
        for name, given in req.args.lists():
            if isinstance(schema.fields.get(name), fields.List):
                values[name] = [Scalar(part.strip()) for text in given for part in text.split(",")]
            elif len(given) > 1 and name in schema.fields:
                repeated[name] = ["Must be given once."]
            else:
                values[name] = Scalar(given[0])
        if repeated:
            raise ValidationError(repeated)
        return values

    def handle_error(
        self, error: ValidationError, req: Any, schema: Schema, *, error_status_code: Any, error_headers: Any
    ) -> NoReturn:
        """Names each parameter once, with what is allowed."""
        self._refuse(error.messages_dict["query"])

    @staticmethod
    def _refuse(messages: Any) -> NoReturn:
        faults = {str(name): fault.detail for name, each in messages.items() for fault in faults_of(each)}
        raise InvalidParameters([Fault(name, _parameter_detail(detail)) for name, detail in faults.items()])


def _parameter_detail(detail: str) -> str:
    return detail.replace("Unknown field.", "Unknown parameter.")
