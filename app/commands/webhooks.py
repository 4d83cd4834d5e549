"""`flask webhooks`: the worker that delivers events to subscribers."""

import signal
from datetime import timedelta

import click
from flask.cli import AppGroup

from app.commands.terminal import needs_store
from app.web.installed import database, settings
from app.webhooks.deliveries import Taken
from app.webhooks.sending import Outcome, Sender
from app.webhooks.worker import Worker

webhooks = AppGroup("webhooks", help="Telling subscribers of releases.")


def _tell(taken: Taken, outcome: Outcome) -> None:
    ended = outcome.status if outcome.error is None else outcome.error
    click.echo(f"{taken.event_id} to {taken.subscription_id}, attempt {taken.attempt}: {ended}")


@webhooks.command()
@click.option("--once", is_flag=True, help="Make the attempts that are due, and end.")
@needs_store
def deliver(*, once: bool) -> None:
    """Deliver what there is to tell, until SIGTERM. Several may run."""
    chosen = settings()
    sender = Sender(seconds=chosen.webhook_timeout_seconds, loopback=chosen.webhooks_to_loopback)
    worker = Worker(database(), sender, chosen.public_origin, keep=timedelta(days=chosen.webhook_keep_days), tell=_tell)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stop())
    if not once:
        worker.run()
        return
    counted = worker.drain()
    click.echo(f"{counted[True]} delivered, {counted[False]} not.")
