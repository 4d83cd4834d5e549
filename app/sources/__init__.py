"""Sources: `/v1/sources`."""
