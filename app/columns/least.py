"""The first of many values, without sorting them all."""

import numpy as np

from app.columns.ids import Ids

SAMPLED = 64
"""One value in so many is looked at first. Sorting all of them, or `argpartition`, takes several times as long."""


def least(order: Ids, among: Ids, limit: int) -> Ids:
    """The places of the least values, in ascending order of the values: at most `limit` places, all out of `among`."""
    sample = order.take(among[::SAMPLED])
    if len(sample) > limit:
        # At least `limit` values of the sample are no greater than this one, and so are at least as many of all.
        bound = np.partition(sample, limit)[limit]
        among = among[order.take(among) <= bound]
    ascending: Ids = among[np.argsort(order.take(among))]
    return ascending[:limit]
