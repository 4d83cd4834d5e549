"""What the response cache says of an answer."""

from flask import Flask
from werkzeug.test import TestResponse

from app.edge.cache import ResponseCache

HIT = "limber; hit"
STORED = "limber; fwd=uri-miss; stored"


def cache_of(app: Flask) -> ResponseCache:
    cache: ResponseCache = app.extensions["limber_response_cache"]
    return cache


def how(response: TestResponse) -> str:
    return response.headers["Cache-Status"]
