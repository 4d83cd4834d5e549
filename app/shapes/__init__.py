"""What values look like: fields of drafts, documents and queries, languages of texts. No tables, no HTTP."""
