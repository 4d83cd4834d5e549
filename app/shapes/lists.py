"""Lists that say how long they may be, and are not read where they are longer."""

from typing import Any

from marshmallow import fields, validate


class BoundedList(fields.List[Any]):
    """A list whose length is looked at before its values, so that one of 100,000 wrong values is one error."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        if isinstance(value, list):
            for validator in self.validators:
                if isinstance(validator, validate.Length):
                    validator(value)
        return super()._deserialize(value, attr, data, **options)
