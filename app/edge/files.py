"""Answers that are files: sent in pieces with flat memory, by range and on condition (RFC 9110, sections 13 and 14)."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request
from werkzeug.datastructures import Headers
from werkzeug.http import quote_etag

from app.edge import representation
from app.web.problem_table import PROBLEMS
from app.web.problems import problem_response

PIECE_BYTES = 256 * 1024
# Possessive: white space that was passed is not tried again in the next part, so that the time is linear.
_ONE_RANGE = re.compile(r"\s*+bytes\s*+=\s*+([0-9]{0,18}+)\s*+-\s*+([0-9]{0,18}+)\s*+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class StoredFile:
    """A file that does not change. `tag` is a digest of its bytes; `coding` the content coding they are in."""

    path: Path
    size: int
    tag: str
    coding: str | None = None


class FileResponse(Response):
    """An answer that already has its ETag and is sent as it is."""


def file_response(stored: StoredFile, mimetype: str, filename: str, *, negotiated: bool) -> Response:
    """The file, the range of it that is asked for, 304, 412 or 416. `negotiated`: it comes in several codings.

    Several ranges at once are answered with the whole file, as the RFC allows.
    """
    outcome = representation.precondition(stored.tag, if_match=request.if_match, if_none_match=request.if_none_match)
    if outcome == 412:
        return problem_response(PROBLEMS["precondition-failed"], "The present version has another ETag.")
    response = FileResponse(mimetype=mimetype)
    response.set_etag(stored.tag)
    response.headers["Accept-Ranges"] = "bytes"
    if negotiated:
        response.vary.add("Accept-Encoding")
    if outcome == 304:
        response.status_code = 304
        response.headers = Headers(representation.headers_of_304(list(response.headers)))
        return response
    asked = byte_range(stored)
    if asked == "unsatisfiable":
        headers = {"Content-Range": f"bytes */{stored.size}", "Accept-Ranges": "bytes"}
        return problem_response(
            PROBLEMS["range-not-satisfiable"], f"The file has {stored.size} bytes.", headers=headers
        )
    start, stop = asked if isinstance(asked, tuple) else (0, stored.size)
    if isinstance(asked, tuple):
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{stored.size}"
    if stored.coding:
        response.headers["Content-Encoding"] = stored.coding
    response.headers["Content-Length"] = str(stop - start)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    if request.method != "HEAD":
        response.response = Pieces(stored.path, start, stop)
    return response


def byte_range(stored: StoredFile) -> tuple[int, int] | str | None:
    """The half-open range that is asked for, `unsatisfiable`, or None for the whole file."""
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or found.groups() == ("", ""):
        return None
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip() != quote_etag(stored.tag):
        return None
    first, last = found.groups()
    if first == "":
        length = min(int(last), stored.size)
        return (stored.size - length, stored.size) if length else "unsatisfiable"
    if last != "" and int(last) < int(first):
        return None
    if int(first) >= stored.size:
        return "unsatisfiable"
    return int(first), min(int(last) + 1, stored.size) if last else stored.size


class Pieces:
    """A range of a file, a piece at a time.

    The file is opened at once, so that one that is replaced meanwhile stays readable, and closed with the answer.
    """

    def __init__(self, path: Path, start: int, stop: int) -> None:
        self._descriptor: int | None = os.open(path, os.O_RDONLY)
        self._position, self._stop = start, stop

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        rest = min(PIECE_BYTES, self._stop - self._position)
        piece = os.pread(self._descriptor, rest, self._position) if self._descriptor is not None and rest > 0 else b""
        if not piece:
            self.close()
            raise StopIteration
        self._position += len(piece)
        return piece

    def close(self) -> None:
        """Closes the file; WSGI servers call it, whether they sent everything or not."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.close()
