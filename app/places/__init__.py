"""Places: `/v1/places`."""
