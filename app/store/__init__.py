"""Where content lies: engines, replicas, transactions, migrations. Knows no table."""
