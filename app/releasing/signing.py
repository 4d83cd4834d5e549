"""Signatures of what is released: Ed25519 (RFC 8032) over the revision, a line feed and the digest.

The private key is in a file that `SIGNING_KEY_FILE` names, and nowhere else; without that setting nothing is signed.
The public keys are in the store and stay there, so that what was signed before can be verified.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, Row, insert, select

from app.config import COMMAND
from app.errors import CannotSign, Conflict
from app.models.tables import signing_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = "Ed25519"
OTHERS = 0o077
"""The bits of a file's mode by which other users of the machine may read or change it."""


class Signature(NamedTuple):
    """A signature in base64, and the id of the key that it was made with."""

    key_id: str
    value: str


@dataclass(frozen=True)
class Signer:
    """A private key. `id` is made from the public key, so that no two keys share one."""

    private: "Ed25519PrivateKey"

    @property
    def public_key(self) -> str:
        """The 32 bytes of the public key, in base64."""
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()

    @property
    def id(self) -> str:
        return hashlib.sha256(self.private.public_key().public_bytes_raw()).hexdigest()[:16]

    def sign(self, revision: int, digest: str, kinds: Sequence[str] = ()) -> Signature:
        """The signature of a release, or of the state at a revision."""
        signed = self.private.sign(message(revision, digest, kinds))
        return Signature(self.id, base64.b64encode(signed).decode())


def message(revision: int, digest: str, kinds: Sequence[str] = ()) -> bytes:
    """What is signed. Of a part of the catalogue, a line feed and its kinds follow.

    Otherwise whoever stands between could pass off a part as the whole.
    """
    parts = [str(revision), digest]
    if kinds:
        parts.append(",".join(sorted(kinds)))
    return "\n".join(parts).encode()


def read_signer(path: Path | None) -> Signer | None:
    """The key in a file, which is read again when it changes; None without a path.

    Raises `CannotSign`.
    """
    if path is None:
        return None
    try:
        status = path.stat()
        if status.st_mode & OTHERS:
            raise CannotSign("The signing key's file may be read by others than its owner: chmod 600 mends it.")
        return _read(path, status.st_ino, status.st_mtime_ns)
    except OSError as error:
        detail = f"The signing key's file cannot be read ({error.strerror}); '{COMMAND} keys signing make' makes one."
        raise CannotSign(detail) from None


@lru_cache(maxsize=4)
def _read(path: Path, _inode: int, _changed: int) -> Signer:
    # A server that signs nothing loads no cryptography.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # see above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # see above
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  # see above

    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise CannotSign("The signing key's file holds no Ed25519 key as PEM without a password.")
    return Signer(private)


def make_signer(path: Path, *, replace: bool) -> Signer:
    """Writes a new key to a file that only its owner may read, in the place of the one before where it is to `replace`.

    Raises `Conflict` where there is one already and it is not to be replaced, and `CannotSign`.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # see above
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  # see above
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    signer = Signer(Ed25519PrivateKey.generate())
    pem = signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    written = path.with_name(f".{path.name}.{signer.id}")
    try:
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            if replace:
                written.replace(path)
            else:
                # Unlike a rename, a link never takes the place of a file that is there.
                path.hardlink_to(written)
        finally:
            written.unlink(missing_ok=True)
    except FileExistsError:
        raise Conflict(
            f"There is a signing key at {path} already; '{COMMAND} keys signing rotate' replaces it."
        ) from None
    except OSError as error:
        raise CannotSign(f"The signing key cannot be written to {path}: {error.strerror}.") from None
    return signer


def note_signer(connection: Connection, signer: Signer, now: datetime) -> None:
    """Lists the public key of a signer from now on; nothing where it is listed already."""
    if connection.execute(select(signing_key.c.id).where(signing_key.c.id == signer.id)).scalar() is None:
        row = {"id": signer.id, "public_key": signer.public_key, "since": now}
        connection.execute(insert(signing_key).values(row))


def list_signing_keys(connection: Connection) -> Sequence[Row[tuple[object, ...]]]:
    """Every public key that was ever signed with here, the oldest first."""
    return connection.execute(select(*signing_key.c).order_by(signing_key.c.since, signing_key.c.id)).all()


def is_signature(key_id: str, value: str) -> bool:
    """Whether these texts can be those of a signature."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return False
    return len(raw) == 64 and len(key_id) == 16 and not set(key_id) - set("0123456789abcdef")
