"""The tables of docs/imports.md are those of the code."""

import re

from app.config import ROOT
from app.imports.free_exercise_db import GENTLEST, LEVELS, MUSCLES
from app.imports.wger_tables import FILES

PAGE = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")


def test_the_scale_is_the_one_that_is_used() -> None:
    rows = re.findall(r"^\| (`[^|]*`) \| (\d) \| (\d) \| (\d) \|$", PAGE, re.MULTILINE)
    documented = {
        category: [int(each) for each in numbers]
        for names, *numbers in rows
        for category in re.findall("`(.*?)`", names)
    }
    assert documented == {
        category: [min(5, gentlest + rank) for rank in range(len(LEVELS))] for category, gentlest in GENTLEST.items()
    }


def test_every_muscle_stands_there_with_its_term() -> None:
    table = PAGE.split("| muscles | become |")[1].split("## wger")[0]
    for word, (slug, region) in MUSCLES.items():
        line = next(
            line
            for line in table.splitlines()
            if re.search(rf"\b{word}\b", line.split("|")[1:2][0] if "|" in line else "")
        )
        assert word == slug or f"`{slug}`" in line
        assert region in line


def test_every_file_of_wger_is_named() -> None:
    assert all(f"`{name}`" in PAGE for name in FILES.values())
