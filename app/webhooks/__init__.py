"""Webhooks: subscriptions, and the signed delivery of what the outbox holds (`releasing.outbox`)."""
