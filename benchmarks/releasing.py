"""Changes 100 exercises and releases them, as an editor's script would: `python -m benchmarks.releasing NUMBER`."""

import sys
from datetime import UTC, datetime

from app.config import load_settings
from app.content.working_copy import drafts, entries
from app.editing.plan import apply_plan, make_plan
from app.kinds import CATALOGUE
from app.releasing.release import release
from app.store.database import Database

CHANGED = 100


def main() -> None:
    """One edit and one release."""
    database = Database(load_settings())
    content_type = CATALOGUE["exercise"]
    with database.transaction(exclusive=True) as connection:
        ids = [each.id for _, each in sorted(entries(connection, content_type).items())][:CHANGED]
        changed = {
            ("exercise", draft["slug"]): {**draft, "summary": f"Change {sys.argv[1]}."}
            for _, draft in drafts(connection, CATALOGUE, content_type, ids)
        }
        plan, faults = make_plan(connection, CATALOGUE, changed, prune=False)
        if faults:
            raise SystemExit(str(faults[:3]))
        apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
        release(connection, CATALOGUE)
    database.dispose()


if __name__ == "__main__":
    main()
