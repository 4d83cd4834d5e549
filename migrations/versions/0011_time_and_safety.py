"""Doses say what takes how long; safety is by level, and says what was weighed; red flags have an urgency.

Drafts in the store take the new shape. What they cannot tell is left out: a repetition without a hold had no time, and
nobody said whether `lying` was on the back, the side or the face. Documents change at the next release, or by `flask
catalogue rerender`.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")

OLD_TYPES = "'stretch', 'mobility', 'strengthening', 'posture', 'breathing', 'relaxation', 'yoga'"
NEW_TYPES = f"{OLD_TYPES}, 'balance', 'aerobic', 'nerve-gliding', 'self-massage'"
OLD_POSITIONS = "'standing', 'seated', 'lying', 'kneeling', 'all-fours'"
NEW_POSITIONS = "'standing', 'seated', 'supine', 'prone', 'side-lying', 'kneeling', 'half-kneeling', 'all-fours'"
REVIEWS = "'editorial', 'clinical'"
PROFESSIONAL = "'none', 'recommended', 'required'"
DEMANDS = (
    "'spine-flexion', 'spine-extension', 'spine-rotation', 'spine-side-bend', 'deep-twist', 'head-below-heart',"
    " 'head-movement', 'neck-end-range', 'neck-load', 'hands-behind-head', 'arms-overhead', 'arms-wide',"
    " 'arm-behind-back', 'weight-on-hands', 'weight-on-knees', 'deep-knee-bend', 'strong-effort', 'held-effort',"
    " 'breath-control', 'end-range-stretch', 'balance', 'direct-pressure'"
)
DOSE_SECONDS = (
    "move_seconds",
    "return_seconds",
    "pause_seconds",
    "breath_in_seconds",
    "breath_hold_seconds",
    "breath_out_seconds",
    "breath_pause_seconds",
)
DOSES = ("intensity_level", "item")
LATER_INTENSITY = "from_intensity BETWEEN 2 AND 5"
SYMPTOM = "symptom IS NULL OR vocabulary = 'conditions'"

ADDED = {
    "exercise": (
        ("next_review_on", CODE),
        ("safety_assessed", sa.Boolean()),
        ("safety_assessed_on", CODE),
        ("safety_by", CODE),
        ("safety_note", sa.JSON()),
        ("evidence_level", CODE),
        ("evidence_statement", sa.JSON()),
    ),
    "routine": (("next_review_on", CODE),),
    "term": (("symptom", sa.Boolean()),),
    "exercise_contraindication": (("from_intensity", sa.Integer()),),
    "step": (("part", CODE),),
    "intensity_level": (("professional", CODE),),
}

CHECKS = (
    ("exercise", "safety_by_allowed", "safety_by IN ('editor', 'clinician')"),
    ("exercise", "evidence_level_allowed", "evidence_level IN ('trial', 'guideline', 'textbook', 'practice')"),
    ("exercise_contraindication", "from_intensity_2_to_5", LATER_INTENSITY),
    ("step", "part_allowed", "part IN ('set-up', 'move', 'hold', 'return', 'finish')"),
    ("intensity_level", "professional_allowed", f"professional IN ({PROFESSIONAL})"),
    ("term", "symptom_of_conditions", SYMPTOM),
    *((table, f"{column}_positive", f"{column} > 0") for table in DOSES for column in DOSE_SECONDS),
    *((table, "side_order_allowed", "side_order IN ('alternate', 'one-after-other')") for table in DOSES),
)

CHANGED = (
    ("exercise", "type_allowed", f"type IN ({OLD_TYPES})", f"type IN ({NEW_TYPES})"),
    ("exercise", "position_allowed", f"position IN ({OLD_POSITIONS})", f"position IN ({NEW_POSITIONS})"),
    *(
        (
            table,
            "review_status_allowed",
            f"review_status IN ('none', {REVIEWS})",
            f"review_status IN ('unreviewed', {REVIEWS})",
        )
        for table in ("exercise", "routine")
    ),
    ("term_text", "list_allowed", "list IN ('alias', 'see_professional_if')", "list IN ('alias')"),
)


def upgrade() -> None:
    check_at_once()
    create_tables()
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    for table in DOSES:
        for name in DOSE_SECONDS:
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("side_order", CODE, nullable=True))
    for table, name, _old, _new in CHANGED:
        drop_check(table, name)
    red_flags = "INSERT INTO term_red_flag (term_id, position, text, urgency)"
    op.execute(f"{red_flags} SELECT term_id, position, text, 'soon' FROM term_text WHERE list = 'see_professional_if'")
    op.execute("DELETE FROM term_text WHERE list = 'see_professional_if'")
    op.execute("UPDATE exercise SET position = NULL WHERE position = 'lying'")
    for table in ("exercise", "routine"):
        op.execute(f"UPDATE {table} SET review_status = 'unreviewed' WHERE review_status = 'none'")
    rewrite_drafts(forward)
    drop_check("step", "hold_seconds_positive")
    op.drop_column("step", "hold_seconds")
    for table, name, _old, new in CHANGED:
        add_check(table, name, new)
    for table, name, condition in CHECKS:
        add_check(table, name, condition)


def downgrade() -> None:
    check_at_once()
    for table, name, _condition in CHECKS:
        drop_check(table, name)
    for table, name, _old, _new in CHANGED:
        drop_check(table, name)
    op.execute(
        "INSERT INTO term_text (term_id, list, position, text) SELECT term_id, 'see_professional_if', position,"
        " text FROM term_red_flag"
    )
    op.execute("UPDATE exercise SET position = 'lying' WHERE position IN ('supine', 'prone', 'side-lying')")
    op.execute("UPDATE exercise SET position = 'kneeling' WHERE position = 'half-kneeling'")
    op.execute(
        "UPDATE exercise SET type = 'mobility' WHERE type IN ('balance', 'aerobic', 'nerve-gliding', 'self-massage')"
    )
    for table in ("exercise", "routine"):
        op.execute(f"UPDATE {table} SET review_status = 'none' WHERE review_status = 'unreviewed'")
    rewrite_drafts(back)
    op.add_column("step", sa.Column("hold_seconds", sa.Integer(), nullable=True))
    add_check("step", "hold_seconds_positive", "hold_seconds > 0")
    for table, name, old, _new in CHANGED:
        add_check(table, name, old)
    for table, columns in ADDED.items():
        for name, _kind in columns:
            op.drop_column(table, name)
    for table in DOSES:
        for name in (*DOSE_SECONDS, "side_order"):
            op.drop_column(table, name)
    for table in (
        "term_code",
        "term_red_flag",
        "exercise_evidence",
        "exercise_demand",
        "exercise_safety_exception",
        "exercise_weighed_condition",
    ):
        op.drop_table(table)


def create_tables() -> None:
    create_of("exercise_weighed_condition", "exercise", naming("exercise_weighed_condition", "term"))
    create_of(
        "exercise_safety_exception",
        "exercise",
        [*naming("exercise_safety_exception", "term"), sa.Column("note", sa.JSON(), nullable=False)],
    )
    create_of("exercise_evidence", "exercise", naming("exercise_evidence", "source"))
    create_of(
        "exercise_demand",
        "exercise",
        [
            sa.Column("demand", CODE, nullable=False),
            sa.Column("from_intensity", sa.Integer(), nullable=True),
            sa.UniqueConstraint("exercise_id", "demand", name=op.f("uq_exercise_demand_exercise_id_demand")),
            sa.CheckConstraint(f"demand IN ({DEMANDS})", name=op.f("ck_exercise_demand_demand_allowed")),
            sa.CheckConstraint(LATER_INTENSITY, name=op.f("ck_exercise_demand_from_intensity_2_to_5")),
        ],
    )
    create_of(
        "term_red_flag",
        "term",
        [
            sa.Column("text", sa.JSON(), nullable=False),
            sa.Column("urgency", CODE, nullable=False),
            sa.CheckConstraint(
                "urgency IN ('emergency', 'urgent', 'soon')", name=op.f("ck_term_red_flag_urgency_allowed")
            ),
        ],
    )
    create_of(
        "term_code",
        "term",
        [
            sa.Column("system", CODE, nullable=False),
            sa.Column("code", CODE, nullable=False),
            sa.Column("url", sa.String(), nullable=True),
            sa.UniqueConstraint("term_id", "system", "code", name=op.f("uq_term_code_term_id_system_code")),
        ],
    )
    for table, named in (
        ("exercise_weighed_condition", "term"),
        ("exercise_safety_exception", "term"),
        ("exercise_evidence", "source"),
    ):
        op.create_index(op.f(f"ix_{table}_{named}_id"), table, [f"{named}_id"])


def create_of(table: str, owner: str, parts: list) -> None:
    """A table of rows of an entity, in the order of `position`."""
    op.create_table(
        table,
        sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(
            [f"{owner}_id"], [f"{owner}.id"], name=op.f(f"fk_{table}_{owner}_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(f"{owner}_id", "position", name=op.f(f"pk_{table}")),
    )


def naming(table: str, named: str) -> list:
    """The column of a row that names another entity, once for each exercise."""
    return [
        sa.Column(f"{named}_id", sa.Integer(), nullable=False),
        sa.UniqueConstraint("exercise_id", f"{named}_id", name=op.f(f"uq_{table}_exercise_id_{named}_id")),
        sa.ForeignKeyConstraint(
            [f"{named}_id"],
            [f"{named}.id"],
            name=op.f(f"fk_{table}_{named}_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
    ]


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def add_check(table: str, name: str, condition: str) -> None:
    if not is_sqlite():
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
        return
    declared = declaration(table)
    end = declared.rindex(")")
    added = f"{declared[:end].rstrip()}, \n\tCONSTRAINT ck_{table}_{name} CHECK ({condition})\n{declared[end:]}"
    redeclare(table, added)


def drop_check(table: str, name: str) -> None:
    if not is_sqlite():
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        return
    declared = declaration(table)
    start = declared.index(f"CONSTRAINT ck_{table}_{name} CHECK (")
    end = closing(declared, declared.index("(", start)) + 1
    before = declared[:start].rstrip()
    redeclare(table, before.removesuffix(",") + declared[end:])


def closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    raise ValueError(text)


def declaration(table: str) -> str:
    statement = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return op.get_bind().execute(statement, {"name": table}).scalar_one()


def redeclare(table: str, declared: str) -> None:
    """Writes a table's declaration anew, as SQLite's documentation of ALTER TABLE says for constraints (section 7).

    Making the table anew, as Alembic does, would lose checks and delete what belongs to its rows.
    """
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
        {"sql": declared, "name": table},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def rewrite_drafts(change) -> None:
    """Brings the drafts of what is published, and of its history, to another shape."""
    connection = op.get_bind()
    for table, keys in (("published_entity", ("id",)), ("draft_version", ("revision", "kind", "slug"))):
        columns = [sa.column(key) for key in dict.fromkeys((*keys, "kind"))]
        drafts = sa.table(table, *columns, sa.column("draft", sa.JSON()))
        rows = connection.execute(sa.select(*columns, drafts.c.draft).select_from(drafts)).all()
        for row in rows:
            draft = None if row.draft is None else change(row.kind, json.loads(json.dumps(row.draft)))
            if draft != row.draft:
                same = sa.and_(*(sa.column(key) == getattr(row, key) for key in keys))
                connection.execute(sa.update(drafts).where(same).values(draft=draft))


def forward(kind: str, draft: dict) -> dict:
    """A draft in the new shape. Fields that are gone are left out."""
    if kind == "exercise":
        if draft.get("position") == "lying":
            del draft["position"]
        for step in draft.get("steps", ()):
            step.pop("hold_seconds", None)
    if kind == "term" and "see_professional_if" in draft:
        draft["see_professional_if"] = [{"text": text, "urgency": "soon"} for text in draft["see_professional_if"]]
    return reviewed(draft, "none", "unreviewed")


def back(kind: str, draft: dict) -> dict:
    """A draft in the old shape."""
    if kind == "exercise":
        if draft.get("position") in ("supine", "prone", "side-lying"):
            draft["position"] = "lying"
        if draft.get("position") == "half-kneeling":
            draft["position"] = "kneeling"
        if draft.get("type") in ("balance", "aerobic", "nerve-gliding", "self-massage"):
            draft["type"] = "mobility"
        for key in ("demands", "safety", "evidence"):
            draft.pop(key, None)
        for entry in draft.get("contraindications", ()):
            entry.pop("from_intensity", None)
        for step in draft.get("steps", ()):
            step.pop("part", None)
        for level in draft.get("levels", ()):
            level.pop("professional", None)
            without_times(level)
    if kind == "routine":
        for stage in draft.get("stages", ()):
            for item in stage.get("items", ()):
                without_times(item)
    if kind == "term":
        for key in ("symptom", "codes"):
            draft.pop(key, None)
        if "see_professional_if" in draft:
            draft["see_professional_if"] = [sign["text"] for sign in draft["see_professional_if"]]
    return reviewed(draft, "unreviewed", "none")


def without_times(entry: dict) -> None:
    for key in ("move_seconds", "return_seconds", "pause_seconds", "side_order", "breaths"):
        entry.get("dose", {}).pop(key, None)


def reviewed(draft: dict, before: str, after: str) -> dict:
    review = draft.get("review")
    if review:
        review.pop("next_review_on", None) if after == "none" else None
        if review.get("status") == before:
            review["status"] = after
    return draft


def check_at_once() -> None:
    """Has PostgreSQL check foreign keys with each statement: it alters no table whose rows it has yet to check."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
