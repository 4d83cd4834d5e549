import threading
from concurrent.futures import ThreadPoolExecutor

from app import create_app
from app.web.api import Api
from tests.settings import settings_for
from tests.stores import MakeStore

READERS = 8


def test_the_document_is_made_when_it_is_asked_for_and_is_whole_for_all_who_ask_at_once(make_sqlite: MakeStore) -> None:
    app = create_app(settings_for(make_sqlite()))
    api: Api = app.extensions["limber_api"]
    assert api._undocumented, "A start does not wait for the document."
    start = threading.Barrier(READERS)

    def count(_number: int) -> tuple[int, int]:
        start.wait()
        described = api.spec.to_dict()
        return len(described["paths"]), len(described["components"]["schemas"])

    with ThreadPoolExecutor(READERS) as threads:
        counts = set(threads.map(count, range(READERS)))
    assert len(counts) == 1
    assert min(*counts.pop()) > 20
    app.extensions["limber_database"].dispose()
