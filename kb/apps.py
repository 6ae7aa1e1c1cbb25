"""Wiring of the ground floor."""

from importlib import import_module

from django.apps import AppConfig


class KbConfig(AppConfig):
    """The knowledge base."""

    name = "kb"
    verbose_name = "Base de connaissances"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects signals, registers policies and background work."""
        for wiring in ("kb.pages.signals", "kb.permission_policies", "kb.checks", "kb.tasks"):
            import_module(wiring)
