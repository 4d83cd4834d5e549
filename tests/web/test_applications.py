"""The tests' own means: their applications are what `create_app` makes, and nothing reaches beyond this machine."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError

from app import create_app
from app.web.installed import database
from tests.applications import application
from tests.settings import settings_for
from tests.stores import MakeStore

HOOKS = ("before_request_funcs", "after_request_funcs", "teardown_request_funcs", "url_value_preprocessors")


def test_an_application_of_the_tests_has_all_that_create_app_makes(make_sqlite: MakeStore) -> None:
    one, other, whole = (make(settings_for(make_sqlite())) for make in (application, application, create_app))
    assert sorted(map(str, one.url_map.iter_rules())) == sorted(map(str, whole.url_map.iter_rules()))
    assert one.extensions.keys() == whole.extensions.keys()
    for name in HOOKS:
        functions, expected = getattr(one, name), getattr(whole, name)
        assert {key: len(each) for key, each in functions.items()} == {key: len(each) for key, each in expected.items()}
    of_the_api = {"flask-smorest", "limber_addresses", "limber_api", "limber_catalogue", "limber_create_app"}
    shared = {name for name, thing in one.extensions.items() if thing is other.extensions[name]}
    assert shared <= of_the_api, "Nothing else is shared by the applications of two tests."
    for made in (one, other, whole):
        database.of(made).dispose()


def test_no_test_reaches_beyond_this_machine() -> None:
    with pytest.raises(SocketConnectBlockedError), pytest.warns(UserWarning, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80))
