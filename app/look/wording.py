"""The wording of pages and cards outside the content: labels, doses and times, in the languages of `translations/`.

The English texts stand in the code and are the keys of their translations. A text without a translation stays English.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TRANSLATIONS = Path(__file__).parent / "translations"

INTENSITIES = {1: "Very gentle", 2: "Gentle", 3: "Moderate", 4: "Strong", 5: "Very strong"}
TYPES = {
    "stretch": "Stretch",
    "mobility": "Mobility",
    "strengthening": "Strengthening",
    "posture": "Posture",
    "breathing": "Breathing",
    "relaxation": "Relaxation",
    "yoga": "Yoga",
    "balance": "Balance",
    "aerobic": "Aerobic",
    "nerve-gliding": "Nerve gliding",
    "self-massage": "Self-massage",
}
POSITIONS = {
    "standing": "Standing",
    "seated": "Seated",
    "supine": "Lying on the back",
    "prone": "Lying face down",
    "side-lying": "Lying on the side",
    "kneeling": "Kneeling",
    "half-kneeling": "Kneeling on one knee",
    "all-fours": "On all fours",
}
ROLES = {"stretched": "Stretched", "strengthened": "Strengthened", "stabilising": "Stabilising"}
GOALS = {"relieve": "Relieve", "prevent": "Prevent", "strengthen": "Strengthen", "relax": "Relax"}
SECTIONS = {"warm-up": "Warm-up", "main": "Main part", "cool-down": "Cool-down"}
PROFESSIONAL = {
    "none": "You can start on your own",
    "recommended": "Go through it with a professional first",
    "required": "Only with a professional's guidance",
}
URGENCIES = {
    "emergency": "Emergency: get help at once",
    "urgent": "See a doctor the same day",
    "soon": "See a doctor or physiotherapist soon",
}
EVIDENCE = {
    "trial": "Tested in trials",
    "guideline": "In guidelines",
    "textbook": "In textbooks",
    "practice": "From practice",
}
LANGUAGE_NAMES = {"en": "English", "es": "Español", "de": "Deutsch", "fr": "Français", "pt": "Português"}


class Wording:
    """Gives texts in one language: it is called with the English text."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._translations = _translations(language)

    def __call__(self, text: str, **values: Any) -> str:
        translated = self._translations.get(text, text)
        return translated.format(**values) if values else translated

    def plural(self, one: str, other: str, n: int) -> str:
        """The text for a number, which stands in it as `{n}`."""
        return self(one if n == 1 else other, n=n)

    def duration(self, seconds: int | None) -> str:
        """A time as people say it: `45 s`, `3 min`, `2 min 10 s`; over ten minutes in whole minutes."""
        if not seconds:
            return ""
        minutes, rest = divmod(seconds, 60)
        if minutes >= 10:
            return self("{n} min", n=round(seconds / 60))
        parts = [self("{n} min", n=minutes)] if minutes else []
        return " ".join(parts + ([self("{n} s", n=rest)] if rest else []))

    def amount(self, dose: Mapping[str, Any] | None) -> list[str]:
        """What one session of a dose is, in phrases: sets and repetitions, hold, sides, rest."""
        if not dose:
            return []
        sets, repetitions = dose["sets"], dose["repetitions"]
        phrases = []
        if sets > 1:
            phrases.append(self.plural("{n} set", "{n} sets", sets))
        if dose["breaths"]:
            phrases.append(self.plural("{n} breath", "{n} breaths", repetitions))
        elif repetitions > 1 or not dose["hold_seconds"]:
            phrases.append(self.plural("{n} repetition", "{n} repetitions", repetitions))
        if dose["hold_seconds"]:
            phrases.append(self("hold {time}", time=self.duration(dose["hold_seconds"])))
        if dose["per_side"]:
            phrases.append(self("each side"))
        if dose["rest_seconds"] and sets > 1:
            phrases.append(self("rest {time} between sets", time=self.duration(dose["rest_seconds"])))
        return phrases

    def how_often(self, dose: Mapping[str, Any] | None) -> list[str]:
        """How often a session is done, in phrases."""
        if not dose:
            return []
        times, days = dose["times_per_day"], dose["days_per_week"]
        phrases = [self.plural("once a day", "{n} times a day", times)] if times else []
        if days:
            phrases.append(self("every day") if days == 7 else self.plural("1 day a week", "{n} days a week", days))
        return phrases


@cache
def _translations(language: str) -> Mapping[str, str]:
    path = TRANSLATIONS / f"{language}.json"
    translations: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return translations


def language_name(tag: str) -> str:
    """A language's own name for itself."""
    return LANGUAGE_NAMES.get(tag, tag)
