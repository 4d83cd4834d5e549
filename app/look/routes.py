"""The address of styles and scripts, and the look that every page of the application has."""

from flask import Flask

from app.look.assets import address, asset_response
from app.look.people_errors import for_people
from app.look.wording import Wording


def install(app: Flask) -> None:
    """Adds the look to the application: what templates of all rooms use, and errors as pages."""
    app.add_url_rule("/assets/<digest>/<name>", "asset", asset_response)
    # `plain_wording` is English, for pages that come in no other language.
    app.jinja_env.globals.update(asset=address, plain_wording=Wording("en"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Runs before the answer is finished: what is registered later runs earlier.
    app.after_request(for_people)
