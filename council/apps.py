"""Wiring of the council floor."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """The municipal council."""

    default = True
    name = "council"
    verbose_name = "Conseil municipal"
    default_auto_field = "django.db.models.BigAutoField"
