"""Finding published documents: words, typing errors, relevance, distance. Knows no kind and no HTTP."""
