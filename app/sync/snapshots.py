"""The files of snapshots, which are built at the first request for them in a revision, and the folder that keeps them.

A file's name says all that it depends on, so that processes can share the folder: language, revision, a digest of
history, origin, form and signing key, and the digest of its bytes, which is its ETag.
"""

import fcntl
import gzip
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
import zstandard
from sqlalchemy import Connection

from app.content.content_type import Catalogue
from app.errors import StoreUnavailable
from app.store.database import Database
from app.store.state import State, current_state
from app.sync.feed import Feed
from app.sync.history import chain_at, horizon
from app.sync.long_work import LongWork
from app.sync.snapshot_files import Contents, write_ndjson, write_sqlite
from app.sync.tokens import SCHEMA_VERSION

WRITERS: Mapping[str, Callable[[Contents, Path], None]] = {"ndjson": write_ndjson, "sqlite": write_sqlite}
SUFFIXES = {None: "", "gzip": ".gz", "br": ".br", "zstd": ".zst"}
FORM = 3
"""To be counted up when a new version of the service writes the files in another way."""

KEPT_REVISIONS = 2
PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class SnapshotFile:
    """A file that does not change. `tag` is the digest of its bytes; `coding` is their content coding, if any."""

    path: Path
    size: int
    tag: str
    coding: str | None = None


@dataclass
class Snapshots:
    """The snapshots of one store."""

    database: Database
    catalogue: Catalogue
    feed: Feed
    origin: str
    folder: Path
    _work: LongWork = field(default_factory=lambda: LongWork("A snapshot is built"))

    def file(self, form: str, language: str, coding: str | None) -> SnapshotFile:
        """The snapshot of the newest revision, or an older one while another request builds the newest.

        Raises `StoreUnavailable` if the folder cannot be written, and `Crowded` if there is no older one and building
        the newest takes long.
        """
        with self.database.released() as connection:
            state = current_state(connection)
            if snapshot := self._find(state, form, language, coding):
                return snapshot
            if self._work.is_under_way and (snapshot := self._former(connection, form, language, coding)):
                return snapshot
        try:
            with self._work.alone(), self._alone():
                return self._build(form, language, coding)
        except OSError as error:
            raise StoreUnavailable("The snapshot cannot be written just now.") from error

    def _stem(self, state: State, language: str) -> str:
        signer = self.feed.signer()
        signed = signer.id if signer else ""
        parts = "\n".join((state.digest, language, self.origin, str(SCHEMA_VERSION), str(FORM), signed))
        return f"{language}-{state.revision:010d}-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"

    def _find(self, state: State, form: str, language: str, coding: str | None) -> SnapshotFile | None:
        pattern = f"{self._stem(state, language)}-*.{form}{SUFFIXES[coding]}"
        for path in self.folder.glob(pattern):
            try:
                return SnapshotFile(path, path.stat().st_size, path.name.split(".")[0].rsplit("-", 1)[1], coding)
            except FileNotFoundError:  # removed meanwhile, for a newer one
                continue
        return None

    def _former(self, connection: Connection, form: str, language: str, coding: str | None) -> SnapshotFile | None:
        """The newest file of an earlier revision of this history, whose token still works."""
        names = sorted(self.folder.glob(f"{language}-*.{form}{SUFFIXES[coding]}"), reverse=True)
        revisions = [int(path.name.removeprefix(f"{language}-").split("-")[0]) for path in names]
        oldest = horizon(connection)
        for revision in revisions:
            chain = chain_at(connection, revision) if revision >= oldest else None
            if chain and (snapshot := self._find(State(revision, chain), form, language, coding)):
                return snapshot
        return None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keeps other processes from building at the same time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _build(self, form: str, language: str, coding: str | None) -> SnapshotFile:
        with self.database.released() as connection:
            state = current_state(connection)
            plain = self._find(state, form, language, None)
            if plain is None:
                selection = self.feed.selection(self.feed.kinds, language)
                digest = self.feed.digests.at(connection, state, self.feed.kinds, language)
                token = self.feed.token(state, selection)
                signer = self.feed.signer()
                contents = Contents(
                    connection,
                    self.catalogue,
                    self.origin,
                    language,
                    state.revision,
                    token,
                    digest,
                    signer.sign(state.revision, digest) if signer else None,
                )
                plain = self._keep(state, form, language, None, lambda path: WRITERS[form](contents, path))
        source = plain.path
        if coding is None:
            return plain
        if coded := self._find(state, form, language, coding):
            return coded
        return self._keep(state, form, language, coding, lambda path: _encode(source, path, coding))

    def _keep(
        self, state: State, form: str, language: str, coding: str | None, write: Callable[[Path], None]
    ) -> SnapshotFile:
        """Writes a file under another name, and renames it when it is complete."""
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".building-")
        os.close(handle)
        building = Path(name)
        try:
            write(building)
            with building.open("rb") as file:
                tag = hashlib.file_digest(file, "sha256").hexdigest()[:32]
            stem = self._stem(state, language)
            path = building.rename(self.folder / f"{stem}-{tag}.{form}{SUFFIXES[coding]}")
        finally:
            building.unlink(missing_ok=True)
        self._forget(form, language, SUFFIXES[coding], path)
        return SnapshotFile(path, path.stat().st_size, tag, coding)

    def _forget(self, form: str, language: str, suffix: str, newest: Path) -> None:
        """Removes all but the two newest files and the one just built, and what a killed process left behind."""
        files = sorted(self.folder.glob(f"{language}-*.{form}{suffix}"), key=lambda path: path.stat().st_mtime_ns)
        for path in files[:-KEPT_REVISIONS]:
            if path != newest:
                path.unlink(missing_ok=True)
        for path in self.folder.glob(".building-*"):
            path.unlink(missing_ok=True)


def _encode(source: Path, path: Path, coding: str) -> None:
    """Writes a file in a content coding. The same file always gives the same bytes."""
    with source.open("rb") as plain, path.open("wb") as coded:
        if coding == "zstd":
            zstandard.ZstdCompressor(level=6).copy_stream(plain, coded, size=source.stat().st_size)
        elif coding == "gzip":
            with gzip.GzipFile("", "wb", 6, coded, mtime=0) as packer:
                for piece in _pieces(plain):
                    packer.write(piece)
        else:
            brotli_packer = brotli.Compressor(quality=5)
            for piece in _pieces(plain):
                coded.write(brotli_packer.process(piece))
            coded.write(brotli_packer.finish())


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece
