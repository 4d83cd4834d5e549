import gzip
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from werkzeug.test import TestResponse

from app.sync import snapshots
from app.sync.snapshots import Snapshots
from tests.sync.world import ORIGIN, World, exercise, held, routine, term

FORMS = ("ndjson", "sqlite")


def twelve(world: World) -> None:
    """Twelve exercises of one region, and a routine of two."""
    world.put("term", term("back"))
    for number in range(12):
        world.put("exercise", exercise(f"e-{number}", "back", summary="Opens the upper back."))
    world.put("routine", routine("r", "e-1", "e-2"))
    world.release()


@pytest.fixture
def filled(world: World, tmp_path: Path) -> World:
    world.begin(tmp_path, twelve)
    return world


def snapshot(world: World, form: str, **headers: str) -> TestResponse:
    return world.http.get(f"/v1/snapshot.{form}", headers=headers)


def builder(world: World) -> Snapshots:
    found: Snapshots = world.app.extensions["limber_snapshots"]
    return found


class TestLines:
    def test_are_the_documents_in_the_order_of_the_feed_and_then_the_token(self, filled: World) -> None:
        lines = [json.loads(line) for line in snapshot(filled, "ndjson").text.splitlines()]
        items, _ = filled.enumerate()
        page = filled.get("/v1/sync?limit=1000")
        assert lines[:-1] == items
        assert lines[-1] == {key: page[key] for key in ("revision", "token", "digest", "signature")}

    def test_their_token_goes_on_from_there(self, filled: World) -> None:
        token = json.loads(snapshot(filled, "ndjson").text.splitlines()[-1])["token"]
        filled.drop("exercise", "e-3")
        filled.release()
        assert [item["slug"] for item in filled.get(f"/v1/sync?token={token}")["items"]] == ["e-3"]

    @pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
    def test_come_in_content_codings_each_with_an_etag_of_its_own(self, filled: World, coding: str) -> None:
        plain, coded = snapshot(filled, "ndjson"), snapshot(filled, "ndjson", **{"Accept-Encoding": coding})
        assert coded.headers["Content-Encoding"] == coding
        assert coded.headers["ETag"] != plain.headers["ETag"]
        assert coded.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
        decode = {
            "gzip": gzip.decompress,
            "br": brotli.decompress,
            "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
        }[coding]
        assert decode(coded.data) == plain.data
        assert len(coded.data) < len(plain.data) / 2

    def test_a_range_is_of_the_file_as_it_is(self, filled: World) -> None:
        part = snapshot(filled, "ndjson", **{"Range": "bytes=0-9", "Accept-Encoding": "gzip"})
        assert part.status_code == 206
        assert "Content-Encoding" not in part.headers
        assert part.data == snapshot(filled, "ndjson").data[:10]


