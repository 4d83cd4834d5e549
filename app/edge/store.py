"""The kept answers, by key and by the raw keys of the requests for them; bounded in bytes."""

import sys
import threading
from dataclasses import dataclass

from app.edge.answers import Answer, RawKey, Ready
from app.edge.keys import CacheKey

LARGEST_SHARE = 8
"""An answer over an eighth of the bound is not kept: it would drive out too many others."""

MOST_RAW_KEYS = 32
"""How many raw keys are remembered for one answer; a new one takes the place of the oldest."""

SECOND_ROUNDS = 16
"""How many answers in use an eviction passes over at most, so that it stays quick."""


@dataclass(frozen=True)
class Held:
    """What a store holds."""

    entries: int
    bytes: int
    evicted: int


class Store:
    """Answers, at most `bound` bytes of them with the texts of their keys.

    The oldest answer is evicted first. If it was used since it came or was last passed over, it moves to the end of the
    line instead ("second chance", an approximation of LRU in which a hit only sets a flag). So answers that nobody asks
    for twice do not drive out those that are in use.
    """

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.ready: dict[RawKey, Ready] = {}
        self._answers: dict[CacheKey, Answer] = {}
        self._bytes = 0
        self._evicted = 0
        self._lock = threading.Lock()

    def find(self, key: CacheKey) -> Answer | None:
        """The answer kept by a key, of whatever state."""
        return self._answers.get(key)

    def put(self, key: CacheKey, answer: Answer) -> bool:
        """Keeps an answer in place of its key's former one; the oldest make room. False if it is too large to keep."""
        answer.keys_size = _size(key)
        if answer.size + answer.keys_size > self.bound // LARGEST_SHARE:
            return False
        with self._lock:
            if (former := self._answers.pop(key, None)) is not None:
                self._forget(former)
            self._answers[key] = answer
            self._settle(key, answer)
        return True

    def remember(self, key: CacheKey, raw: RawKey, answer: Answer, ready: Ready) -> None:
        """Keeps a prepared response by the raw key of its request, for as long as its answer is kept."""
        with self._lock:
            if self._answers.get(key) is not answer:
                return
            if raw not in self.ready:
                answer.ready_keys.append(raw)
                answer.keys_size += _size(raw)
                if len(answer.ready_keys) > MOST_RAW_KEYS:
                    oldest = answer.ready_keys.pop(0)
                    self.ready.pop(oldest, None)
                    answer.keys_size -= _size(oldest)
            self.ready[raw] = ready
            self._settle(key, answer)

    def settle(self, key: CacheKey, answer: Answer) -> None:
        """Counts the bytes by which a kept answer grew when it was coded, and makes room."""
        if answer.counted and answer.counted != answer.size + answer.keys_size:
            with self._lock:
                if self._answers.get(key) is answer:
                    self._settle(key, answer)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self.ready.clear()
            self._answers.clear()
            self._bytes = 0

    def held(self) -> Held:
        """How much the store holds now."""
        return Held(len(self._answers), self._bytes, self._evicted)

    def _settle(self, key: CacheKey, answer: Answer) -> None:
        """Counts the bytes that an answer takes now, and makes room."""
        size = answer.size + answer.keys_size
        self._bytes += size - answer.counted
        answer.counted = size
        spared = 0
        while self._bytes > self.bound and self._answers:
            oldest_key = next(iter(self._answers))
            oldest = self._answers.pop(oldest_key)
            if oldest.use.lately and spared < SECOND_ROUNDS:
                oldest.use.lately = False
                self._answers[oldest_key] = oldest
                spared += 1
                continue
            self._forget(oldest)
            self._evicted += 1

    def _forget(self, answer: Answer) -> None:
        self._bytes -= answer.counted
        for raw in answer.ready_keys:
            ready = self.ready.get(raw)
            if ready is not None and ready.use is answer.use:
                del self.ready[raw]
        answer.ready_keys.clear()


def _size(key: RawKey) -> int:
    return sys.getsizeof(key) + sum(sys.getsizeof(part) for part in key if part is not None) + 200
