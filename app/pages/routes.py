"""The addresses of the pages."""

from flask import Blueprint, Flask

from app.pages import sitemap
from app.pages.exercise import exercise_response
from app.pages.home import home_response
from app.pages.report import report_response
from app.pages.routine import routine_response

blueprint = Blueprint("pages", __name__)

blueprint.add_url_rule("/", "home", home_response)
blueprint.add_url_rule("/exercises/<slug:slug>", "exercise", exercise_response)
blueprint.add_url_rule("/routines/<slug:slug>", "routine", routine_response)
blueprint.add_url_rule("/report", "report", report_response)
blueprint.add_url_rule("/sitemap.xml", "sitemap", sitemap.sitemap_response)
blueprint.add_url_rule("/sitemap-<number:number>.xml", "sitemap_part", sitemap.sitemap_part_response)
blueprint.add_url_rule("/robots.txt", "robots", sitemap.robots_response)


def install(app: Flask) -> None:
    """Gives the application its pages."""
    app.register_blueprint(blueprint)