class TestDatabase:
    def opened(self, world: World, path: Path) -> sqlite3.Connection:
        path.write_bytes(snapshot(world, "sqlite").data)
        return sqlite3.connect(path)

    def test_holds_documents_facets_texts_and_the_token(self, filled: World, tmp_path: Path) -> None:
        with closing(self.opened(filled, tmp_path / "s.sqlite")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = database.execute("SELECT kind, slug, body FROM document").fetchall()
            assert {(kind, slug): body for kind, slug, body in rows} == filled.published()
            page = filled.get("/v1/sync?limit=1000")
            assert database.execute("SELECT revision, token, digest, documents FROM snapshot").fetchone() == (
                1,
                page["token"],
                page["digest"],
                14,
            )
            in_region = (
                "SELECT count(*) FROM document JOIN facet ON document_id = id AND facet.name = 'region'"
                " AND value = 'back' WHERE kind = 'exercise'"
            )
            assert database.execute(in_region).fetchone() == (12,)
            found = database.execute(
                "SELECT slug FROM document JOIN document_text t ON t.rowid = id"
                ' WHERE document_text MATCH \'"opening" AND "úpper"\' ORDER BY rank, slug'
            ).fetchall()
            assert len(found) == 12

    def test_finds_names_as_they_are_seen(self, filled: World, tmp_path: Path) -> None:
        filled.put("exercise", exercise("e-4", "back", name="Wall an\u00adgel", aliases=["Sn\u200bow"]))
        filled.release()
        with closing(self.opened(filled, tmp_path / "s.sqlite")) as database:
            for word in ("angel", "snow"):
                found = "SELECT slug FROM document JOIN document_text t ON t.rowid = id WHERE document_text MATCH ?"
                assert database.execute(found, (word,)).fetchall() == [("e-4",)]
            (name,) = database.execute("SELECT name FROM document WHERE slug = 'e-4'").fetchone()
        assert name == "Wall an\u00adgel"

    def test_a_client_begins_with_it(self, filled: World, tmp_path: Path) -> None:
        self.opened(filled, tmp_path / "s.sqlite").close()
        filled.drop("exercise", "e-4")
        filled.release()
        replica = filled.replica(tmp_path / "replica.db")
        replica.load_snapshot(str(tmp_path / "s.sqlite"))
        assert ("exercise", "e-4") in held(replica)
        done = replica.sync()
        assert (done.pages, done.reset) == (1, False)
        assert held(replica) == filled.published()


@pytest.mark.parametrize("form", FORMS)
class TestFiles:
    def test_have_the_headers_of_a_file(self, filled: World, form: str) -> None:
        whole = snapshot(filled, form)
        head = filled.http.head(f"/v1/snapshot.{form}")
        assert head.data == b""
        for name in ("ETag", "Content-Length", "Content-Type", "Accept-Ranges", "Cache-Control", "Content-Language"):
            assert head.headers[name] == whole.headers[name], name
        assert int(whole.headers["Content-Length"]) == len(whole.data)
        assert (
            whole.headers["Content-Type"].split(";")[0]
            == {
                "ndjson": "application/x-ndjson",
                "sqlite": "application/vnd.sqlite3",
            }[form]
        )
        assert whole.headers["Cache-Control"].startswith("public, max-age=60")
        assert whole.headers["Access-Control-Allow-Origin"] == "*"

    def test_by_range(self, filled: World, form: str) -> None:
        whole = snapshot(filled, form).data
        size = len(whole)
        for asked, first, last in (
            ("bytes=0-99", 0, 99),
            ("bytes=100-", 100, size - 1),
            ("bytes=-7", size - 7, size - 1),
            (f"bytes=5-{size * 9}", 5, size - 1),
            (f"bytes=-{size * 9}", 0, size - 1),
            ("BYTES = 1 - 1", 1, 1),
        ):
            part = snapshot(filled, form, Range=asked)
            assert part.status_code == 206, asked
            assert part.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
            assert part.data == whole[first : last + 1]
            assert part.headers["Content-Length"] == str(len(part.data))

    @pytest.mark.parametrize(
        "asked", ["bytes=9-5", "lines=0-1", "bytes=", "bytes=-", "x", "bytes=0-1,3-4", "bytes=a-b"]
    )
    def test_a_range_that_cannot_be_read_is_ignored(self, filled: World, form: str, asked: str) -> None:
        assert snapshot(filled, form, Range=asked).status_code == 200

    @pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=999999999999999999-"])
    def test_a_range_behind_the_end_is_416(self, filled: World, form: str, asked: str) -> None:
        refused = snapshot(filled, form, Range=asked)
        assert refused.status_code == 416
        assert refused.headers["Content-Range"] == f"bytes */{len(snapshot(filled, form).data)}"
        assert refused.json
        assert refused.json["type"] == f"{ORIGIN}/problems/range-not-satisfiable"

    def test_if_range_with_another_version_gives_the_whole(self, filled: World, form: str) -> None:
        tag = snapshot(filled, form).headers["ETag"]
        assert snapshot(filled, form, **{"Range": "bytes=0-1", "If-Range": tag}).status_code == 206
        for other in ('"other"', f"W/{tag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
            assert snapshot(filled, form, **{"Range": "bytes=0-1", "If-Range": other}).status_code == 200

    def test_on_condition(self, filled: World, form: str) -> None:
        whole = snapshot(filled, form)
        tag = whole.headers["ETag"]
        for given in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            same = snapshot(filled, form, **{"If-None-Match": given})
            assert (same.status_code, same.data) == (304, b"")
            for name in ("ETag", "Cache-Control", "Vary"):
                assert same.headers.get(name) == whole.headers.get(name)
        assert snapshot(filled, form, **{"If-None-Match": '"x"'}).status_code == 200
        assert snapshot(filled, form, **{"If-Match": '"x"'}).status_code == 412
        filled.drop("exercise", "e-3")
        filled.release()
        assert snapshot(filled, form, **{"If-None-Match": tag}).status_code == 200

    def test_are_built_once_for_a_revision_and_the_old_ones_go(
        self, filled: World, form: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        built: list[int] = []
        original = snapshots.WRITERS[form]

        def counted(contents: Any, path: Path) -> None:
            built.append(contents.revision)
            original(contents, path)

        monkeypatch.setattr(snapshots, "WRITERS", {form: counted})
        for number in range(4):
            for _ in range(3):
                assert snapshot(filled, form).status_code == 200
            filled.put("exercise", exercise("e-1", note=str(number)))
            filled.release()
        assert built == [1, 2, 3, 4]
        names = sorted(path.name for path in builder(filled).folder.iterdir())
        assert [name.split("-")[1] for name in names if name.endswith(form)] == ["0000000003", "0000000004"]
        assert not [name for name in names if name.startswith(".building")]

    def test_while_one_is_built_the_one_before_is_given(
        self, filled: World, form: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = snapshot(filled, form).data
        filled.put("exercise", exercise("e-1", note="new"))
        filled.release()
        begun, go_on = threading.Event(), threading.Event()
        original = snapshots.WRITERS[form]

        def slow(contents: Any, path: Path) -> None:
            begun.set()
            assert go_on.wait(20)
            original(contents, path)

        monkeypatch.setattr(snapshots, "WRITERS", {form: slow})
        answers: list[bytes] = []
        other = filled.app.test_client()
        thread = threading.Thread(target=lambda: answers.append(other.get(f"/v1/snapshot.{form}").data))
        thread.start()
        assert begun.wait(20)
        during = snapshot(filled, form).data
        go_on.set()
        thread.join()
        assert during == before
        assert answers[0] != before
        assert snapshot(filled, form).data == answers[0]

    def test_a_folder_that_cannot_be_written_is_503(self, filled: World, form: str, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        builder(filled).folder = tmp_path / "file" / "folder"
        assert snapshot(filled, form).status_code == 503

    def test_accept_is_heeded(self, filled: World, form: str) -> None:
        given = snapshot(filled, form).headers["Content-Type"].split(";")[0]
        for accepted in (given, "*/*", "application/*"):
            assert snapshot(filled, form, Accept=accepted).status_code == 200
        assert snapshot(filled, form, Accept="text/html").status_code == 406

    def test_unknown_parameters_and_languages_are_422(self, filled: World, form: str) -> None:
        for query in ("lang=xx", "limit=3"):
            assert filled.http.get(f"/v1/snapshot.{form}?{query}").status_code == 422

    def test_of_an_empty_catalogue(self, world: World, form: str) -> None:
        assert snapshot(world, form).status_code == 200
