"""PostgreSQL's own programs (`pg_dump`, `pg_restore`, `psql`), which make a file of a database and fill one from it."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text

from app.errors import BackupFailed
from app.store.database import Database

BEGINNING = b"PGDMP"
"""What a file in `pg_dump`'s custom format begins with."""

UNOWNED = ("--no-owner", "--no-privileges", "--no-comments")
"""Another role may restore what one has dumped."""

CLEAR = """
BEGIN;
DO $$ DECLARE made record; BEGIN
  FOR made IN SELECT c.oid::regclass AS name FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', made.name);
  END LOOP;
  FOR made IN SELECT p.oid::regprocedure AS name FROM pg_proc p
      WHERE p.pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', made.name);
  END LOOP;
END $$;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
"""
"""Begins the transaction that fills: takes away what the schema holds, but for what belongs to extensions."""


def dump(database: Database, connection: Connection, file: Path) -> None:
    """Writes the database to a file, in the state that the connection's transaction sees.

    Raises `BackupFailed` where `pg_dump` is not there or ends with an error.
    """
    snapshot, schema = connection.execute(text("SELECT pg_export_snapshot(), current_schema()")).one()
    where, environment = _where(database)
    options = ("--format=custom", f"--snapshot={snapshot}", f"--schema={schema}", f"--file={file}", where)
    _run("pg_dump", file, *UNOWNED, *options, environment=environment)


def fill(database: Database, file: Path, check: Callable[[set[str]], None]) -> None:
    """Replaces what the database's schema holds by what a file holds, in one transaction.

    `check` is given the migrations that the file is at. Raises what it raises, and `BackupFailed`.
    """
    rows = _run("pg_restore", file, "--data-only", "--table=alembic_version", "--file=-", str(file))
    recorded = re.search(r"^COPY .*? FROM stdin;\n(.*?)^\\\.$", rows, re.DOTALL | re.MULTILINE)
    if recorded is None:
        raise BackupFailed(f"{file} holds no tables of Limber.")
    check(set(recorded[1].split()))
    with database.reading() as connection:
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    where, environment = _where(database)
    read = [_program("pg_restore"), *UNOWNED, f"--schema={schema}", "--file=-", str(file)]
    write = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", where]
    with tempfile.TemporaryFile() as by_reader, tempfile.TemporaryFile() as by_writer:
        with (
            subprocess.Popen(write, env=environment, stdin=subprocess.PIPE, stderr=by_writer) as writer,
            subprocess.Popen(read, stdout=subprocess.PIPE, stderr=by_reader) as reader,
        ):
            _pour(reader, writer)
        for process, said in ((writer, by_writer), (reader, by_reader)):
            if process.returncode:
                raise BackupFailed(f"{file} could not be restored, and nothing was changed: {_first_error(said)}")


def _pour(reader: "subprocess.Popen[bytes]", writer: "subprocess.Popen[bytes]") -> None:
    """Gives one program what another prints, within a transaction that ends well only where that one does."""
    assert reader.stdout, "it is a pipe"  # noqa: S101  # for mypy
    assert writer.stdin, "it is a pipe"  # noqa: S101  # for mypy
    try:
        writer.stdin.write(CLEAR.encode())
        shutil.copyfileobj(reader.stdout, writer.stdin)
        if reader.wait() == 0:
            # Without this last word, the end of what it is given rolls back.
            writer.stdin.write(b"\nCOMMIT;\n")
        writer.stdin.close()
    except BrokenPipeError:
        # The writer met an error and ended: the reader need not go on.
        reader.kill()
        with suppress(BrokenPipeError):
            writer.stdin.close()


def _run(name: str, file: Path, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """What a program prints. Raises `BackupFailed` with its words, and the file that it was about, where it fails."""
    command = [_program(name), *arguments]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    if done.returncode:
        said = " ".join(done.stderr.split()) or "it did not say why"
        raise BackupFailed(f"{name} failed on {file}: {said}")
    return done.stdout


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(
            f"The program {name} is not on PATH. It comes with PostgreSQL's client, of the server's version or newer:"
            " on Debian, apt-get install postgresql-client."
        )
    return found


def _where(database: Database) -> tuple[str, dict[str, str]]:
    """The database as libpq's programs are told it. Its password is in the environment: no list of processes has it."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415  # a server on SQLite does without

    parameters = conninfo_to_dict(database.url.replace("postgresql+psycopg://", "postgresql://", 1))
    password = parameters.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    return f"--dbname={make_conninfo('', **parameters)}", environment


def _first_error(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(10_000).decode(errors="replace").splitlines()
    return next((line for line in lines if "rror" in line), lines[0] if lines else "it did not say why")
