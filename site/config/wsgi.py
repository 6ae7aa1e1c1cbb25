"""WSGI entry: granian serves `config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
# All that is loaded stays until the end: it is loaded now, and no collection goes through it again.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
