"""The product's own settings, with one more address: the empty view that everything is compared to."""

from config.settings.production import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "quick", "slow"]}}
