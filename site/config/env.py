"""Typed readers of environment variables that fail loudly, naming the variable and the way out."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "yes", "true", "on", "oui"}
NO = {"0", "no", "false", "off", "non"}


def text(name: str, default: str = "") -> str:
    """The variable as text, stripped; `default` when unset or blank."""
    return os.environ.get(name, "").strip() or default


def integer(name: str, default: int, *, least: int = 0) -> int:
    """The variable as a whole number of at least `least`."""
    raw = text(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None
    if value < least:
        raise ImproperlyConfigured(f"{name}={value} is too small: at least {least}.")
    return value


def flag(name: str, default: bool) -> bool:
    """The variable as yes or no (1/0, yes/no, true/false, on/off, oui/non)."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw in YES:
        return True
    if raw in NO:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no.")


def folder(name: str, default: Path) -> Path:
    """The variable as an absolute folder path, created when missing."""
    path = Path(text(name) or default).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def base_url(name: str, default: str) -> str:
    """The public address of the site, `http(s)://host[:port]`, without a trailing slash or a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"{name}={value!r} must be http://host or https://host, without a path.")
    return value


def bucket() -> dict[str, str] | None:
    """The bucket that S3_BUCKET and its neighbours name; None when it is unset. The keys are never said."""
    names = ("bucket", "access_key", "secret_key", "endpoint_url", "region", "prefix")
    said = {name: text(f"S3_{name.upper()}") for name in names}
    if not said["bucket"]:
        given = [f"S3_{name.upper()}" for name in names if said[name]]
        if given:
            raise ImproperlyConfigured(f"{', '.join(given)} without S3_BUCKET: name the bucket, or unset them.")
        return None
    missing = [f"S3_{name.upper()}" for name in ("access_key", "secret_key") if not said[name]]
    if missing:
        raise ImproperlyConfigured(f"S3_BUCKET needs {' and '.join(missing)}.")
    if said["endpoint_url"] and urlsplit(said["endpoint_url"]).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"S3_ENDPOINT_URL={said['endpoint_url']!r} must be https://host or http://host.")
    said["prefix"] = said["prefix"].strip("/")
    return said


def postgresql(name: str) -> dict[str, Any] | None:
    """The variable as Django's settings of a PostgreSQL database; None when unset.

    `postgresql://person:password@host:port/base?sslmode=require`, read by libpq's own rules: a folder as host
    (`postgresql:///base?host=/run/postgresql`) is a Unix socket. The value, which holds a password, is never said.
    """
    value = text(name)
    if not value:
        return None
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    form = f"{name} must be postgresql://person:password@host:port/base, special characters percent-encoded."
    if not value.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"{form} Leave it blank for SQLite in DATA_DIR.")
    try:
        said: dict[str, Any] = {key: str(word) for key, word in conninfo_to_dict(value).items()}
    except psycopg.ProgrammingError:
        raise ImproperlyConfigured(f"{form} Something in it cannot be read.") from None
    if not said.get("dbname"):
        raise ImproperlyConfigured(f"{form} It names no base.")
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{setting: said.pop(word, "") for setting, word in named.items()},
        "OPTIONS": said,
    }
