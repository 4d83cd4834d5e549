"""Changing the working copy: plans, rules, renames."""
