"""The response cache in front of the application: answers, keys, flights, revision, store."""
