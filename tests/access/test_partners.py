import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.access.partners import normal_origin, partner_origins, partners, remove_partner, save_partner
from app.errors import InvalidPartner, NotFound
from app.store.database import Database


class TestOrigins:
    @pytest.mark.parametrize(
        ("given_text", "normal"),
        [
            ("https://clinic.example", "https://clinic.example"),
            ("HTTPS://Clinic.Example:443/", "https://clinic.example"),
            ("http://localhost:5000", "http://localhost:5000"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://[::1]:8443", "https://[::1]:8443"),
        ],
    )
    def test_are_written_as_browsers_write_them(self, given_text: str, normal: str) -> None:
        assert normal_origin(given_text) == normal

    @pytest.mark.parametrize(
        "text",
        [
            "", "clinic.example", "ftp://clinic.example", "javascript:alert(1)", "https://", "https://clinic.example/shop",
            "https://clinic.example?x", "https://user@clinic.example", "https://clinic.example:x", "https://*.example",
            "https://a.example https://b.example", "https://a.example;script-src *", "https://a.example\n", "https://[",
            "https://'self'", "https://a..example", "*",
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidPartner):
            normal_origin(text)

    @given(st.text(max_size=60))
    def test_no_text_gets_a_second_directive_into_the_header(self, text: str) -> None:
        try:
            origin = normal_origin(f"https://{text}")
        except InvalidPartner:
            return
        assert not set(origin) & set(" ;,'\"\r\n\t*")
        assert origin.isascii()
        assert normal_origin(origin) == origin


class TestPartners:
    def test_are_saved_listed_replaced_and_removed(self, database: Database) -> None:
        with database.transaction() as connection:
            save_partner(connection, slug="clinic", name="Clinic", origins=["https://a.example", "https://a.example/"])
            save_partner(connection, slug="blog", name="Blog", origins=["https://b.example"])
            assert [each.slug for each in partners(connection)] == ["blog", "clinic"]
            assert partner_origins(connection, "clinic") == ("https://a.example",)
            save_partner(connection, slug="clinic", name="The clinic", origins=["https://c.example"])
            assert partners(connection)[1].name == "The clinic"
            assert partner_origins(connection, "clinic") == ("https://c.example",)
            remove_partner(connection, "clinic")
            assert partner_origins(connection, "clinic") is None
            with pytest.raises(NotFound):
                remove_partner(connection, "clinic")

    @pytest.mark.parametrize(
        ("slug", "name", "count"),
        [
            ("Clinic", "x", 1),
            ("a--b", "x", 1),
            ("a" * 121, "x", 1),
            ("a", " ", 1),
            ("a", "x", 0),
            ("a", "x", 51),
        ],
    )
    def test_what_is_not_allowed_is_refused(self, database: Database, slug: str, name: str, count: int) -> None:
        origins = [f"https://a{number}.example" for number in range(count)]
        with database.transaction() as connection, pytest.raises(InvalidPartner):
            save_partner(connection, slug=slug, name=name, origins=origins)


class TestCommands:
    def test_add_list_and_remove(self, app: Flask) -> None:
        run = app.test_cli_runner().invoke
        added = run(args=["partners", "add", "clinic", "--name", "Clinic", "--origin", "https://Clinic.example"])
        assert (added.exit_code, added.output) == (0, "clinic: https://clinic.example\n")
        assert run(args=["partners", "list"]).output == "clinic\tClinic\thttps://clinic.example\n"
        assert run(args=["partners", "remove", "clinic"]).exit_code == 0
        assert run(args=["partners", "remove", "clinic"]).exit_code == 1

    def test_a_wrong_origin_is_refused_and_named(self, app: Flask) -> None:
        run = app.test_cli_runner().invoke
        refused = run(args=["partners", "add", "clinic", "--name", "Clinic", "--origin", "clinic.example"])
        assert refused.exit_code == 1
        assert "'clinic.example' is not an origin" in refused.output
