"""Why an exercise was chosen for a composed routine, as texts in each language."""

from collections.abc import Sequence
from typing import Any

Reason = dict[str, str]
"""Why: `{code, text}`. The code stays the same in every language and version."""

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "name": "{minutes} minutes: {subject}",
        "name-of-one": "{minutes} minute: {subject}",
        "general": "a balanced session",
        "stage": "Session",
        "warm-up": "Gentle movement to begin with.",
        "main": "Makes the session whole.",
        "cool-down": "Calms down at the end.",
        "relieve": "May relieve: {names}.",
        "prevent": "May help to prevent: {names}.",
        "regions": "Works on: {names}.",
        "equipment": "Needs only: {names}.",
        "no-equipment": "Needs no equipment.",
        "safe": "Nothing in it is ruled out with: {names}.",
        "position": "You can stay in one position: {position}.",
        "shorter": "The dose is smaller than usual, to keep to the time.",
    },
    "es": {
        "name": "{minutes} minutos: {subject}",
        "name-of-one": "{minutes} minuto: {subject}",
        "general": "una sesión equilibrada",
        "stage": "Sesión",
        "warm-up": "Movimiento suave para empezar.",
        "main": "Completa la sesión.",
        "cool-down": "Ayuda a volver a la calma al final.",
        "relieve": "Puede aliviar: {names}.",
        "prevent": "Puede ayudar a prevenir: {names}.",
        "regions": "Trabaja: {names}.",
        "equipment": "Solo necesita: {names}.",
        "no-equipment": "No necesita material.",
        "safe": "No contiene nada que se deba evitar con: {names}.",
        "position": "Puedes quedarte en una misma postura: {position}.",
        "shorter": "La dosis es menor de lo habitual, para ajustarse al tiempo.",
    },
}


def say(language: str, key: str, **values: Any) -> str:
    """The text of a key in a language, with values put in."""
    return TEXTS[language][key].format(**values)


def reason(language: str, code: str, **values: Any) -> Reason:
    """A reason by its code, which is the key of its text."""
    return {"code": code, "text": say(language, code, **values)}


def listed(language: str, code: str, names: Sequence[str]) -> list[Reason]:
    """The reason that a code gives about names; none if there are no names."""
    return [reason(language, code, names=", ".join(names))] if names else []
