"""Exercises: `/v1/exercises`."""
