"""Documents as bytes: how they are composed, and how the origin gets into them.

The origin is the scheme and host of the service, such as `https://limber.example`. A stored document has a mark in its
place: U+FDD0, a character that no draft may hold. The mark is replaced when the document is sent, so that a change of
the configured origin needs no new release.
"""

from typing import Any

from app.content import canonical_json
from app.content.content_type import ContentType, Document
from app.content.mapping import Draft

ORIGIN_MARK = "\ufdd0"
ALWAYS_KEPT = ("kind", "id", "slug")
"""The fields that a document has however it is trimmed."""

_MARK_BYTES = ORIGIN_MARK.encode()


def with_origin(body: bytes, origin: str) -> bytes:
    """The document as it is sent from `origin`."""
    return body.replace(_MARK_BYTES, origin.encode())


def on_this_service(path: str) -> str:
    """A link to a path of this service, as it stands in a stored document."""
    return ORIGIN_MARK + path if path.startswith("/") else path


def links(content_type: ContentType, draft: Draft) -> dict[str, str | None]:
    """The `links` of a document."""
    page = f"/{content_type.collection}/{draft['slug']}" if content_type.pages else None
    return {
        "self": on_this_service(content_type.path(draft)),
        "html": on_this_service(page) if page else None,
        "embed": on_this_service(f"/embed{page}") if page else None,
        "oembed": on_this_service(f"/oembed?url={ORIGIN_MARK}{page}") if page else None,
        "report": on_this_service(f"/report?about={content_type.path(draft)}"),
    }


def compose(content_type: ContentType, draft: Draft, language: str, content: Document) -> Document:
    """The whole document, except that `revision` and `published_at` are null until `publish` fills them in."""
    known: dict[str, Any] = {
        "kind": content_type.kind,
        "id": draft["id"],
        "slug": draft["slug"],
        "former_slugs": draft.get("former_slugs", []),
        "language": language,
        **content,
        "links": links(content_type, draft),
    }
    ordered = (*(key for key in known if key != "links"), "revision", "published_at", "links")
    return {key: known.get(key) for key in ordered}


def publish(document: Document, revision: int, published_at: str) -> bytes:
    """The bytes of a composed document as a release stores them."""
    return canonical_json.dump(document | {"revision": revision, "published_at": published_at})
