"""Places: their list and their documents."""

from app.delivery.routes import delivery_blueprint
from app.places.kind import PLACE

blueprint = delivery_blueprint(
    PLACE,
    description="Places to practise or to get advice.",
    list_description="Published places that meet every parameter given. Sorted by name; follow `page.next` for more.",
    example_slug="hcpc-register",
    example_filter="service=physiotherapy&country=GB",
)
