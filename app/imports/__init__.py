"""Other catalogues' files as drafts. Converters are pure: a file and what the store knows of it in, drafts out."""
