"""For developers: errors shown in the browser, static files unhashed, mails printed."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES

DEBUG = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
