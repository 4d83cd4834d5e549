import json
import random
import re
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from app.shapes.fields import WebAddress
from app.shapes.web_addresses import NotAnAddress, WebParts, parse_web_address

# The grammar of RFC 3986, appendix A, written a second time: by its own names, for http and https without userinfo.
UNRESERVED, SUB_DELIMS, PCT_ENCODED = r"[A-Za-z0-9\-._~]", r"[!$&'()*+,;=]", r"%[0-9A-Fa-f]{2}"
PCHAR = rf"(?:{UNRESERVED}|{PCT_ENCODED}|{SUB_DELIMS}|[:@])"
HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:{UNRESERVED}|{PCT_ENCODED}|{SUB_DELIMS})*)"
URI = re.compile(
    rf"[Hh][Tt][Tt][Pp][Ss]?://{HOST}(?::[0-9]*)?(?:/{PCHAR}*)*(?:\?(?:{PCHAR}|[/?])*)?(?:\#(?:{PCHAR}|[/?])*)?"
)

PIECES = [
    *"/?#:@.%-_~!$&()*+,;='\"<>[]{}|\\^` \t\n", "https://", "http://", "HTTPS://", "a", "B", "7", "a.b", "..", "%20",
    "%zz", "%4", "%C3%BC", "ü", "bücher", "straße", "\u202e", "\u200f", "\u00ad", "\uff0e", "\u3002", "\u2100", "☕",
    "xn--bcher-kva", "xn--a", "xn--", "ab--c", "1.2.3.4", "0x7f", "0177", "2130706433", "256", "[::1]",
    "[::ffff:1.2.3.4]", "[1::%25a]", "[v1.a]", ":443", ":80", ":0", ":65535", ":65536", ":01", ":", "localhost",
    "example.org", "x" * 64,
]  # fmt: skip
ADDRESSES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map(lambda pieces: "https://a" + "".join(pieces)),
    st.lists(st.sampled_from(PIECES), max_size=4).map(lambda pieces: f"https://{''.join(pieces)}.example/path?q#f"),
    st.text(max_size=40).map(lambda text: f"https://example.org/{text}"),
    st.text(max_size=20).map(lambda text: f"https://{text}"),
)


def accepted(text: str, *, other_letters: bool = False) -> WebParts | None:
    try:
        return parse_web_address(text, other_letters=other_letters)
    except NotAnAddress as error:
        sentence = str(error)
    assert re.fullmatch(r"Must .+\.", sentence)
    assert sentence.isprintable()
    return None


