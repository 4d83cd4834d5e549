"""Partners and the origins that may frame their cards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from app.errors import Conflict, Fault, InvalidPartner, NotFound
from app.models import tables
from app.shapes.fields import SLUG_MAX_LENGTH
from app.shapes.web_addresses import NotAnAddress, parse_web_address

MOST_ORIGINS = 50
"""How many origins a partner may have: they all stand in one header."""

MOST_PARTNERS = 1000

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class PartnerEntry:
    """A partner as it is listed."""

    slug: str
    name: str
    origins: tuple[str, ...]


def normal_origin(text: str) -> str:
    """An origin as browsers write it: lower case, punycode, no default port (RFC 6454, section 6.2).

    Raises `InvalidPartner` for a text that is more or less than an origin: with a path, a user or a wildcard, say.
    """
    try:
        parts = parse_web_address(text, other_letters=True)
        if parts.path not in ("", "/") or parts.query is not None or parts.fragment is not None:
            raise NotAnAddress("Must end with the host, or with its port.")
    except NotAnAddress as error:
        shown = f"'{text[:100]}' is not" if text[:100].isprintable() else "This is not"
        detail = f"{shown} an origin such as https://clinic.example. {error}"
        raise InvalidPartner([Fault("origins", detail)]) from None
    host = f"[{parts.host}]" if ":" in parts.host else parts.host
    port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else ""
    return f"{parts.scheme}://{host}{port}"


def checked_partner(*, slug: str, name: str, origins: Sequence[str]) -> PartnerEntry:
    """A partner as it would be saved, with its origins in their normal form, sorted, each once.

    Raises `InvalidPartner` with every fault.
    """
    faults: list[Fault] = []
    if len(slug) > SLUG_MAX_LENGTH or not _SLUG.fullmatch(slug):
        faults.append(Fault("slug", "Must be small letters, digits and single hyphens."))
    if not name.strip() or len(name) > 200 or not name.isprintable():
        faults.append(Fault("name", "Must be 1 to 200 characters."))
    normal: set[str] = set()
    for number, origin in enumerate(origins):
        try:
            normal.add(normal_origin(origin))
        except InvalidPartner as error:
            faults += [Fault(f"origins/{number}", fault.detail) for fault in error.faults]
    if not 1 <= len(origins) <= MOST_ORIGINS:
        faults.append(Fault("origins", f"Must be 1 to {MOST_ORIGINS} origins."))
    if faults:
        raise InvalidPartner(faults)
    return PartnerEntry(slug, name.strip(), tuple(sorted(normal)))


def save_partner(
    connection: Connection, *, slug: str, name: str, origins: Sequence[str], now: datetime | None = None
) -> PartnerEntry:
    """Adds a partner, or replaces the name and the origins of the partner that has this slug.

    Raises `InvalidPartner`, and `Conflict` where there are `MOST_PARTNERS` already.
    """
    partner = checked_partner(slug=slug, name=name, origins=origins)
    if find_partner(connection, slug) is None:
        if connection.execute(select(func.count()).select_from(tables.partner)).scalar_one() >= MOST_PARTNERS:
            raise Conflict(f"There are {MOST_PARTNERS} partners, the most there may be; remove one.")
        values = {"slug": slug, "name": partner.name, "created_at": now or datetime.now(UTC)}
        connection.execute(insert(tables.partner).values(values))
    else:
        connection.execute(update(tables.partner).where(tables.partner.c.slug == slug).values(name=partner.name))
    connection.execute(delete(tables.partner_origin).where(tables.partner_origin.c.partner_slug == slug))
    rows = [{"partner_slug": slug, "origin": origin} for origin in partner.origins]
    connection.execute(insert(tables.partner_origin), rows)
    return partner


def find_partner(connection: Connection, slug: str) -> PartnerEntry | None:
    """One partner, or None."""
    name = connection.execute(select(tables.partner.c.name).where(tables.partner.c.slug == slug)).scalar()
    return None if name is None else PartnerEntry(slug, name, partner_origins(connection, slug) or ())


def remove_partner(connection: Connection, slug: str) -> None:
    """Removes a partner, whose site may then frame no cards any more. Raises `NotFound`."""
    connection.execute(delete(tables.partner_origin).where(tables.partner_origin.c.partner_slug == slug))
    if not connection.execute(delete(tables.partner).where(tables.partner.c.slug == slug)).rowcount:
        raise NotFound(f"There is no partner '{slug}'.")


def partners(connection: Connection) -> list[PartnerEntry]:
    """All partners, by slug."""
    origins: dict[str, list[str]] = {}
    columns = tables.partner_origin.c
    for row in connection.execute(select(*columns).order_by(columns.partner_slug, columns.origin)):
        origins.setdefault(row.partner_slug, []).append(row.origin)
    rows = connection.execute(select(tables.partner.c.slug, tables.partner.c.name).order_by(tables.partner.c.slug))
    return [PartnerEntry(row.slug, row.name, tuple(origins.get(row.slug, ()))) for row in rows]


def partner_origins(connection: Connection, slug: str) -> tuple[str, ...] | None:
    """The origins that may frame a partner's cards, or None where there is no such partner."""
    if len(slug) > SLUG_MAX_LENGTH or not _SLUG.fullmatch(slug):
        return None
    statement = select(tables.partner_origin.c.origin).where(tables.partner_origin.c.partner_slug == slug)
    return tuple(connection.execute(statement.order_by(tables.partner_origin.c.origin)).scalars()) or None
