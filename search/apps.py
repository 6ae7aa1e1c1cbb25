"""Wiring of search."""

from importlib import import_module

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search in pages and files. Its label is not Wagtail's (`wagtailsearch`)."""

    default = True
    name = "search"
    verbose_name = "Recherche"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hears what changes in kb, and registers its background work."""
        for wiring in ("search.signals", "search.tasks", "search.checks"):
            import_module(wiring)
