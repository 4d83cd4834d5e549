"""Typed settings, and the only place that reads the environment.

Every setting stands in `docs/settings.md`; a test holds the two equal. No secret has a default.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from environs import Env, EnvValidationError, validate
from marshmallow import ValidationError

VERSION = "0.1.0"
"""This version of Limber. The package and the OpenAPI document have it from here."""

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds `app`: a checkout, or where packages are installed."""

_PACKAGED = ROOT / "app" / "packaged"
FILES = _PACKAGED if _PACKAGED.is_dir() else ROOT
"""The folder of what is read beside the code: in a package, `pyproject.toml` has it put there."""

COMMAND, START = ("limber", "limber serve") if _PACKAGED.is_dir() else ("flask", "make serve")
"""What messages name: the command that other commands are groups of, and what starts a server."""

VAR = Path.cwd() / "var" if _PACKAGED.is_dir() else ROOT / "var"
"""Where the database and snapshots lie unless settings say otherwise: in the checkout, or where the command is run."""

LOG_FORMATS = ("auto", "json", "text")
LOG_LEVELS = ("debug", "info", "warning", "error")
METRICS = ("off", "local", "on")
MIGRATE = ("auto", "yes", "no")

Checked = TypeVar("Checked")


@dataclass(frozen=True)
class Settings:
    """What an operator may set; see `docs/settings.md`."""

    database_url: str
    public_origin: str
    database_pool_size: int = 8
    database_timeout_seconds: int = 5
    body_seconds: int = 10
    delivery_max_age_seconds: int = 60
    error_max_age_seconds: int = 5
    stale_while_revalidate_seconds: int = 600
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: int = 0
    workers: int = 1
    snapshot_folder: Path = VAR / "snapshots"
    writes_per_minute: int = 600
    failed_authentications_per_minute: int = 30
    searches_per_minute: int = 1200
    rate_limit_storage_url: str = "memory://"
    embed_anywhere: bool = True
    database_read_url: str = ""
    response_cache_bytes: int = 64 * 1024 * 1024
    revision_check_seconds: float = 1.0
    stale_if_error_seconds: int = 86_400
    list_memory_mib: int = 48
    webhook_timeout_seconds: int = 15
    webhook_keep_days: int = 30
    webhooks_to_loopback: bool = False
    log_format: str = "auto"
    log_level: str = "info"
    log_queries: bool = False
    metrics: str = "off"
    signing_key_file: Path | None = None
    report_address: str = ""
    seed: Path | None = FILES / "seed_data"
    migrate: str = "auto"

    @property
    def threads(self) -> int:
        """Answers of the delivery face that a worker computes at once, for what connections and cores are good for.

        Three connections are for the management face (`gateway`).
        """
        return min(max(1, self.database_pool_size - 3), 2 * (os.cpu_count() or 1) + 1)


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValidationError("must be an origin such as https://api.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")):
        raise ValidationError("must begin with sqlite:/// or postgresql://")
    if value == "sqlite:///:memory:":
        raise ValidationError("must be a file: a database in memory is lost with its connection")
    return value.replace("postgres://", "postgresql://", 1)


def _counter_url(value: str) -> str:
    if value != "memory://" and not (value.startswith(("redis://", "rediss://")) and urlsplit(value).hostname):
        raise ValidationError("must be memory://, or begin with redis:// or rediss:// and a host")
    return value


def _report_address(value: str) -> str:
    if value and not value.startswith(("https://", "mailto:")):
        raise ValidationError("must begin with https:// (a form) or mailto: (an address)")
    return value


def _seed(value: str) -> Path | None:
    if value == "none":
        return None
    if not Path(value).is_dir():
        raise ValidationError("must be none, or a folder of seed files that is there")
    return Path(value)


def _database_read_url(value: str, database_url: str) -> str:
    if value and database_url.startswith("sqlite"):
        raise ValidationError("may be set only where DATABASE_URL is PostgreSQL: these are its replicas")
    if value and not value.startswith(("postgresql://", "postgres://")):
        raise ValidationError("must begin with postgresql://, as libpq reads it")
    return value.replace("postgres://", "postgresql://", 1)


