"""Strict from day one: an unknown template variable fails, no network, work runs when a test says so."""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="seance-tenante-tests-")
for _name in ("PORT", "BASE_URL", "SECRET_KEY", "DATABASE_URL", "S3_BUCKET"):
    os.environ.pop(_name, None)
if _server := os.environ.get("TEST_DATABASE_URL"):  # tests/postgresql.py gives it, for the tests of both databases
    os.environ["DATABASE_URL"] = _server

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "quick", "slow"]}}
if not _server:
    DATABASES["default"]["TEST"] = {"NAME": None}  # in memory
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")  # the live server serves static files itself
