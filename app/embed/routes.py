"""The addresses of what partners put on their sites."""

from flask import Blueprint, Flask

from app.embed.builder import builder_response
from app.embed.cards import card_response
from app.embed.elements import ELEMENTS_PATH, elements_response
from app.embed.oembed import oembed_response
from app.look.page_documents import framed

blueprint = Blueprint("embed", __name__)

blueprint.add_url_rule("/embed", "builder", builder_response)
blueprint.add_url_rule(ELEMENTS_PATH, "elements", elements_response)
blueprint.add_url_rule("/oembed", "oembed", oembed_response)


def install(app: Flask) -> None:
    """Gives the application its cards, of each kind that has pages, and all else that partners use."""
    app.register_blueprint(blueprint)
    if collections := ",".join(f'"{collection}"' for collection in framed(app)):
        app.add_url_rule(f"/embed/<any({collections}):collection>/<slug:slug>", "embed.card", card_response)
