"""Where everything of this room is found."""

from flask import Blueprint, Flask

from app.embed import assets, sitemap
from app.embed.browsing import browse_response
from app.embed.builder import builder_response
from app.embed.cards import card_response
from app.embed.oembed import oembed_response
from app.embed.pages import page_response
from app.embed.people_errors import for_people
from app.embed.published import framed
from app.embed.rendering import template_globals

blueprint = Blueprint("embed", __name__, template_folder="templates")

blueprint.add_url_rule("/", "home", browse_response)
blueprint.add_url_rule("/embed", "builder", builder_response)
blueprint.add_url_rule("/oembed", "oembed", oembed_response)
blueprint.add_url_rule(assets.ELEMENTS_PATH, "elements", assets.elements_response)
blueprint.add_url_rule("/assets/<digest>/<name>", "asset", assets.asset_response)
blueprint.add_url_rule("/sitemap.xml", "sitemap", sitemap.sitemap_response)
blueprint.add_url_rule("/sitemap-<number:number>.xml", "sitemap_part", sitemap.sitemap_part_response)
blueprint.add_url_rule("/robots.txt", "robots", sitemap.robots_response)


def install(app: Flask) -> None:
    """Adds the pages and cards to the application, and the look to every page that it has."""
    app.register_blueprint(blueprint)
    if collections := ",".join(f'"{collection}"' for collection in framed(app)):
        app.add_url_rule(f"/<any({collections}):collection>/<slug:slug>", "embed.page", page_response)
        app.add_url_rule(f"/embed/<any({collections}):collection>/<slug:slug>", "embed.card", card_response)
    app.jinja_env.globals.update(template_globals())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Runs before the answer is finished: what is registered later runs earlier.
    app.after_request(for_people)
