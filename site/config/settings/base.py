"""Settings shared by every way of running. Each value a town may change is listed in docs/settings.md."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config import env

# What is written belongs to the account that serves the site, and to no other of the machine.
os.umask(0o077)
ROOT = Path(__file__).resolve().parents[3]
DATA_DIR = env.folder("DATA_DIR", ROOT / "var")
PORT = env.integer("PORT", 8000, least=1)
BASE_URL = env.base_url("BASE_URL", f"http://127.0.0.1:{PORT}")
_public = urlsplit(BASE_URL)
HTTPS = _public.scheme == "https"


def _secret_key() -> str:
    """The key kept in DATA_DIR, drawn at the first start, readable by its owner alone."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = env.text("SECRET_KEY") or _secret_key()
DEBUG = False
ALLOWED_HOSTS = sorted({_public.hostname or "", "127.0.0.1", "localhost", "[::1]"})
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "kb.apps.TownUsers",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    # kb stands after wagtail.documents and wagtail.images: their ready() would replace its policies.
    "kb",
    "council",
    "search",
    "wagtail.embeds",
    "wagtail.contrib.table_block",
    "wagtail.contrib.search_promotions",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail.search",
    "wagtail",
    "modelcluster",
    "taggit",
    "wagtail_modeladmin",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kb.admin_dress.AdminStyles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "kb.buttons.sessions.ButtonSessions",
    "kb.people.seen_as.SeenAs",
    "kb.admin_closed.ClosedDoors",
    "kb.admin_doors.Doors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

MESSAGE_STORAGE = "kb.said.TypesetMessages"

# Widgets are looked for in templates/ too: ours start without inline scripts.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# One write lock taken at once (IMMEDIATE): two writers wait for each other instead of failing half-way.
_sqlite = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "seance-tenante.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA cache_size=-32000;",
    },
}
_database = env.postgresql("DATABASE_URL") or _sqlite
# A connection is kept as long as its thread; one that the server closed meanwhile is noticed and opened again.
DATABASES: dict[str, dict[str, Any]] = {"default": {**_database, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
LOCALE_PATHS = [ROOT / "site" / "locale"]  # before Wagtail's own French
# As a town hall writes dates in the editor's fields; the ISO form is read back too.
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
USE_TZ = True

# Files live outside any public folder, or in a private bucket; neither storage gives an address of its own.
S3 = env.bucket()
_storage = "kb.documents.bucket.PrivateBucket" if S3 else "kb.documents.storage.PrivateStorage"
STORAGES: dict[str, dict[str, Any]] = {
    alias: {"BACKEND": _storage, "OPTIONS": {"folder": folder}}
    for alias, folder in {
        "default": "misc", "documents": "documents", "images": "images", "renditions": "renditions",
        "derived": "derived",
    }.items()
} | {"staticfiles": {"BACKEND": "kb.static_files.KeptAddresses"}}  # fmt: skip
FILES_ROOT = DATA_DIR / "files"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "site" / "static"]
WHITENOISE_MAX_AGE = 3600

MAX_UPLOAD_MB = env.integer("MAX_UPLOAD_MB", 100, least=1)
# Kinds of files (kb.documents.file_types.Kind) that the town takes; empty: all that we can show or read.
ACCEPTED_FILE_KINDS = env.text("ACCEPTED_FILE_KINDS").split()
FILE_UPLOAD_TEMP_DIR = env.folder("UPLOAD_TEMP_DIR", DATA_DIR / "tmp")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# People
AUTH_USER_MODEL = "kb.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "kb.people.backends.SignInNameOrEmail",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "kb.people.backends.guessed_account"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "kb/people/locked_out.html"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in from where, for ever: nothing needs it, so it is not kept

# No request leaves for these hosts before the reader asks for a video.
EMBED_HOSTS = env.text("EMBED_HOSTS", "peertube.fr tube.numerique.gouv.fr").split()

# BASE_URL decides: with https come secure cookies, HSTS and the proxy's header.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin previews its own pages in a frame
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # it wants DENY; frame-ancestors below says the same as SAMEORIGIN
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-src": [SELF, *(f"https://{host}" for host in EMBED_HOSTS)],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}

# Wagtail
WAGTAIL_SITE_NAME = "Séance tenante"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = ["Europe/Paris"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_AUTOSAVE_INTERVAL = 5000
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "sign_in"
WAGTAIL_FRONTEND_LOGIN_URL = "/connexion/"
WAGTAILDOCS_DOCUMENT_MODEL = "kb.Document"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "kb.documents.forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = MAX_UPLOAD_MB * 1024 * 1024
WAGTAILIMAGES_IMAGE_MODEL = "kb.Image"
WAGTAILIMAGES_IMAGE_FORM_BASE = "kb.documents.forms.ImageForm"
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_INDEX_PAGE_SIZE = 30
# No embed leaves the town unasked: the allow-list is read by kb.pages.blocks, which fetches nothing.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
# Circuits: what was approved is what is published; a publication outside them is followed by kb.moderation.signals.
WAGTAIL_FINISH_WORKFLOW_ACTION = "kb.moderation.finishing.publish_approved"
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
# The admin's own searches use our index; it is written by our deeds, not by Wagtail's task at each save.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.wagtail_backend", "AUTO_UPDATE": False}}

# Elasticsearch, for a town whose search outgrows its database: https://person:password@host:9200
ELASTICSEARCH_URL = env.text("ELASTICSEARCH_URL")
ELASTICSEARCH_CA = env.text("ELASTICSEARCH_CA")  # the file of the authority that signed its certificate
ELASTICSEARCH_API_KEY = env.text("ELASTICSEARCH_API_KEY")
ELASTICSEARCH_PREFIX = env.text("ELASTICSEARCH_PREFIX", f"seance-tenante-{_public.hostname}".lower())

# The bell of background work; its memory is kb.work.models.Job.
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "quick", "slow"],
    }
}

EMAIL_BACKEND = "kb.notices.smtp.Backend"
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"Séance tenante <ne-pas-repondre@{_public.hostname}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}

VERSION = "0.1.0"
BACKUP_DIR = env.folder("BACKUP_DIR", DATA_DIR / "backups")
BACKUP_KEEP = env.integer("BACKUP_KEEP", 14, least=1)
MAIL_DOSSIER_MB = env.integer("MAIL_DOSSIER_MB", 10, least=0)
TRASH_DAYS = env.integer("TRASH_DAYS", 90, least=1)
