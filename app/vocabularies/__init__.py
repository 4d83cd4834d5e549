"""Terms of the controlled vocabularies: `/v1/vocabularies`."""
