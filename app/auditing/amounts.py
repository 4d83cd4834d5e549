"""Numbers of seconds, breaths, minutes, sets and times that a text says, in words or in digits."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


class Amount(NamedTuple):
    """A number with its unit: `seconds`, `breaths`, `minutes`, `sets`, `times`, or `count`, as in "count to four"."""

    number: int
    unit: str
    words: str


@cache
def words(language: str) -> Mapping[str, Any]:
    """The words of a language that rules look for, from `words.toml`; empty where nobody wrote them down."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    known: Mapping[str, Any] = table.get(language, {})
    return known


@cache
def pattern(language: str, name: str) -> re.Pattern[str]:
    """A regular expression of `words.toml`."""
    return re.compile(words(language)[name].replace("\n", ""), re.IGNORECASE)


def amounts(text: str, language: str) -> Iterator[Amount]:
    """Every amount that a text says, such as "hold for ten seconds", "three slow breaths", "over a count of four"."""
    if not words(language) or not text:
        return
    units, numbers = words(language)["units"], words(language)["numbers"]
    for match in _amount(language).finditer(text):
        unit = next(unit for unit in units if match[unit])
        said = match["number"].lower()
        if said.isdigit() or said in numbers:
            yield Amount(int(said) if said.isdigit() else numbers[said], unit, match[0])
        elif unit in ("breaths", "minutes"):  # "a second" and "one set" are seldom meant as a number
            yield Amount(1, unit, match[0])
    for sentence in re.split(r"[.;]", text):
        if counting := pattern(language, "count").search(sentence):
            for match in _count(language).finditer(sentence, counting.end()):
                said = match["number"].lower()
                yield Amount(int(said) if said.isdigit() else numbers[said], "count", f"{counting[0]} {match[0]}")


def _number(language: str) -> str:
    return rf"\d+|{'|'.join(sorted(words(language)['numbers'], key=len, reverse=True))}"


@cache
def _amount(language: str) -> re.Pattern[str]:
    known = words(language)
    units = "|".join(f"(?P<{name}>{unit})" for name, unit in known["units"].items())
    number = rf"(?<![\w-])(?P<number>{_number(language)}|{known['one']})"
    quality = rf"(?:(?!{known['vague']}\b)\w+\s+)?"
    return re.compile(rf"{number}[\s-]+{quality}(?:{units})\b", re.IGNORECASE)


@cache
def _count(language: str) -> re.Pattern[str]:
    number = rf"\b{words(language)['count_to']} (?P<number>{_number(language)})\b"
    return re.compile(rf"{number}(?!\s+(?:\w+\s+)?(?:{'|'.join(words(language)['units'].values())}))", re.IGNORECASE)
