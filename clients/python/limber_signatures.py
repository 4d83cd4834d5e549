"""Checks the signatures of a Limber catalogue (Ed25519). It needs the package `cryptography`.

    keys = read_keys("keys.json")
    replica = Replica("catalogue.db", "https://mirror.example", is_signed=SignedBy(keys))

`keys.json` is what `/.well-known/limber-signing-keys` of the service itself answered. As a program, it syncs a copy
that shows only what these keys signed; or it says whether they signed what stands on standard input: a page of
`/v1/sync`, the last line of a `snapshot.ndjson`, or a release of `/v1/admin/releases`.

    python limber_signatures.py keys.json https://mirror.example catalogue.db
    curl -s https://mirror.example/v1/sync | python limber_signatures.py keys.json
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class SignedBy:
    """Whether one of these keys, in base64 by id, signed a revision and its digest."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = {key_id: Ed25519PublicKey.from_public_bytes(base64.b64decode(key)) for key_id, key in keys.items()}

    def __call__(self, revision: int, digest: str, signature: Any, kinds: Sequence[str] = ()) -> bool:
        """The signature of a part of the catalogue is over its kinds too; all kinds, spelt out, are the whole."""
        whole = f"{revision}\n{digest}"
        part = f"{whole}\n{','.join(sorted(set(kinds)))}"
        return self._signed(whole, signature) or (bool(kinds) and self._signed(part, signature))

    def _signed(self, message: str, signature: Any) -> bool:
        try:
            key = self._keys[signature["key_id"]]
            key.verify(base64.b64decode(signature["value"], validate=True), message.encode())
        except (InvalidSignature, KeyError, TypeError, ValueError):
            return False
        return True


def read_keys(path: str) -> dict[str, str]:
    """The keys in a file, by id."""
    listed = json.loads(Path(path).read_text(encoding="utf-8"))["keys"]
    return {key["id"]: key["public_key"] for key in listed if key["algorithm"] == "Ed25519"}


def main(arguments: Sequence[str]) -> int:
    """`limber_signatures.py KEYS.json [SERVICE FILE [LIMIT]]`."""
    is_signed = SignedBy(read_keys(arguments[0]))
    if len(arguments) > 1:
        import limber_sync  # noqa: PLC0415  # the file beside this one; to check alone, this one is enough

        return limber_sync.main(arguments[1:], is_signed)
    signed = json.load(sys.stdin)
    good = is_signed(signed["revision"], signed["digest"], signed["signature"])
    sys.stdout.write("signed\n" if good else "NOT signed by these keys\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
