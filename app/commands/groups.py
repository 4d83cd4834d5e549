"""The groups of `flask` commands. A group is in the file of its name; large commands of `catalogue` have their own."""

from app.commands.audit import audit
from app.commands.auditing import audit as catalogue_audit
from app.commands.catalogue import catalogue
from app.commands.changes import prune, rerender
from app.commands.database import database
from app.commands.docs import docs
from app.commands.imports import imports
from app.commands.keys import keys
from app.commands.partners import partners
from app.commands.releases import releases
from app.commands.routines import routines
from app.commands.serve import serve
from app.commands.signing import signing
from app.commands.webhooks import webhooks

for command in (catalogue_audit, imports, prune, rerender):
    catalogue.add_command(command)

keys.add_command(signing)

GROUPS = (audit, catalogue, database, docs, keys, partners, releases, routines, serve, webhooks)
"""The groups that the application adds to `flask`."""
