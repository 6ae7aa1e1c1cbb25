"""Wiring of the council floor."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """The municipal council."""

    default = True
    name = "council"
    verbose_name = "Conseil municipal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Sittings and outside meetings may stand on the town's page and on its shelves, which know nothing of them."""
        from kb.demo import town_told
        from kb.pages.models import STARTABLE, FolderPage, HomePage

        for shelf in (HomePage, FolderPage):
            shelf.subpage_types = [*shelf.subpage_types, "council.SittingPage", "council.OutsideMeetingPage"]
        town_told.connect(tell_the_demo)
        import_module("council.acts.letters")
        import_module("council.acts.signals")
        import_module("council.acts.tasks")
        import_module("council.agenda.calendar")
        import_module("council.agenda.signals")
        import_module("council.convening.signals")
        import_module("council.convening.letters")
        import_module("council.convening.tasks")
        import_module("council.frozen.reading")
        import_module("council.frozen.signals")
        import_module("council.frozen.letters")
        import_module("council.frozen.tasks")
        import_module("council.papers.tasks")
        for part in ("signals", "letters", "tasks"):
            import_module(f"council.pouvoirs.{part}")
        import_module("council.questions.letters")
        import_module("council.elus.homes")
        import_module("council.withdrawals.letters")
        import_module("council.withdrawals.rights")
        import_module("council.items.circuit")
        import_module("council.items.signals")
        import_module("council.items.checks")
        STARTABLE["agendaitempage"] = "Point à l’ordre du jour"
        import_module("council.publication.signals")
        import_module("council.follow_up.letters")
        import_module("council.follow_up.tasks")


def tell_the_demo(history: Any, **kwargs: Any) -> None:
    """The council of the demo town."""
    from council import demo

    demo.tell(history)
