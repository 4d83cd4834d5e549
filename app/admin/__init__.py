"""The management face, `/v1/admin`: drafts, releases, imports, keys and audit for editors and their scripts."""
