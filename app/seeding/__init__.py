"""Seed files: YAML to drafts with every error's place, plans in words, and the export back to files."""
