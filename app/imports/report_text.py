"""The report of an import in words, as the terminal shows it."""

from collections.abc import Iterator, Sequence

from app.editing.plan import Plan
from app.imports.conversion import Report

EXAMPLES = 5


def report_lines(report: Report, plan: Plan) -> Iterator[str]:
    """The lines that say what was read, mapped, added and left out, and what is no longer in the files."""
    yield f"{report.read} records read, {report.converted} of them exercises to import."
    yield from _mapped(report)
    added = sorted(slug for kind, slug in plan.created if kind == "term")
    if added:
        yield f"Terms added: {', '.join(added)}."
    if report.remarks:
        yield "Left out, or not as the record has it:"
    for what, concerned in sorted(report.remarks.items()):
        yield f"  {len(concerned):>5}  {what}: {_some(concerned)}"
    if plan.kept:
        yield (
            f"Imported before and not in the files any more: {len(plan.kept)}, which --prune removes:"
            f" {_some([slug for _, slug in plan.kept])}"
        )


def _mapped(report: Report) -> Iterator[str]:
    if report.mapped:
        yield "Mapped:"
    width = max((len(f"{what}: {word}") for what, word, _ in report.mapped), default=0)
    for (what, word, target), count in sorted(report.mapped.items()):
        yield f"  {f'{what}: {word}':<{width}} → {target} ({count})"


def _some(names: Sequence[str]) -> str:
    """The first few names, each once, and how many more there are."""
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - EXAMPLES} more" if len(unique) > EXAMPLES else ""
    return ", ".join(unique[:EXAMPLES]) + more
