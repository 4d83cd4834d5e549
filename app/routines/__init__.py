"""Routines: `/v1/routines`."""
