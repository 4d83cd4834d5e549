"""The body map: a figure from front and back, with an exercise's regions tinted and its muscles coloured."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from app.look.wording import ROLES, Wording

SHAPES = json.loads(Path(__file__).with_name("body_map.json").read_text(encoding="utf-8"))
MUSCLES, REGIONS = SHAPES["muscles"], SHAPES["regions"]
"""The shape of each muscle and region as an SVG path, by side and slug."""

SIDES = {"front": "Front", "back": "Back"}
WIDTH, HEIGHT = 168, 364
HATCH = (
    '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-ground" width="4" height="4"/><rect class="hatch-line" width="1.6" height="4"/>'
    "</pattern></defs>"
)


def body_map(
    muscles: Sequence[Mapping[str, Any]], regions: Sequence[Mapping[str, Any]], wording: Wording, *, whole: bool = True
) -> Markup:
    """The map as inline SVG, with a description for screen readers. `whole` also draws the muscles without a role.

    Colours come from the style sheet: `.map-stretched`, `.map-strengthened`, `.map-stabilising` (which is hatched, so
    that roles are told apart without colours too).
    """
    roles = {muscle["slug"]: muscle["role"] for muscle in muscles}
    tinted = {region["slug"] for region in regions}
    figures = "".join(
        f'<g transform="translate({WIDTH // 2 + index * WIDTH} 2)">{_figure(side, roles, tinted, whole=whole)}</g>'
        for index, side in enumerate(SIDES)
    )
    captions = "".join(
        f'<text class="map-side" x="{WIDTH // 2 + index * WIDTH}" y="{HEIGHT + 14}">{wording(label)}</text>'
        for index, label in enumerate(SIDES.values())
    )
    name = Markup("{}").format(described(muscles, regions, wording))
    return Markup(  # noqa: S704  # made of our own paths; the only text from content is escaped above
        f'<svg class="body-map" viewBox="0 0 {2 * WIDTH} {HEIGHT + 20}" role="img" aria-label="{name}">'
        f"{HATCH}{figures}{captions}</svg>"
    )


def described(muscles: Sequence[Mapping[str, Any]], regions: Sequence[Mapping[str, Any]], wording: Wording) -> str:
    """The map in words."""
    parts = [
        f"{wording(label)}: {', '.join(names)}"
        for role, label in ROLES.items()
        if (names := [muscle["name"] for muscle in muscles if muscle["role"] == role])
    ]
    if regions:
        parts.append(f"{wording('Regions')}: {', '.join(region['name'] for region in regions)}")
    return f"{wording('Body map')}. {'. '.join(parts)}."


def _figure(side: str, roles: Mapping[str, str], tinted: Iterable[str], *, whole: bool) -> str:
    body = "map-region" if "whole-body" in tinted else "map-body"
    parts = [f'<path class="{body}" d="{SHAPES[part]}"/>' for part in ("head", "body")]
    parts += [f'<path class="map-region" d="{path}"/>' for slug, path in REGIONS[side].items() if slug in tinted]
    if whole:
        parts += [f'<path class="map-muscle" d="{path}"/>' for slug, path in MUSCLES[side].items() if slug not in roles]
    parts += [f'<path class="map-{roles[slug]}" d="{path}"/>' for slug, path in MUSCLES[side].items() if slug in roles]
    half = "".join(parts)
    return f'<g>{half}</g><g transform="scale(-1 1)">{half}</g>'
