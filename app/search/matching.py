"""The documents that a query finds and how well, as SQL that other conditions can be joined to.

A score depends on the document and the query alone, never on what else there is, so that a release between two pages
of a list moves no document that stays. It is a whole number, made alike on both stores:

- for each term of the query and each field that has it, the field's weight times how well it fits (4 the word
  itself, 3 its beginning, 2 a corrected typing error); a field weighs more than all lesser ones together;
- up to 400 for the share of the name that the query covers;
- 2,000 where the query is the name, 1,000 where it is one of the other names.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import CTE, Dialect, Integer, bindparam, column, text

from app.search.queries import Term, Understood

FIELD_WEIGHTS = {"names": 30, "aliases": 10, "terms": 4, "texts": 1}
LABELS = {"names": "A", "aliases": "B", "terms": "C", "texts": "D"}
EXACT, BEGINNING, NEAR = 4, 3, 2


class _Alternatives(NamedTuple):
    """Words of one term that give the same points."""

    words: Sequence[str]
    beginning: str
    points: int


def matches(
    dialect: Dialect,
    query: Understood,
    language: str,
    *,
    kind: str | None = None,
    fields: Sequence[str] = tuple(FIELD_WEIGHTS),
) -> CTE:
    """The entities that the query finds: `entity_id`, `rank` (higher is better)."""
    if not any(query.terms):
        return (
            text("SELECT 0 AS entity_id, 0 AS rank WHERE 1 = 0")
            .columns(column("entity_id", Integer), column("rank", Integer))
            .cte("found")
        )
    parameters: dict[str, object] = {
        "search_language": language,
        "search_least": query.least,
        "search_terms": len(query.terms),
        "search_name": f"|{query.phrase}|",
    }
    if kind:
        parameters["search_kind"] = kind
    build = _on_sqlite if dialect.name == "sqlite" else _on_postgresql
    found = build(query.terms, fields, parameters)
    scope = "language = :search_language" + (" AND kind = :search_kind" if kind else "")
    position = "instr(folded, :search_name)" if dialect.name == "sqlite" else "strpos(folded, :search_name)"
    statement = f"""
        SELECT entity_id,
               points
               + name_points * 100 / CASE WHEN name_words > :search_terms THEN name_words ELSE :search_terms END
               + CASE {position} WHEN 0 THEN 0 WHEN 1 THEN 2000 ELSE 1000 END AS rank
        FROM ({found}) AS scored
        WHERE {scope} AND terms_found >= :search_least
        """
    bound = text(statement).bindparams(*(bindparam(name, value) for name, value in parameters.items()))
    return bound.columns(column("entity_id", Integer), column("rank", Integer)).cte("found")


def _alternatives(term: Term) -> Iterator[_Alternatives]:
    if term.exact and term.beginning:
        yield _Alternatives(term.exact, term.beginning, BEGINNING)
        yield _Alternatives(term.exact, "", EXACT - BEGINNING)
    elif term.exact:
        yield _Alternatives(term.exact, "", EXACT)
    elif term.beginning:
        yield _Alternatives((), term.beginning, BEGINNING)
    if term.near:
        yield _Alternatives(term.near, "", NEAR)


def _on_sqlite(terms: Sequence[Term], fields: Sequence[str], parameters: dict[str, object]) -> str:
    """One search of the FTS5 table for each term, field and goodness of fit, added up."""
    parts: list[str] = []
    for number, term in enumerate(terms):
        for alternatives in _alternatives(term):
            quoted = [f'"{word}"' for word in alternatives.words]
            quoted += [f'"{alternatives.beginning}" *'] if alternatives.beginning else []
            for field in fields:
                name = f"search_match_{len(parts)}"
                parameters[name] = f"{{{field}}} : ({' OR '.join(quoted)})"
                points = alternatives.points
                parts.append(
                    f"SELECT rowid AS id, {number} AS term, {points * FIELD_WEIGHTS[field]} AS points,"
                    f" {points if field == 'names' else 0} AS name_points"
                    f" FROM search_text WHERE search_text MATCH :{name}"
                )
    rows = " UNION ALL ".join(parts)
    return f"""
        SELECT entity_id, language, kind, folded, name_words, points, name_points, terms_found
        FROM (SELECT id AS found_id, sum(points) AS points, sum(name_points) AS name_points,
                     count(DISTINCT term) AS terms_found
              FROM ({rows}) GROUP BY id) AS found_rows
        JOIN search_entry ON search_entry.id = found_id"""


def _on_postgresql(terms: Sequence[Term], fields: Sequence[str], parameters: dict[str, object]) -> str:
    """One pass over the rows that the GIN index finds for any of the words."""
    points: list[str] = []
    name_points: list[str] = []
    found: list[str] = []
    every: list[str] = []
    for number, term in enumerate(terms):
        whole = " | ".join(_tsquery(each, "".join(LABELS[field] for field in fields)) for each in _alternatives(term))
        every.append(whole)
        parameters[f"search_term_{number}"] = whole
        found.append(f"CASE WHEN vector @@ CAST(:search_term_{number} AS tsquery) THEN 1 ELSE 0 END")
        for alternatives in _alternatives(term):
            for field in fields:
                name = f"search_match_{len(points)}"
                parameters[name] = _tsquery(alternatives, LABELS[field])
                hit = f"CASE WHEN vector @@ CAST(:{name} AS tsquery) THEN"
                points.append(f"{hit} {alternatives.points * FIELD_WEIGHTS[field]} ELSE 0 END")
                if field == "names":
                    name_points.append(f"{hit} {alternatives.points} ELSE 0 END")
    parameters["search_every"] = " | ".join(every)
    return f"""
        SELECT entity_id, language, kind, folded, name_words, {" + ".join(points)} AS points,
               {" + ".join(name_points)} AS name_points, {" + ".join(found)} AS terms_found
        FROM search_entry WHERE vector @@ CAST(:search_every AS tsquery)"""


def _tsquery(alternatives: _Alternatives, labels: str) -> str:
    parts = [f"'{word}':{labels}" for word in alternatives.words]
    parts += [f"'{alternatives.beginning}':*{labels}"] if alternatives.beginning else []
    return " | ".join(parts)
