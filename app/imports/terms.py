"""The terms that imported exercises need: found in the store, or brought along by the import.

A term that the store has is used as it is and never rewritten. `BROUGHT` has the terms that the mappings name, with the
few fields that an import can vouch for. Seed files that have the same terms in full may be applied before or after it.
"""

from typing import Any

from app.content.mapping import Draft
from app.imports import texts
from app.imports.known import Known
from app.shapes.fields import SLUG_MAX_LENGTH

SINGULAR = {"muscles": "muscle", "equipment": "equipment", "regions": "region", "licences": "licence"}


def _term(vocabulary: str, slug: str, name: str, **more: Any) -> Draft:
    return {"slug": slug, "vocabulary": vocabulary, "name": name, **more}


def _muscle(slug: str, name: str, region: str) -> Draft:
    return _term("muscles", slug, name, regions=[region])


def _licence(spdx: str, name: str, url: str) -> Draft:
    return _term("licences", spdx.lower().replace(".", "-"), name, spdx=spdx, url=url)


_CC, _ODC = "https://creativecommons.org", "https://opendatacommons.org"
_SHARE_ALIKE = "Creative Commons Attribution-ShareAlike"

BROUGHT = {
    draft["slug"]: draft
    for draft in (
        _term("regions", "neck", "Neck"),
        _term("regions", "shoulders", "Shoulders"),
        _term("regions", "upper-back", "Upper back"),
        _term("regions", "middle-back", "Middle back"),
        _term("regions", "lower-back", "Lower back"),
        _term("regions", "chest", "Chest"),
        _term("regions", "arms", "Arms"),
        _term("regions", "core", "Core"),
        _term("regions", "hips", "Hips"),
        _term("regions", "legs", "Legs"),
        _term("regions", "whole-body", "Whole body"),
        _muscle("abdominals", "Abdominals", "core"),
        _muscle("biceps", "Biceps", "arms"),
        _muscle("brachialis", "Brachialis", "arms"),
        _muscle("calves", "Calves", "legs"),
        _muscle("deltoids", "Deltoids", "shoulders"),
        _muscle("erector-spinae", "Erector spinae", "middle-back"),
        _muscle("forearm-muscles", "Forearm muscles", "arms"),
        _muscle("glutes", "Glutes", "hips"),
        _muscle("hamstrings", "Hamstrings", "legs"),
        _muscle("hip-abductors", "Hip abductors", "hips"),
        _muscle("hip-adductors", "Hip adductors", "hips"),
        _muscle("latissimus-dorsi", "Latissimus dorsi", "middle-back"),
        _muscle("middle-back-muscles", "Middle back muscles", "upper-back"),
        _muscle("neck-muscles", "Neck muscles", "neck"),
        _muscle("obliques", "Obliques", "core"),
        _muscle("pectoralis-major", "Pectoralis major", "chest"),
        _muscle("quadriceps", "Quadriceps", "legs"),
        _muscle("serratus-anterior", "Serratus anterior", "chest"),
        _muscle("trapezius", "Trapezius", "upper-back"),
        _muscle("triceps", "Triceps", "arms"),
        _term("equipment", "barbell", "Barbell"),
        _term("equipment", "bench", "Bench"),
        _term("equipment", "cable-machine", "Cable machine"),
        _term("equipment", "dumbbells", "Dumbbells"),
        _term("equipment", "equipment-not-stated", "Equipment not stated"),
        _term("equipment", "exercise-ball", "Exercise ball"),
        _term("equipment", "ez-curl-bar", "EZ curl bar"),
        _term("equipment", "foam-roller", "Foam roller"),
        _term("equipment", "incline-bench", "Incline bench"),
        _term("equipment", "kettlebell", "Kettlebell"),
        _term("equipment", "mat", "Mat"),
        _term("equipment", "medicine-ball", "Medicine ball"),
        _term("equipment", "other-equipment", "Other equipment"),
        _term("equipment", "pull-up-bar", "Pull-up bar"),
        _term("equipment", "resistance-band", "Resistance band"),
        _term("equipment", "weight-machine", "Weight machine"),
        _licence("CC-BY-4.0", "Creative Commons Attribution 4.0 International", f"{_CC}/licenses/by/4.0/"),
        _licence("CC-BY-SA-3.0", f"{_SHARE_ALIKE} 3.0 Unported", f"{_CC}/licenses/by-sa/3.0/"),
        _licence("CC-BY-SA-4.0", f"{_SHARE_ALIKE} 4.0 International", f"{_CC}/licenses/by-sa/4.0/"),
        _licence("CC0-1.0", "Creative Commons Zero 1.0 Universal", f"{_CC}/publicdomain/zero/1.0/"),
        _licence("ODbL-1.0", "Open Data Commons Open Database License 1.0", f"{_ODC}/licenses/odbl/1-0/"),
        _licence("Unlicense", "The Unlicense", "https://unlicense.org/"),
    )
}


class Terms:
    """Gives a term's slug for a word. `drafts` collects the drafts of the terms that the store lacks."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.drafts: dict[str, Draft] = {}
        self._settled: dict[tuple[str, str], str] = {}

    def brought(self, slug: str) -> str:
        """The slug that a term of `BROUGHT` has in the store."""
        return self._choose(BROUGHT[slug])

    def for_word(self, word: str, vocabulary: str, **more: Any) -> str:
        """The slug of the term that has this name, which is added if there is none."""
        present = self.known.term_named(vocabulary, word)
        if present is not None:
            return present
        slug = texts.slug_of(word, limit=SLUG_MAX_LENGTH - 20) or "unnamed"
        if BROUGHT.get(slug, {}).get("vocabulary") == vocabulary:
            return self.brought(slug)
        return self._choose({"slug": slug, "vocabulary": vocabulary, "name": word, **more})

    def _choose(self, draft: Draft) -> str:
        key = (draft["vocabulary"], draft["slug"])
        if key not in self._settled:
            self._settled[key] = self._settle(draft)
        return self._settled[key]

    def _settle(self, draft: Draft) -> str:
        """The first slug for a term that no other vocabulary has or may get. A new term becomes a draft."""
        vocabulary = draft["vocabulary"]
        for slug in _candidates(draft):
            present = self.known.terms.get(slug)
            if present is not None and present.vocabulary == vocabulary and present.active:
                return present.slug
            others = [term["vocabulary"] for term in (BROUGHT.get(slug), self.drafts.get(slug)) if term]
            others += [present.vocabulary] if present else []
            if set(others) <= {vocabulary} and slug not in self.drafts:
                break
        self.drafts[slug] = {**draft, "slug": slug}
        if "regions" in draft:
            self.drafts[slug]["regions"] = [self.brought(region) for region in draft["regions"]]
        return slug


def _candidates(draft: Draft) -> list[str]:
    """A term's slug, then slugs to try if another vocabulary has it, such as `neck-muscle` and `neck-muscle-2`."""
    slug, second = draft["slug"], f"{draft['slug']}-{SINGULAR[draft['vocabulary']]}"
    return [slug, second, *(f"{second}-{number}" for number in range(2, 10_000))]
