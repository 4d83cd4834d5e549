"""Tags of languages (BCP 47), in the one form in which they are stored."""

import re
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError, parse_locale
from marshmallow import ValidationError


def checked_language(tag: Any) -> str:
    """A language tag (BCP 47) such as `es` or `pt-BR`, in its usual case.

    Raises `ValidationError` for any other value.
    """
    try:
        if not isinstance(tag, str) or len(tag) > 20 or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag):
            raise ValueError
        return _usual_tag(tag)
    except (ValueError, UnknownLocaleError):
        raise ValidationError("Must be a language tag such as en, es or pt-BR.") from None


@lru_cache(maxsize=500)
def _usual_tag(tag: str) -> str:
    parse_locale(tag, sep="-")
    return str(Locale.parse(tag, sep="-")).replace("_", "-")
