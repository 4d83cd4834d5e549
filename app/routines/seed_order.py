"""The order in which exercises are considered for a seed: the same in every store that has the same slugs.

An exercise's number depends on its slug and the seed only, so that a release does not reorder the exercises it leaves
alone.
"""

from array import array
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.columns.ids import Ids, places_among, plain_rows
from app.columns.memory import StateReader
from app.delivery.orders import rows_of
from app.models.tables import published_entity

HASH_BYTES = 8


def seed_order(reader: StateReader, kind: str, seed: int) -> Ids:
    """A number for each document of a kind. For this seed, documents with lower numbers are considered first."""
    key = np.frombuffer(_hash(str(seed)), "<u8")
    return _mixed(slug_hashes(reader, kind) ^ key).view(np.int64)


def slug_hashes(reader: StateReader, kind: str) -> NDArray[np.uint64]:
    """A hash of each slug, the same in every process and on every machine."""
    rows = rows_of(reader, kind)

    def read() -> NDArray[np.uint64]:
        ids, hashes = array("q"), bytearray()
        columns = select(published_entity.c.id, published_entity.c.slug)
        with plain_rows(reader.connection, columns.where(published_entity.c.kind == kind)) as slugs:
            for entity_id, slug in slugs:
                ids.append(entity_id)
                hashes += _hash(slug)
        numbers, there = places_among(np.array(ids, np.int64), rows.entity_ids)
        ordered = np.zeros(len(rows), np.uint64)
        ordered[numbers[there]] = np.frombuffer(hashes, "<u8")[there]
        return ordered

    return reader.remembered(("slug hashes", kind), read)


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=HASH_BYTES).digest()


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number as one that looks random; different ones stay different. The last steps of SplitMix64 (Steele, Lea
    and Flood 2014).
    """
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    return numbers ^ (numbers >> np.uint64(31))
