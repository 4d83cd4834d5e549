"""The form of API keys: `lim_ID_SECRET`, where the last six characters are a checksum.

A typing error is noticed without a database, and scanners of public code can find a leaked key by its prefix. It is the
form of GitHub's tokens (prefix, base 62, CRC-32). The secret has 190 random bits; the store keeps a digest of it only.
"""

import hashlib
import hmac
import secrets
import string
import zlib
from dataclasses import dataclass

PREFIX = "lim"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID_LENGTH, SECRET_LENGTH, CHECKSUM_LENGTH = 10, 32, 6

MANAGES_KEYS = "keys"
SCOPES = ("content:read", "content:write", "content:release", MANAGES_KEYS, "webhooks", "audit")
"""What a key may be allowed to do."""


@dataclass(frozen=True)
class WholeKey:
    """A key with its secret, as its holder has it."""

    id: str
    text: str

    @property
    def digest(self) -> str:
        """What the store keeps: SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def matches(self, digest: str) -> bool:
        """Whether the stored digest is this key's, in constant time."""
        return hmac.compare_digest(self.digest, digest)


def make_key() -> WholeKey:
    """A new key."""
    identifier, secret = _random(ID_LENGTH), _random(SECRET_LENGTH)
    unchecked = f"{PREFIX}_{identifier}_{secret}"
    return WholeKey(identifier, unchecked + _checksum(unchecked))


def parse_key(text: str) -> WholeKey | None:
    """The key that a text spells, or None if the text has another form or a wrong checksum."""
    if len(text) != len(PREFIX) + ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH + 2 or not text.isascii():
        return None
    prefix, _, rest = text.partition("_")
    identifier, separator, secret = rest.partition("_")
    if prefix != PREFIX or not separator or len(identifier) != ID_LENGTH or set(identifier + secret) - set(ALPHABET):
        return None
    return WholeKey(identifier, text) if _checksum(text[:-CHECKSUM_LENGTH]) == text[-CHECKSUM_LENGTH:] else None


def is_identifier(text: str) -> bool:
    """Whether a text can be the id of a key."""
    return len(text) == ID_LENGTH and not set(text) - set(ALPHABET)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _checksum(text: str) -> str:
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
