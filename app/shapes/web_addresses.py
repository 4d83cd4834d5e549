"""Addresses on the web, read so strictly that no two programs can read one differently.

What is accepted follows the grammar of RFC 3986 and is what browsers take for the same address: an `http` or `https`
URL whose host is a name of DNS, an IPv4 address in its usual form, or an IPv6 address in brackets.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

LONGEST = 2000
LONGEST_HOST = 253
HIGHEST_PORT = 65_535

_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]")
"""What RFC 3986 does not allow anywhere; and the apostrophe, which browsers percent-encode in some places."""
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class NotAnAddress(ValueError):
    """The text is no address on the web; `str(error)` is a sentence that says what is wrong."""


@dataclass(frozen=True)
class WebParts:
    """An address in its parts.

    `scheme` and `host` are in small letters. The host is ASCII; an IPv6 address has no brackets here. `port`, `query`
    and `fragment` are None where the address does not have them.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None


def parse_web_address(text: str, *, other_letters: bool = False) -> WebParts:
    """The parts of an address.

    With `other_letters`, the name of the host may be written in letters beyond ASCII, such as `bücher.example`; the
    parts hold it as DNS does. Raises `NotAnAddress`.
    """
    if len(text) > LONGEST:
        raise NotAnAddress(f"Must be at most {LONGEST} characters.")
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise NotAnAddress("Must be an address that begins with https:// or http://.")
    scheme, authority, path, query, fragment = parts.groups()
    if "@" in authority:
        raise NotAnAddress("Must not hold a user or a password, which is what stands before '@'.")
    host, colon_and_port = _split_authority(authority)
    if not host.isascii() and other_letters:
        host = _in_ascii(host)
    _check_characters("".join(filter(None, (host.strip("[]"), path, query, fragment))))
    if "#" in (fragment or ""):
        raise NotAnAddress("Must have one '#' at most; write a second one percent-encoded: as %23.")
    return WebParts(scheme.lower(), _checked_host(host.lower()), _checked_port(colon_and_port), path, query, fragment)


def _split_authority(authority: str) -> tuple[str, str | None]:
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise NotAnAddress("Must hold a host; an IPv6 address stands in brackets, such as https://[2001:db8::1]/.")
    return parts[1], parts[2]


def _check_characters(text: str) -> None:
    if wrong := _NOT_ALLOWED.search(text) or re.search(r"[\[\]]", text):
        raise NotAnAddress(
            f"Must not hold {_named(wrong.group())}; after the host, write it percent-encoded: as"
            f" {''.join(f'%{byte:02X}' for byte in wrong.group().encode(errors='replace'))}."
        )
    if wrong := _BARE_PERCENT.search(text):
        raise NotAnAddress("Must have two hexadecimal digits after each '%', such as %20.")


def _named(character: str) -> str:
    """The character as an error shows it: what cannot be seen, and what turns the text around, by its number."""
    shown = character.isprintable() and unicodedata.bidirectional(character) not in ("R", "AL")
    return f"'{character}'" if shown and not character.isspace() else f"the character U+{ord(character):04X}"


def _in_ascii(host: str) -> str:
    """The name of a host as DNS has it (UTS 46, as browsers do)."""
    import idna  # noqa: PLC0415  # its tables are large, and names in other letters are rare

    try:
        if len(host) > LONGEST_HOST:
            raise idna.IDNAError
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        raise NotAnAddress("Must hold a host whose name DNS can have.") from None


def _checked_host(host: str) -> str:
    if host.startswith("["):
        try:
            return str(ipaddress.IPv6Address(_without_zone(host[1:-1])))
        except ValueError:
            raise NotAnAddress("Must hold an IPv6 address between the brackets, without a zone.") from None
    if not host:
        raise NotAnAddress("Must hold a host after '//', such as https://example.org/.")
    labels = host.split(".")
    if len(host) > LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise NotAnAddress(
            "Must hold a host whose parts, between single dots, are 1 to 63 letters a-z, digits and inner hyphens,"
            f" at most {LONGEST_HOST} characters in all."
        )
    if _NUMBER.fullmatch(labels[-1]):
        # Browsers take such a host for an IPv4 address, whatever its form.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise NotAnAddress("Must hold a name or an IPv4 address such as 192.0.2.1 as its host.") from None
    for label in labels:
        if label[2:4] == "--":
            _check_encoded(label)
    return host


def _without_zone(address: str) -> str:
    if "%" in address:
        raise ValueError(address)
    return address


def _check_encoded(label: str) -> None:
    """A part of a host that is written for DNS, such as `xn--bcher-kva`, stands for letters that names may have."""
    import idna  # noqa: PLC0415  # see above

    try:
        idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        raise NotAnAddress(f"Must hold a host whose name DNS can have; '{label}' stands for none.") from None


def _checked_port(port: str | None) -> int | None:
    if port is None:
        return None
    if not _PORT.fullmatch(port) or int(port) > HIGHEST_PORT:
        raise NotAnAddress(f"Must have a port from 1 to {HIGHEST_PORT} after the host's ':', or neither.")
    return int(port)
