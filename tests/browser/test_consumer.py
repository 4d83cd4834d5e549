"""micawber, an oEmbed consumer of somebody else's, against the live server."""

import re
from urllib.parse import quote
from xml.etree import ElementTree as ET

import micawber
import pytest
from bs4 import BeautifulSoup


class TestConsumer:
    @pytest.mark.parametrize("path", ["/exercises/wall-angel", "/routines/morning-mobility"])
    @pytest.mark.parametrize("wanted", ["json", "xml"])
    def test_resolves_through_the_endpoint(self, origin: str, path: str, wanted: str) -> None:
        provider = micawber.Provider(f"{origin}/oembed", format=wanted)
        registry = micawber.ProviderRegistry()
        registry.register(re.escape(origin) + r"/(exercises|routines)/\S+", provider)
        if wanted == "json":
            found = registry.request(origin + path, maxwidth=400)
            assert (found["type"], found["width"]) == ("rich", 400)
            assert f"{origin}/embed{path}" in found["html"]
        else:
            root = ET.fromstring(provider.fetch(f"{origin}/oembed?format=xml&url={quote(origin + path)}"))  # noqa: S314  # of our own making
            assert root.findtext("type") == "rich"

    def test_resolves_what_the_page_links_to(self, origin: str) -> None:
        address = f"{origin}/exercises/wall-angel"
        page = micawber.Provider("").fetch(address)
        links = BeautifulSoup(page, "html.parser").select('link[rel="alternate"][type$="+oembed"]')
        as_json, as_xml = (str(link["href"]) for link in links)
        assert micawber.Provider(as_json).request(address)["title"] == "Wall angel"
        root = ET.fromstring(micawber.Provider("").fetch(as_xml))  # noqa: S314  # of our own making  # of our own server
        assert root.findtext("title") == "Wall angel"

    def test_replaces_an_address_in_a_text(self, origin: str) -> None:
        registry = micawber.ProviderRegistry()
        registry.register(re.escape(origin) + r"/exercises/\S+", micawber.Provider(f"{origin}/oembed"))
        html = micawber.parse_html(f"<p>{origin}/exercises/wall-angel</p>", registry)
        assert f'src="{origin}/embed/exercises/wall-angel"' in html
