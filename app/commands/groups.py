"""Every group of `flask` commands. `flask GROUP COMMAND` is in the file GROUP, but for large ones of `catalogue`."""

from app.commands.catalogue import catalogue
from app.commands.changes import prune, rerender
from app.commands.database import database
from app.commands.docs import docs
from app.commands.imports import imports
from app.commands.keys import keys
from app.commands.partners import partners
from app.commands.serve import serve
from app.commands.signing import signing
from app.commands.webhooks import webhooks

for command in (imports, prune, rerender):
    catalogue.add_command(command)

keys.add_command(signing)

GROUPS = (catalogue, database, docs, keys, partners, serve, webhooks)
"""What the application adds to `flask`."""
