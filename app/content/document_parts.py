"""Pieces of documents that several kinds render alike. Pure functions of drafts and a `Context`."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.content.content_type import Context, Document
from app.content.documents import on_this_service
from app.models.dose import BREATH_SECONDS, SECONDS
from app.shapes.labels import label


def dose(draft: Mapping[str, Any] | None) -> Document | None:
    """A dose with all its fields, or None."""
    if not draft:
        return None
    per_side, breaths = bool(draft.get("per_side")), draft.get("breaths")
    return {
        "sets": draft.get("sets", 1),
        "repetitions": draft.get("repetitions", 1),
        **{key: draft.get(key) for key in (*SECONDS, "rest_seconds", "times_per_day", "days_per_week")},
        "per_side": per_side,
        "side_order": draft.get("side_order", "one-after-other") if per_side else None,
        "breaths": {key: breaths.get(key) for key in BREATH_SECONDS} if breaths else None,
    }


def terms(slugs: Sequence[str] | None, context: Context) -> list[Document]:
    """`{slug, name}` of each term."""
    return [context.named("term", slug) for slug in slugs or ()]


def texts(values: Sequence[Any] | None, context: Context) -> list[str | None]:
    """Each text in the language that is rendered."""
    return [context.text(value) for value in values or ()]


def cited_source(slug: str, context: Context) -> Document:
    """`{slug, type, title}` of a source."""
    source = context.draft("source", slug)
    return {"slug": source["slug"], "type": source["type"], "title": source["title"]}


def citations(draft: Mapping[str, Any], context: Context) -> list[Document]:
    """The citations of an exercise or a routine."""
    return [
        {
            "source": cited_source(citation["source"], context),
            "locator": citation.get("locator"),
            "note": context.text(citation.get("note")),
        }
        for citation in draft.get("citations", ())
    ]


def licence(slug: str, attribution: str | None, context: Context) -> Document:
    """A licence by its SPDX identifier."""
    term = context.draft("term", slug)
    return {
        "id": term.get("spdx"),
        "name": context.text(term["name"]),
        "url": term.get("url"),
        "attribution": attribution,
    }


def own_licence(draft: Mapping[str, Any], context: Context) -> Document | None:
    """The licence of an entity's texts, or None."""
    own = draft.get("licence")
    return licence(own["slug"], own.get("attribution"), context) if own else None


def review(draft: Mapping[str, Any]) -> Document:
    """Whether a person reviewed the content; a draft that does not say so was not reviewed."""
    reviewed = draft.get("review") or {}
    return {
        "status": reviewed.get("status", "unreviewed"),
        **{key: reviewed.get(key) for key in ("reviewed_on", "reviewer", "next_review_on")},
    }


def media(draft: Mapping[str, Any], context: Context) -> list[Document]:
    """Pictures and films, each with its own licence."""
    return [
        {
            "url": on_this_service(medium["url"]),
            "type": medium["type"],
            "alt": context.text(medium["alt"]),
            "width": medium.get("width"),
            "height": medium.get("height"),
            "licence": licence(medium["licence"], medium.get("credit"), context),
            "credit": medium.get("credit"),
        }
        for medium in draft.get("media", ())
    ]


def term_words(slugs: Sequence[str], context: Context) -> list[str | None]:
    """What people call these terms: names, other names, anatomical names."""
    words: list[str | None] = []
    for slug in slugs:
        term = context.draft("term", slug)
        words += [context.text(term["name"]), *texts(term.get("aliases"), context), term.get("latin_name")]
    return words


def choice_words(values: Sequence[str | None], context: Context) -> list[str | None]:
    """What people call words of fixed lists, such as types and positions."""
    return [label(value, context.language) for value in values if value]
