"""The engine: what every kind of content has in common, from the draft to the bytes that are served."""
