"""What the service says of itself: health, the OpenAPI document, problem pages."""
