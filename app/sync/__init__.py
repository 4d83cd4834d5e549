"""Offline use: the change feed, its tokens and digests, snapshots, and pruning. Reads the change log alone."""
