"""One way to write JSON, so that equal content is equal bytes."""

import hashlib
import json
from typing import Any


def dump(value: Any) -> bytes:
    """Compact UTF-8 JSON, keys in the order they stand in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of the value's JSON with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
