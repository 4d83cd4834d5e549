"""Who may do what: API keys, scopes, audit, repeated requests, rate limits, and partners that may frame cards."""
