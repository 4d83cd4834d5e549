"""The HTTP toolkit: what every answer has in common. Knows nothing of exercises."""
