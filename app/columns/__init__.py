"""The released catalogue as remembered arrays."""