def load_settings() -> Settings:
    """Settings from the environment.

    Raises `environs.EnvValidationError`, naming the variable, when one is not allowed.
    """
    env = Env()
    port = env.int("PORT", 8000, validate=validate.Range(1, 65_535))
    database_url = _validated(env, "DATABASE_URL", f"sqlite:///{VAR / 'limber.db'}", _database_url)
    return Settings(
        host=env.str("HOST", "127.0.0.1"),
        port=port,
        writes_per_minute=env.int("WRITES_PER_MINUTE", 600, validate=validate.Range(1, 1_000_000)),
        failed_authentications_per_minute=env.int(
            "FAILED_AUTHENTICATIONS_PER_MINUTE", 30, validate=validate.Range(1, 1_000_000)
        ),
        searches_per_minute=env.int("SEARCHES_PER_MINUTE", 1200, validate=validate.Range(1, 1_000_000)),
        rate_limit_storage_url=_validated(env, "RATE_LIMIT_STORAGE_URL", "memory://", _counter_url),
        workers=env.int("WORKERS", 1, validate=validate.Range(1, 64)),
        database_url=database_url,
        public_origin=_validated(env, "PUBLIC_ORIGIN", f"http://127.0.0.1:{port}", _origin),
        database_pool_size=env.int("DATABASE_POOL_SIZE", 8, validate=validate.Range(1, 200)),
        database_timeout_seconds=env.int("DATABASE_TIMEOUT_SECONDS", 5, validate=validate.Range(1, 120)),
        body_seconds=env.int("BODY_SECONDS", 10, validate=validate.Range(1, 300)),
        delivery_max_age_seconds=env.int("DELIVERY_MAX_AGE_SECONDS", 60, validate=validate.Range(0, 86_400)),
        list_memory_mib=env.int("LIST_MEMORY_MIB", 48, validate=validate.Range(1, 4096)),
        embed_anywhere=env.bool("EMBED_ANYWHERE", True),
        error_max_age_seconds=env.int("ERROR_MAX_AGE_SECONDS", 5, validate=validate.Range(0, 600)),
        database_read_url=_validated(
            env, "DATABASE_READ_URL", "", lambda value: _database_read_url(value, database_url)
        ),
        response_cache_bytes=env.int("RESPONSE_CACHE_BYTES", 64 * 1024 * 1024, validate=validate.Range(0, 2**40)),
        revision_check_seconds=env.float("REVISION_CHECK_SECONDS", 1.0, validate=validate.Range(0, 60)),
        stale_while_revalidate_seconds=env.int(
            "STALE_WHILE_REVALIDATE_SECONDS", 600, validate=validate.Range(0, 86_400)
        ),
        stale_if_error_seconds=env.int("STALE_IF_ERROR_SECONDS", 86_400, validate=validate.Range(0, 31_536_000)),
        webhook_timeout_seconds=env.int("WEBHOOK_TIMEOUT_SECONDS", 15, validate=validate.Range(1, 60)),
        webhook_keep_days=env.int("WEBHOOK_KEEP_DAYS", 30, validate=validate.Range(1, 3650)),
        webhooks_to_loopback=env.bool("WEBHOOKS_TO_LOOPBACK", False),
        log_format=env.str("LOG_FORMAT", "auto", validate=validate.OneOf(LOG_FORMATS)),
        log_level=env.str("LOG_LEVEL", "info", validate=validate.OneOf(LOG_LEVELS)),
        log_queries=env.bool("LOG_QUERIES", False),
        metrics=env.str("METRICS", "off", validate=validate.OneOf(METRICS)),
        signing_key_file=Path(name) if (name := env.str("SIGNING_KEY_FILE", "")) else None,
        report_address=_validated(env, "REPORT_ADDRESS", "", _report_address),
        migrate=env.str("MIGRATE", "auto", validate=validate.OneOf(MIGRATE)),
        seed=_validated(env, "SEED", str(FILES / "seed_data"), _seed),
        snapshot_folder=Path(env.str("SNAPSHOT_FOLDER", "") or VAR / "snapshots"),
    )


def _validated(env: Env, name: str, default: str, check: Callable[[str], Checked]) -> Checked:
    value = env.str(name, "") or default
    try:
        return check(value)
    except ValidationError as error:
        raise EnvValidationError(f'Environment variable "{name}" invalid: {error.messages[0]}', [str(error)]) from None
