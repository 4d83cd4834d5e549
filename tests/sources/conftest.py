from tests.content.conftest import editor as editor  # noqa: PLC0414  # a fixture of these tests too
