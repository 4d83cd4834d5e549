"""docs/operating.md: its commands run as they are printed, on both stores; its lines for nginx and its files."""

import os
import re
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import click
import pytest
import trustme

from app.commands.groups import GROUPS
from app.config import ROOT
from app.store.migrating import alembic_config
from tests.deploy.services import Process, free_port, listens, nginx
from tests.docs.walking import is_whole, steps, walk
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
SHIM = "#!/bin/sh\nexec {python} -c 'from app.commands.limber import main; main()' \"$@\"\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded_url(request: pytest.FixtureRequest) -> str:
    make: MakeStore = request.getfixturevalue(f"make_seeded_{request.param}")
    return make()


def test_every_command_does_what_is_printed(seeded_url: str, postgresql_programs: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "limber"
    shim.write_text(SHIM.format(python=sys.executable), encoding="utf-8")
    shim.chmod(0o755)
    folder = tmp_path / "here"
    (folder / "cache").mkdir(parents=True)
    path = f"{shim.parent}:{postgresql_programs}:{os.environ['PATH']}"
    # The tests' seeded catalogue has another note.
    walked = [(command, printed.replace("First release", "Seed")) for command, printed in steps(PAGE)]
    walk(walked, folder, {"DATABASE_URL": seeded_url, "PATH": path, "PYTHONPATH": str(ROOT)})
    assert len(walked) > 10


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_what_is_for_the_machine_is_bash_and_names_what_there_is() -> None:
    script = "\n".join(blocks("sh"))
    assert is_whole(script)
    for name in re.findall(r"\b(deploy/[\w./@*-]+)", script):
        assert list(ROOT.glob(name)), name
    units = {path.name for path in (ROOT / "deploy").glob("limber*.*")}
    for name in re.findall(r"\b(limber-\w+(?:\.timer)?)\b", "\n".join(re.findall("systemctl .*", script))):
        assert name in units or f"{name}.service" in units, name


def test_every_command_that_it_names_exists() -> None:
    named = set(re.findall(r"\blimber ((?:audit|catalogue|database|keys|releases)(?: signing)? [a-z-]+)", PAGE))
    assert len(named) > 10
    for command in sorted(named):
        found: click.Command = click.Group(commands={group.name or "": group for group in GROUPS})
        for name in command.split():
            assert isinstance(found, click.Group)
            assert name in found.commands, command
            found = found.commands[name]


def test_the_changelog_names_each_migration_from_the_tenth_on() -> None:
    from alembic.script import ScriptDirectory

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for script in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        assert script.revision < "0010" or f"Migration {script.revision}" in changelog


@pytest.fixture
def process(make_seeded_sqlite: MakeStore) -> Iterator[Process]:
    started = Process(make_seeded_sqlite(), {})
    try:
        yield started.wait()
    finally:
        started.close()


def test_its_lines_for_nginx_serve_tls_and_ipv6(process: Process, tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(tmp_path / "privkey.pem")
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(tmp_path / "fullchain.pem", append=True)
    plain, secure = free_port(), free_port()
    lines = "".join(blocks("nginx")).replace("/etc/letsencrypt/live/api.example.org", str(tmp_path))
    for listen, port in (("listen 443 ssl", secure), ("listen [::]:80", plain), ("listen [::]:443 ssl", secure)):
        assert listen in lines
        address = f"[::1]:{port}" if ":" in listen else f"127.0.0.1:{port}"
        lines = lines.replace(f"{listen};", f"listen {address}{' ssl' if 'ssl' in listen else ''};")
    with nginx([process.port, process.port], tmp_path) as port:
        conf = tmp_path / "limber.conf"
        conf.write_text(conf.read_text().replace(f"listen 127.0.0.1:{port};", f"listen 127.0.0.1:{port};\n{lines}"))
        os.kill(int((tmp_path / "nginx.pid").read_text()), 1)
        wait_for(lambda: listens(secure))
        context = ssl.create_default_context()
        authority.configure_trust(context)
        for origin in (f"https://localhost:{secure}", f"http://[::1]:{plain}"):
            with urlopen(f"{origin}/v1/exercises/chin-tuck", timeout=PATIENCE_SECONDS, context=context) as answer:
                assert answer.status == 200
