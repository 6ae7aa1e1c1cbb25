"""Wiring of the council floor."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """The municipal council."""

    default = True
    name = "council"
    verbose_name = "Conseil municipal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Sittings may stand on the town's page and on its shelves, which know nothing of them."""
        from kb.pages.models import FolderPage, HomePage

        for shelf in (HomePage, FolderPage):
            shelf.subpage_types = [*shelf.subpage_types, "council.SittingPage"]
