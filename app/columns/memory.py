"""The memory of a released state, so that a list need not read the whole catalogue again.

Only a release changes what is published, so what was read of a state stays right. Each store's memory is bounded in
bytes: what was used least recently is forgotten first, and a new release forgets all that was read of the one before.
If several threads want the same thing at once, one reads it and the others wait.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from app.store.state import State, current_state

DEFAULT_LIMIT = 48 << 20

OVERHEAD = 1000
"""Bytes that are counted for a remembered thing beside its own size and its key's: those of its entry."""

BYTES_OF_A_CHARACTER = 4
"""How many bytes are counted for a character of a key's `repr`: its objects take more room than their texts."""


class Sized(Protocol):
    """An object that knows its size in bytes."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""


Remembered = TypeVar("Remembered", bound=Sized)
MemoryKey = tuple[Hashable, ...]


class _Held(NamedTuple):
    thing: Sized
    nbytes: int


class Memory:
    """Things read of released states, at most `limit` bytes of them."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self.held = 0
        self._newest = State(-1, "")
        self._things: OrderedDict[tuple[State, MemoryKey], _Held] = OrderedDict()
        self._being_read: dict[tuple[State, MemoryKey], Lock] = {}
        self._lock = Lock()

    def get(self, state: State, key: MemoryKey, read: Callable[[], Remembered]) -> Remembered:
        """What is remembered of a state by `key`; if nothing is, what `read` gives, which is remembered then."""
        place = (state, key)
        with self._lock:
            self._notice(state)
            if place in self._things:
                self._things.move_to_end(place)
                return cast("Remembered", self._things[place].thing)
            reading = self._being_read.setdefault(place, Lock())
        with reading:
            with self._lock:
                if place in self._things:
                    return cast("Remembered", self._things[place].thing)
            try:
                thing = read()
                with self._lock:
                    self._keep(place, thing)
            finally:
                with self._lock:
                    self._being_read.pop(place, None)
        return thing

    def _notice(self, state: State) -> None:
        if state == self._newest or state.revision < self._newest.revision:
            return
        self._newest = state
        for place in [(other, key) for other, key in self._things if other != state]:
            self._forget(place)

    def _keep(self, place: tuple[State, MemoryKey], thing: Sized) -> None:
        if place in self._things:
            # After a failed read, threads that waited for it and threads that came later may read at the same time.
            self._forget(place)
        self._things[place] = _Held(thing, thing.nbytes + BYTES_OF_A_CHARACTER * len(repr(place[1])) + OVERHEAD)
        self.held += self._things[place].nbytes
        while self.held > self.limit and self._things:
            self._forget(next(iter(self._things)))

    def _forget(self, place: tuple[State, MemoryKey]) -> None:
        self.held -= self._things.pop(place).nbytes


@dataclass(frozen=True)
class StateReader:
    """Reads a released state from memory, or through a connection that sees this state alone."""

    connection: Connection
    state: State
    memory: Memory

    def remembered(self, key: MemoryKey, read: Callable[[], Remembered]) -> Remembered:
        """What is remembered by `key`; if nothing is, what `read` gives, which is remembered then."""
        return self.memory.get(self.state, key, read)


_memories: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()


def remember(engines: Iterable[Engine], limit: int) -> None:
    """Sets how many bytes are remembered of a store. Its engines, a database and its replicas, share one memory."""
    memory = Memory(limit)
    for engine in engines:
        _memories[engine] = memory


def state_reader(connection: Connection) -> StateReader:
    """A reader of the current state, in one query. The connection's transaction must keep seeing the same state."""
    return StateReader(connection, current_state(connection), _memories.setdefault(connection.engine, Memory()))
