"""`flask partners`: who may frame cards, and from where."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from app.access import audit
from app.access import partners as access
from app.commands.terminal import needs_store
from app.errors import InvalidPartner
from app.web.installed import database

partners = AppGroup("partners", help="Sites that frame cards, and their origins.")


@partners.command()
@click.argument("slug")
@click.option("--name", required=True, help="The partner's name.")
@click.option(
    "--origin", "origins", multiple=True, required=True, metavar="ORIGIN", help="https://clinic.example; repeatable."
)
@needs_store
def add(slug: str, name: str, origins: tuple[str, ...]) -> None:
    """Add a partner, or give the one of this SLUG another name and other origins."""
    try:
        with database().transaction() as connection:
            action = "create" if access.find_partner(connection, slug) is None else "update"
            saved = access.save_partner(connection, slug=slug, name=name, origins=origins)
            audit.record(connection, None, action, f"partners/{slug}", now=datetime.now(UTC))
    except InvalidPartner as error:
        raise click.ClickException(" ".join(f"{fault.place}: {fault.detail}" for fault in error.faults)) from None
    click.echo(f"{saved.slug}: {', '.join(saved.origins)}")


@partners.command("list")
@needs_store
def list_partners() -> None:
    """List partners: slug, name and origins, separated by tabs."""
    with database().reading() as connection:
        for partner in access.partners(connection):
            click.echo("\t".join((partner.slug, partner.name, " ".join(partner.origins))))


@partners.command()
@click.argument("slug")
@needs_store
def remove(slug: str) -> None:
    """Remove a partner; nobody frames its cards from now on."""
    with database().transaction() as connection:
        access.remove_partner(connection, slug)
        audit.record(connection, None, "delete", f"partners/{slug}", now=datetime.now(UTC))
    click.echo(f"{slug} was removed.")