class TestForm:
    @pytest.mark.parametrize(
        "text",
        [
            "https://example.org", "http://example.org/", "HTTPS://Example.ORG/A", "https://example.org:8443/a/b;c=1?d=e&f#g",
            "https://192.0.2.1/", "https://[2001:db8::1]:8080/x", "https://xn--bcher-kva.example/", "https://a/%C3%BC%27",
            "https://en.wikipedia.org/wiki/Cobra_(pose)", "https://localhost:5000", "https://example.org/?", "https://a/#",
        ],
    )  # fmt: skip
    def test_what_strict_clients_parse_is_taken_as_it_is(self, text: str) -> None:
        assert WebAddress().deserialize(text) == text

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("javascript:alert(1)", "begins with https:// or http://"),
            ("https:/example.org", "begins with https:// or http://"),
            ("https://user@example.org/", "user or a password"),
            ("https://user:pass@example.org/", "user or a password"),
            ("https://@example.org/", "user or a password"),
            ("https://example.org\\@evil.example/", "user or a password"),
            ("https://example.org\\evil", r"Must not hold '\\'"),
            ('https://example.org/"x"', "Must not hold '\"'; after the host, write it percent-encoded: as %22."),
            ("https://example.org/it's", "percent-encoded: as %27."),
            ("https://example.org/<x>", "Must not hold '<'"),
            ("https://example.org/a b", "U\\+0020; .* as %20"),
            ("https://example.org/\u202egnp.exe", "U\\+202E"),
            ("https://exam\u200fple.org/", "U\\+200F"),
            ("https://example.org/ü", "as %C3%BC."),
            ("https://bücher.example/", "Must not hold 'ü'"),
            ("https://example.org/#a#b", "one '#' at most"),
            ("https://example.org##", "one '#' at most"),
            ("https://example.org/[x]", r"Must not hold '\['"),
            ("https://a..b", "between single dots"),
            ("https://.example.org", "between single dots"),
            ("https://example.org./", "between single dots"),
            ("https://-a.example/", "between single dots"),
            ("https://a_b.example/", "between single dots"),
            (f"https://{'x' * 64}.example/", "1 to 63 letters"),
            (f"https://{'x.' * 127}org/", "253 characters"),
            ("https:///path", "a host after '//'"),
            ("https://", "a host after '//'"),
            ("https://example.org:0/", "port from 1 to 65535"),
            ("https://example.org:65536/", "port from 1 to 65535"),
            ("https://example.org:080/", "port from 1 to 65535"),
            ("https://example.org:/", "port from 1 to 65535"),
            ("https://example.org:x/", "port from 1 to 65535"),
            ("https://example.org:1:2/", "port from 1 to 65535"),
            ("https://example.org/%zz", "two hexadecimal digits"),
            ("https://example.org/%2", "two hexadecimal digits"),
            ("https://%31.example/", "between single dots"),
            ("https://2130706433/", "IPv4 address such as"),
            ("https://0x7f.1/", "IPv4 address such as"),
            ("https://1.2.3.4.5/", "IPv4 address such as"),
            ("https://01.2.3.4/", "IPv4 address such as"),
            ("https://[::1/", "stands in brackets"),
            ("https://::1/", "a host after '//'"),
            ("https://[fe80::1%25eth0]/", "without a zone"),
            ("https://[example.org]/", "IPv6 address between the brackets"),
            ("https://xn--a.example/", "'xn--a' stands for none"),
            ("https://example.org/" + "x" * 2000, "at most 2000 characters"),
        ],
    )
    def test_anything_else_is_refused_with_what_is_wrong(self, text: str, sentence: str) -> None:
        with pytest.raises(ValidationError, match=sentence):
            WebAddress().deserialize(text)

    def test_a_name_in_other_letters_is_read_as_browsers_read_it(self) -> None:
        for name, dns in (("Bücher", "xn--bcher-kva"), ("straße", "xn--strae-oqa"), ("例え", "xn--r8jz45g")):
            assert parse_web_address(f"https://{name}.example/", other_letters=True).host == f"{dns}.example"
        for name in ("\u202ea", "a\u200fb", "☕", "a\u2100", "x" * 300 + "ü"):
            assert accepted(f"https://{name}.example/", other_letters=True) is None


class TestWhateverIsAccepted:
    @given(ADDRESSES)
    def test_follows_the_grammar_of_rfc_3986(self, text: str) -> None:
        if accepted(text):
            assert URI.fullmatch(text)

    @given(text=ADDRESSES, other_letters=st.booleans())
    def test_is_read_alike_by_the_standard_library(self, text: str, *, other_letters: bool) -> None:
        if parts := accepted(text, other_letters=other_letters):
            others = urlsplit(text)
            assert (others.scheme, others.port, others.path) == (parts.scheme, parts.port, parts.path)
            assert (others.query, others.fragment) == (parts.query or "", parts.fragment or "")
            assert others.username is None
            assert parts.host.isascii()
            if text.isascii() and ":" not in parts.host:
                assert others.hostname == parts.host

    @pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
    def test_is_read_alike_by_a_browser_s_parser(self) -> None:
        chance = random.Random(3)  # noqa: S311  # texts, not secrets
        texts = {
            chance.choice(("https://", "https://a", "https://example.org/", "http://a.", ""))
            + "".join(chance.choices(PIECES, k=chance.randrange(7)))
            for _ in range(60_000)
        }
        parsed = {text: parts for text in sorted(texts) if (parts := accepted(text, other_letters=True))}
        assert len(parsed) > 500
        program = (
            "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
            "console.log(JSON.stringify(given.map((text) => { try { const u = new URL(text);"
            " return [u.protocol, u.hostname, u.port, u.username + u.password, u.search, u.hash];"
            " } catch { return text; } })))"
        )
        done = subprocess.run(
            ["node", "-e", program], input=json.dumps(list(parsed)), check=True, capture_output=True, text=True
        )
        for (text, parts), read in zip(parsed.items(), json.loads(done.stdout), strict=True):
            assert isinstance(read, list), f"Node refuses {text!r}"
            port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else str(parts.port)
            search = f"?{parts.query}" if parts.query else ""
            fragment = f"#{parts.fragment}" if parts.fragment else ""
            assert [read[0], *read[2:]] == [f"{parts.scheme}:", port, "", search, fragment], text
            if ":" not in parts.host:
                assert read[1] == parts.host, text
