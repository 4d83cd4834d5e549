"""The field for UUIDs."""

import re
from typing import Any

from marshmallow import ValidationError, fields

PATTERN = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LENGTH = 36


class Uuid(fields.String):
    """A UUID (RFC 9562), kept in lower case. The nil and the max UUID stand for nothing and are refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "metadata": {"format": "uuid", **options.get("metadata", {})}})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        text = value.lower() if isinstance(value, str) and len(value) == LENGTH else ""
        if not re.fullmatch(PATTERN, text) or not set(text) - set("-0") or not set(text) - set("-f"):
            raise ValidationError("Must be a UUID such as 6f1c2b9e-3a57-5d0c-9b61-0c8f4a7e2d13.")
        return text
