"""The rules that content must keep to be done safely and understood, and what they find: `flask catalogue audit`."""
