"""Citations and sources in good form: where in the source, which edition, and whose words they are."""

from app.auditing.amounts import pattern
from app.auditing.findings import Content, Finding, Findings
from app.auditing.texts import spoken
from app.content.mapping import Draft
from app.shapes.languages import DEFAULT_LANGUAGE


def check_citations(draft: Draft, _content: Content) -> Findings:
    """Every citation says where in its source, and evidence rests on sources that are cited."""
    for index, citation in enumerate(draft.get("citations", ())):
        if "locator" not in citation:
            yield Finding(
                f"/citations/{index}",
                "citations",
                f"It does not say where in '{citation['source']}': give the chapter, section or page, or take it away.",
            )
    cited = {citation["source"] for citation in draft.get("citations", ())}
    evidence = draft.get("evidence", {})
    for index, source in enumerate(evidence.get("citations", ())):
        if source not in cited:
            yield Finding(
                f"/evidence/citations/{index}",
                "citations",
                f"'{source}' is not among the citations, where its place stands.",
            )
    if evidence and evidence["level"] != "practice" and not evidence.get("citations"):
        yield Finding(
            "/evidence", "citations", f"Of level '{evidence['level']}' without a source: cite one, or 'practice'."
        )


def check_tips(exercise: Draft, _content: Content) -> Findings:
    """A tip that speaks to the reader is in words of ours: no source is credited with it."""
    for index, tip in enumerate(exercise.get("tips", ())):
        if "source" in tip and pattern(DEFAULT_LANGUAGE, "second_person").search(spoken(tip["text"])):
            yield Finding(
                f"/tips/{index}/source", "citations", "It speaks to the reader in our words: take the source away."
            )


def check_source(source: Draft, _content: Content) -> Findings:
    """A book names its authors and its edition, a page its address and the day on which somebody read it."""
    if source["type"] == "book":
        if missing := [name for name in ("authors", "publisher", "year") if not source.get(name)]:
            yield Finding("", "citations", f"The book lacks: {', '.join(missing)}.")
        if "isbn" not in source:
            yield Finding(
                "", "citations", "The book has no isbn: find it, so that readers find this edition.", warns=True
            )
    if source["type"] == "online":
        if not source.get("url", "").startswith("https://"):
            yield Finding("/url", "citations", "A page has an address that begins with https://.")
        if "accessed_on" not in source:
            yield Finding(
                "",
                "citations",
                "Nobody noted in accessed_on the day on which the page was read: open it, see that it says what it is"
                " cited for, and note the day.",
                warns=True,
            )
