import gzip

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_accept_header

from app.edge import representation

DECODERS = {
    "zstd": lambda content: zstandard.ZstdDecompressor().decompress(content),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


def chosen(header: str) -> str | None:
    return representation.choose(parse_accept_header(header))


class TestChoose:
    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ("", None),
            ("gzip", "gzip"),
            ("br", "br"),
            ("zstd", "zstd"),
            ("gzip, br, zstd", "zstd"),
            ("gzip, br", "br"),
            ("GZip", "gzip"),
            ("deflate, compress", None),
            ("*", "zstd"),
            ("*;q=0", None),
            ("*;q=0, gzip", "gzip"),
            ("zstd;q=0, *;q=0.1", "br"),
            ("zstd;q=0, br;q=0, gzip;q=0", None),
            ("zstd;q=0.1, br;q=0.2, gzip;q=0.3", "gzip"),
            ("gzip;q=0.001", "gzip"),
            ("identity", None),
            ("identity, gzip", "gzip"),
            ("identity, gzip;q=0.9", None),
            ("identity;q=0.5, gzip;q=0.5", "gzip"),
            ("identity;q=0, br;q=0.1", "br"),
            ("identity;q=0.5, *;q=0.1", None),
        ],
    )
    def test_the_clients_first_and_of_equals_the_smallest(self, header: str, expected: str | None) -> None:
        assert chosen(header) == expected

    @given(st.dictionaries(st.sampled_from([*representation.PREFERRED, "identity", "*", "x"]), st.integers(0, 10)))
    def test_nothing_is_chosen_that_the_client_refuses(self, qualities: dict[str, int]) -> None:
        found = chosen(", ".join(f"{name};q={quality / 10}" for name, quality in qualities.items()))
        if found:
            assert qualities.get(found, qualities.get("*", 0)) > 0


class TestEncode:
    @pytest.mark.parametrize("name", representation.PREFERRED)
    @given(content=st.binary(max_size=2000))
    def test_it_decodes_to_the_same_bytes_and_is_the_same_each_time(self, name: str, content: bytes) -> None:
        encoded = representation.encode(content, name)
        assert DECODERS[name](encoded) == content
        assert representation.encode(content, name) == encoded


class TestWorthCoding:
    @pytest.mark.parametrize(
        "mimetype",
        [*representation.CODED_TYPES, "text/html", "text/css", "text/javascript", "image/svg+xml"],
    )
    def test_long_texts_are_and_short_ones_are_not(self, mimetype: str) -> None:
        assert representation.is_worth_coding(mimetype, representation.SMALLEST)
        assert not representation.is_worth_coding(mimetype, representation.SMALLEST - 1)

    @pytest.mark.parametrize("mimetype", ["image/png", "video/mp4", "application/octet-stream", ""])
    def test_what_is_packed_already_is_not(self, mimetype: str) -> None:
        assert not representation.is_worth_coding(mimetype, 1_000_000)
