"""Why an exercise was chosen for a composed routine, as texts in each language."""

from collections.abc import Iterator, Sequence
from typing import Any

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "name": "{minutes} minutes: {subject}",
        "name_of_one": "{minutes} minute: {subject}",
        "general": "a balanced session",
        "stage": "Session",
        "warm-up": "Gentle movement to begin with.",
        "main": "Intensity {intensity} of 5, within the {limit} asked for.",
        "cool-down": "Calms down at the end.",
        "relieve": "Relieves: {names}.",
        "prevent": "Prevents: {names}.",
        "regions": "Works on: {names}.",
        "equipment": "Needs only: {names}.",
        "no_equipment": "Needs no equipment.",
        "safe": "Not contraindicated with: {names}.",
        "filler": "Fills the time that is left.",
        "shorter": "The dose is smaller than usual, to keep to the time.",
    },
    "es": {
        "name": "{minutes} minutos: {subject}",
        "name_of_one": "{minutes} minuto: {subject}",
        "general": "una sesión equilibrada",
        "stage": "Sesión",
        "warm-up": "Movimiento suave para empezar.",
        "main": "Intensidad {intensity} de 5, dentro del máximo pedido ({limit}).",
        "cool-down": "Ayuda a volver a la calma al final.",
        "relieve": "Alivia: {names}.",
        "prevent": "Previene: {names}.",
        "regions": "Trabaja: {names}.",
        "equipment": "Solo necesita: {names}.",
        "no_equipment": "No necesita material.",
        "safe": "No está contraindicado con: {names}.",
        "filler": "Completa el tiempo que queda.",
        "shorter": "La dosis es menor de lo habitual, para ajustarse al tiempo.",
    },
}


def say(language: str, key: str, **values: Any) -> str:
    """The text of a key in a language, with values put in."""
    return TEXTS[language][key].format(**values)


def listed(language: str, key: str, names: Sequence[str]) -> Iterator[str]:
    """The text of a key about names; nothing if there are no names."""
    if names:
        yield say(language, key, names=", ".join(names))
