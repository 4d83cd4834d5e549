"""Prometheus, as far as the alert rules of `deploy/` go: what was scraped, and whether a rule's expression holds."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from app.config import ROOT

RULES_FILE = ROOT / "deploy" / "prometheus" / "limber.rules.yaml"
Series = tuple[str, frozenset[tuple[str, str]]]
COMPARE: Mapping[str, Callable[[float, float], bool]] = {"==": operator.eq, ">": operator.gt}
SECONDS = 60.0
"""What lies between two scrapes, as far as rates go."""


@dataclass(frozen=True)
class Scrape:
    """The series of one scrape."""

    series: Mapping[Series, float]

    @classmethod
    def of(cls, text: str) -> "Scrape":
        """What a server told; `""` where it did not answer."""
        families = list(text_string_to_metric_families(text))
        found = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }
        return cls({**found, ("up", frozenset({("job", "limber")})): float(bool(text))})

    def value(self, name: str, **labels: str) -> float:
        """The sum of the series of this name that have these labels."""
        return sum(
            value
            for (of, having), value in self.series.items()
            if of == name and labels.items() <= dict(having).items()
        )


def rules() -> dict[str, dict[str, Any]]:
    """The rules by name."""
    [group] = yaml.safe_load(Path(RULES_FILE).read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


def holds(alert: str, before: Scrape, after: Scrape) -> bool:
    """Whether the expression of a rule holds at the second of two scrapes."""
    parts = re.fullmatch(r"(.+) (==|>) ([0-9.]+)", rules()[alert]["expr"])
    assert parts, alert
    return any(COMPARE[parts[2]](value, float(parts[3])) for value in _vector(parts[1], before, after))


def _vector(expression: str, before: Scrape, after: Scrape) -> list[float]:
    if " / " in expression:
        above, below = (_vector(part, before, after) for part in expression.split(" / "))
        assert len(above) <= 1, "which belong together is not known here"
        assert len(below) <= 1, "which belong together is not known here"
        return [x / y for x, y in zip(above, below, strict=True) if y]
    if summed := re.fullmatch(r"sum\((.+)\)", expression):
        values = _vector(summed[1], before, after)
        return [sum(values)] if values else []
    if growing := re.fullmatch(r"(rate|increase)\((.+)\[\d+m\]\)", expression):
        # As in Prometheus, a series that was not there before has not grown.
        by = SECONDS if growing[1] == "rate" else 1
        selected = _selected(growing[2], after)
        return [(value - before.series[key]) / by for key, value in selected.items() if key in before.series]
    return list(_selected(expression, after).values())


def _selected(selector: str, scrape: Scrape) -> dict[Series, float]:
    parts = re.fullmatch(r'([a-z_]+)(?:\{([a-z_]+)="([^"]*)"\})?', selector)
    assert parts, f"{selector} is of no form that is known here"
    name, label, wanted = parts.groups()
    return {
        key: value
        for key, value in scrape.series.items()
        if key[0] == name and (label is None or (label, wanted) in key[1])
    }
