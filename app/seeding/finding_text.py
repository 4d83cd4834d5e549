"""What the rules of content find, as text for the terminal."""

from collections.abc import Mapping, Sequence

from app.auditing.findings import Finding
from app.content.content_type import EntityKey
from app.seeding.field_names import field_name

Found = Mapping[EntityKey, Sequence[Finding]]


def described(finding: Finding) -> str:
    """A finding in one line, with its rule: `broken rule (times): levels[2].dose: It has no seconds …`."""
    field = f"{field_name(finding.pointer)}: " if finding.pointer else ""
    return f"{'warning' if finding.warns else 'broken rule'} ({finding.rule}): {field}{finding.message}"


def beside(found: Found, key: EntityKey) -> list[str]:
    """The lines of a draft's findings, as a plan prints them below its entry."""
    return [f"    {described(finding)}" for finding in found.get(key, ())]


def unweighed(found: Found, key: EntityKey) -> list[str]:
    """Those of them that a draft has without a change of its own: conditions, perhaps new, that nobody weighed."""
    findings = found.get(key, ())
    return [f"    {described(each)}" for each in findings if each.rule == "weighed" and not each.warns]
