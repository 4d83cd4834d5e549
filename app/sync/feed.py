"""The change feed: from a token or a page mark to a page of items and the address of the next page or a new token."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sqlalchemy import Connection

from app.content import canonical_json
from app.content.documents import on_this_service
from app.errors import CannotSign, Gone, MalformedToken
from app.releasing.signing import Signature, Signer
from app.shapes.languages import LANGUAGES
from app.store.state import State, current_state
from app.sync.changes import Range, items, read_changes
from app.sync.history import chain_at, horizon
from app.sync.state_digests import StateDigests
from app.sync.tokens import (
    SCHEMA_VERSION,
    PageMark,
    Sealed,
    Selection,
    Token,
    decode_page,
    decode_token,
    encode,
    origin_fingerprint,
)

PATH = "/v1/sync"
DEFAULT_LIMIT = 100
ANOTHER_HISTORY = "The token comes from another database, or from one that has since been restored."
PRUNED = "The token is older than the changes that are kept."
log = logging.getLogger(__name__)
OTHER_SHAPE = "The token is of a catalogue that is served in another form: from another origin, kind or language."


@dataclass(frozen=True)
class FeedPage:
    """A page of stored items, with either the address of the next page or, on the last one, a new token."""

    revision: int
    items: Sequence[bytes]
    digest: str
    language: str
    signature: Signature | None = None
    next: str | None = None
    token: str | None = None

    def dump(self) -> bytes:
        """The page as it is sent, except for the origin."""
        following = {"next": on_this_service(self.next)} if self.next else {"token": self.token}
        signature = self.signature and self.signature._asdict()
        rest = canonical_json.dump(following | {"digest": self.digest, "signature": signature})
        return b'{"revision":%d,"items":[' % self.revision + b",".join(self.items) + b"]," + rest[1:]


class Feed:
    """The change feed of a catalogue whose kinds are `kinds`, each after those that it names.

    `signer` gives the key that states are signed with, if there is one, and may raise `CannotSign`.
    """

    def __init__(self, kinds: Sequence[str], origin: str, signer: Callable[[], Signer | None] = lambda: None) -> None:
        self.kinds = tuple(kinds)
        self._signer = signer
        self.origin = origin_fingerprint(origin)
        self.digests = StateDigests(origin)

    def selection(self, kinds: Sequence[str], language: str) -> Selection:
        """What a request asks for. All kinds become an empty tuple, so that a kind added later is among them."""
        chosen = tuple(kind for kind in self.kinds if kind in kinds)
        return Selection(() if len(chosen) == len(self.kinds) else chosen, language, self.origin)

    def enumerate(self, connection: Connection, selection: Selection, limit: int) -> FeedPage:
        """The first page of everything there is."""
        return self._first(connection, selection, None, limit)

    def since(
        self, connection: Connection, text: str, limit: int, kinds: Sequence[str] | None, language: str | None
    ) -> FeedPage:
        """The first page of the changes since a token. `kinds` and `language` are None, or equal the token's.

        Raises `MalformedToken` and `Gone`.
        """
        sealed = decode_token(text)
        if not isinstance(sealed.content, Token):
            raise TypeError("decode_token gives tokens.")
        token = sealed.content
        asked = self.selection(
            self.kinds_of(token.selection) if kinds is None else kinds, language or token.selection.language
        )
        if (asked.kinds, asked.language) != (token.selection.kinds, token.selection.language):
            raise MalformedToken("The token belongs to other kinds or another language than the request names.")
        self._check(connection, sealed, token.revision, limit)
        return self._first(connection, token.selection, token.revision, limit)

    def page(self, connection: Connection, text: str) -> FeedPage:
        """The page that a page mark stands for.

        Raises `MalformedToken` and `Gone`.
        """
        sealed = decode_page(text)
        if not isinstance(sealed.content, PageMark):
            raise TypeError("decode_page gives page marks.")
        mark = sealed.content
        chain = self._check(connection, sealed, mark.until if mark.since is None else mark.since, mark.limit)
        return self._page(connection, mark, chain)

    @staticmethod
    def seen(token: str | None, page: str | None) -> int:
        """The revision that a client has seen if it sends this token or page mark; 0 without either.

        Raises `MalformedToken`.
        """
        return decode_page(page).revision if page else decode_token(token).revision if token else 0

    def token(self, state: State, selection: Selection) -> str:
        """The token of a client that holds this state."""
        return encode(Token(selection, state.revision), state.digest)

    def signer(self) -> Signer | None:
        """The key that states are signed with now. A file that cannot be read leaves them unsigned: reading goes on."""
        try:
            return self._signer()
        except CannotSign as error:
            log.warning("What is released is served without a signature: %s", error)
            return None

    def kinds_of(self, selection: Selection) -> tuple[str, ...]:
        """The kinds of a selection, spelt out."""
        return selection.kinds or self.kinds

    def _check(self, connection: Connection, sealed: Sealed, oldest: int, limit: int) -> str:
        """The digest that sealed a token or page mark.

        Raises `Gone` if this history does not have that digest or its changes no longer go back to `oldest`.
        """
        selection = sealed.content.selection
        known = all(kind in self.kinds for kind in selection.kinds) and selection.language in LANGUAGES
        if not known or sealed.content.schema > SCHEMA_VERSION:
            raise Gone(OTHER_SHAPE, PATH)
        fresh = _fresh(selection, limit)
        if selection.origin != self.origin:
            raise Gone(OTHER_SHAPE, fresh)
        chain = chain_at(connection, sealed.revision)
        if chain is None or not sealed.is_of(chain):
            raise Gone(ANOTHER_HISTORY, fresh)
        if oldest < horizon(connection):
            raise Gone(PRUNED, fresh)
        return chain

    def _first(self, connection: Connection, selection: Selection, since: int | None, limit: int) -> FeedPage:
        state = current_state(connection)
        digest = self.digests.at(connection, state, self.kinds_of(selection), selection.language)
        signer = self.signer()
        signature = signer.sign(state.revision, digest, selection.kinds) if signer else None
        mark = PageMark(selection, since, state.revision, limit, 0, "", digest, signature)
        return self._page(connection, mark, state.digest)

    def _page(self, connection: Connection, mark: PageMark, chain: str) -> FeedPage:
        """The page that begins at `mark`; `chain` is the digest of the revision `mark.until`."""
        selection = mark.selection
        wanted = Range(mark.since, mark.until, selection.language, self.kinds_of(selection), self.kinds)
        changes = read_changes(connection, wanted, (mark.rank, mark.slug), mark.limit + 1)
        shown = changes[: mark.limit]
        bodies = items(connection, selection.language, shown, mark.until)
        if len(changes) > mark.limit:
            following = replace(mark, rank=shown[-1].rank, slug=shown[-1].slug)
            address = f"{PATH}?{urlencode({'page': encode(following, chain)})}"
            return FeedPage(mark.until, bodies, mark.digest, selection.language, mark.signature, next=address)
        token = encode(Token(selection, mark.until), chain)
        return FeedPage(mark.until, bodies, mark.digest, selection.language, mark.signature, token=token)


def _fresh(selection: Selection, limit: int) -> str:
    """The address at which a client whose token is gone begins anew."""
    query = {"kinds": ",".join(selection.kinds), "lang": selection.language, "limit": limit}
    return f"{PATH}?{urlencode({key: value for key, value in query.items() if value}, safe=',')}"
