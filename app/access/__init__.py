"""Who may do what: partners and the origins that they may frame from."""
