"""`/assets/…`, and what the templates and error pages of the whole application need."""

from flask import Flask

from app.look.assets import address, asset_response
from app.look.people_errors import for_people
from app.look.wording import Wording


def install(app: Flask) -> None:
    """Adds the assets, the functions that all templates use, and the error pages to the application."""
    app.add_url_rule("/assets/<digest>/<name>", "asset", asset_response)
    # `plain_wording` is English, for pages that come in no other language.
    app.jinja_env.globals.update(asset=address, plain_wording=Wording("en"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Flask calls functions that are registered later first, so this one still changes what `edge.finishing` sends.
    app.after_request(for_people)
