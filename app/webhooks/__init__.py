"""Webhooks: subscriptions, and the signed delivery of what the outbox holds (`content.outbox`)."""
