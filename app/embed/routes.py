"""The addresses of what partners put on their sites."""

from flask import Blueprint

from app.embed.builder import builder_response
from app.embed.cards import card_response
from app.embed.elements import ELEMENTS_PATH, elements_response
from app.embed.oembed import oembed_response

blueprint = Blueprint("embed", __name__)

blueprint.add_url_rule("/embed", "builder", builder_response)
blueprint.add_url_rule("/embed/<any(exercises, routines):collection>/<slug:slug>", "card", card_response)
blueprint.add_url_rule(ELEMENTS_PATH, "elements", elements_response)
blueprint.add_url_rule("/oembed", "oembed", oembed_response)
