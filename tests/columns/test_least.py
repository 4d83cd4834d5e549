"""The page of a list that a query found, sought among a sample first."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.columns.least import SAMPLED, least


@given(size=st.integers(0, 30 * SAMPLED), limit=st.integers(1, 40), seed=st.integers(0, 1000), part=st.floats(0, 1))
def test_the_least_of_some_values_come_in_order(size: int, limit: int, seed: int, part: float) -> None:
    random = np.random.default_rng(seed)
    order = random.permutation(10 * size)[:size] - 5 * size
    among = np.flatnonzero(random.random(size) < part)

    found = least(order, among, limit)

    assert order[found].tolist() == sorted(order[among].tolist())[:limit]
    assert set(found.tolist()) <= set(among.tolist())


@given(size=st.integers(0, 60 * SAMPLED), limit=st.integers(1, 40))
def test_none_is_missed_where_the_sample_holds_the_least(size: int, limit: int) -> None:
    everything = np.arange(size)
    order = np.empty(size, np.int64)
    order[np.argsort(everything % SAMPLED, kind="stable")] = everything

    found = least(order, everything, limit)

    assert order[found].tolist() == list(range(min(size, limit)))
