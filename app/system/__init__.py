"""What the service says of itself: health, the OpenAPI document and its explorer, problems, the catalogue of APIs."""
