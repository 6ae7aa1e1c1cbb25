"""Wiring of the ground floor."""

from importlib import import_module

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class KbConfig(AppConfig):
    """The knowledge base."""

    default = True
    name = "kb"
    verbose_name = "Base de connaissances"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects signals, registers policies and background work."""
        for wiring in ("kb.pages.signals", "kb.notices.signals", "kb.permission_policies", "kb.checks", "kb.tasks"):
            import_module(wiring)
        import_module("kb.moderation.signals").keep_wagtail_quiet()
        import_module("kb.admin_dress")
        import_module("kb.audit_log").trust_the_database()
        import_module("kb.admin_closed").close_registries()
        import_module("kb.admin_doors").keep_ancestors_quiet()
        import_module("kb.admin_doors").keep_new_titles_quiet()
        import_module("kb.admin_doors").keep_the_trash_quiet()
        import_module("kb.pages.slugs").keep_clashes_quiet()


class TownUsers(WagtailUsersAppConfig):
    """Wagtail's accounts, with our screens."""

    user_viewset = "kb.people.admin.AccountViewSet"
