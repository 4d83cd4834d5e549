"""Where everything of this room is found."""

from flask import Blueprint, Flask, Response

from app.embed.builder import builder_response
from app.embed.cards import card_response
from app.embed.oembed import oembed_response
from app.look import assets
from app.look.html import template_globals
from app.look.people_errors import for_people
from app.pages import sitemap
from app.pages.document_page import page_response
from app.pages.home import browse_response

blueprint = Blueprint("embed", __name__)

blueprint.add_url_rule("/", "home", browse_response)
blueprint.add_url_rule("/embed", "builder", builder_response)
blueprint.add_url_rule("/oembed", "oembed", oembed_response)
blueprint.add_url_rule(assets.ELEMENTS_PATH, "elements", assets.elements_response)
blueprint.add_url_rule("/assets/<digest>/<name>", "asset", assets.asset_response)
blueprint.add_url_rule("/sitemap.xml", "sitemap", sitemap.sitemap_response)
blueprint.add_url_rule("/sitemap-<number:number>.xml", "sitemap_part", sitemap.sitemap_part_response)
blueprint.add_url_rule("/robots.txt", "robots", sitemap.robots_response)


@blueprint.get("/<any(exercises, routines):collection>/<slug:slug>")
def page(collection: str, slug: str) -> Response:
    """A page for people."""
    return page_response(collection, slug)


@blueprint.get("/embed/<any(exercises, routines):collection>/<slug:slug>")
def card(collection: str, slug: str) -> Response:
    """A card to frame."""
    return card_response(collection, slug)


def install(app: Flask) -> None:
    """Adds the pages and cards to the application, and the look to every page that it has."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(template_globals())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Runs before the answer is finished: what is registered later runs earlier.
    app.after_request(for_people)
