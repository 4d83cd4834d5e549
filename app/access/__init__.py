"""Who may do what: API keys, scopes, audit, repeated requests, rate limits."""
