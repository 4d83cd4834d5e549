"""Completing what somebody types: `/v1/suggestions`."""
