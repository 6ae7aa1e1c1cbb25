"""What search adds to the admin: the town's synonyms, what nobody finds, the health of the index."""

from typing import Any

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.options import modeladmin_register

from kb.admin_doors import IN_THE_TRASH
from kb.permissions import viewer_of
from kb.registers import Register
from search.memory import Fruitless, Synonym


class Synonyms(SnippetViewSet):
    """« Synonymes »."""

    model = Synonym
    icon = "list-ul"
    menu_label = "Synonymes"
    menu_order = 320
    add_to_settings_menu = True
    list_display = ("words",)


class FruitlessRegister(Register):
    """« Recherches vaines »: what people look for and do not find, without their names."""

    model = Fruitless
    menu_label = "Recherches vaines"  # the menu cuts a longer one
    menu_icon = "search"
    menu_order = 820
    list_display = ("words", "times", "last_at")
    list_export = ("words", "times", "last_at")
    ordering = ("-times", "-last_at")


def pick_title(pick: SearchPromotion) -> str:
    """Wagtail's; what is in the trash is not named."""
    if pick.page is None:
        return str(pick.external_link_text)
    return IN_THE_TRASH if hasattr(pick.page, "trashed") else str(pick.page.title)


SearchPromotion.title = property(pick_title)
register_snippet(Synonyms)
modeladmin_register(FruitlessRegister)


class Health(MenuItem):
    """« Santé de la recherche », for administrators."""

    def is_shown(self, request: Any) -> bool:
        """Administrators."""
        return viewer_of(request).passes


@hooks.register("register_reports_menu_item")
def health() -> MenuItem:
    """The health of the index."""
    return Health("Santé de la recherche", reverse("search_health"), icon_name="search", order=910)
