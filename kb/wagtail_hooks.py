"""What the knowledge base adds to Wagtail's admin."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from kb import admin_home  # noqa: F401 - its hooks
from kb.access import log as access_log
from kb.access.register import GrantRegister
from kb.buttons import log as buttons_log
from kb.buttons.register import ButtonRegister
from kb.comments import log as comments_log
from kb.comments import rail
from kb.documents.widening import show_before_publishing
from kb.life import log as life_log
from kb.moderation import log as moderation_log
from kb.moderation.models import ChecklistItem
from kb.notices.register import MailRegister
from kb.pages.admin import knowledge_page_viewset
from kb.pages.models import PageModel, Trade
from kb.pages.rendering import DocumentLinkHandler, PageLinkHandler
from kb.permissions import viewer_of
from kb.registers import BackupRegister, ExtractionRegister, ImportRegister, JobRegister
from kb.trash import log as trash_log


@hooks.register("register_admin_viewset", order=100)
def page_screens() -> Any:
    """Our page screens take Wagtail's place."""
    return knowledge_page_viewset


@hooks.register("register_rich_text_features", order=100)
def link_handlers(features: Any) -> None:
    """Links resolve for each reader, and document links name a version."""
    features.register_link_type(PageLinkHandler)
    features.register_link_type(DocumentLinkHandler)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """Our own entries of the one audit log."""
    for code, label, message in (
        ("kb.document.version", "Déposer une version", "Version déposée"),
        ("kb.document.publish", "Publier une version", "Version publiée sur les pages qui la portent"),
        ("kb.document.restore", "Remettre une version", "Version remise"),
        ("kb.document.read_again", "Relancer la lecture", "Lecture du texte relancée"),
        ("kb.attachment.pin", "Garder une version", "Version gardée sur la page"),
        ("kb.town.change", "Régler la commune", "Commune réglée"),
        ("kb.town.found", "Fonder la commune", "Commune fondée"),
        ("kb.account.close", "Fermer un compte", "Compte fermé"),
        ("kb.account.handover", "Passation", "Passation faite"),
        ("kb.page.owner", "Changer d’auteur", "Page confiée à quelqu’un d’autre"),
        ("kb.page.import", "Importer un fichier", "Page tirée d’un fichier"),
        ("kb.page.export", "Exporter", "Page exportée"),
    ):
        actions.register_action(code, label, message)
    access_log.register(actions)
    comments_log.register(actions)
    buttons_log.register(actions)
    life_log.register(actions)
    trash_log.register(actions)
    moderation_log.register(actions)


@hooks.register("after_create_page")
def comments_of_a_new_page(request: HttpRequest, page: Page) -> None:
    """What was said in the rail while the page was being created becomes ours."""
    rail.show(page)


hooks.register("before_publish_page", show_before_publishing)


@hooks.register("after_edit_page", order=1000)
def read_what_was_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Who publishes from the editor is led to the page as its readers see it, not to a list."""
    planned = page.go_live_at and page.go_live_at > timezone.now()
    if not request.POST.get("action-publish") or not page.live or planned:
        return None
    said = [one for one in messages.get_messages(request) if one.level != messages.SUCCESS]  # less Wagtail's sentence
    for one in said:
        messages.add_message(request, one.level, one.message, one.extra_tags)
    messages.success(request, f"« {page.title} » est publiée : ses lecteurs la voient.")
    return redirect("page", page_id=page.pk)


class PageModels(SnippetViewSet):
    """« Modèles de pages »."""

    model = PageModel
    icon = "doc-empty"
    menu_label = "Modèles de pages"
    menu_order = 300
    add_to_admin_menu = True
    list_display = ("name", "page_type", "description")


class Trades(SnippetViewSet):
    """« Métiers »."""

    model = Trade
    icon = "tag"
    menu_label = "Métiers"
    menu_order = 310
    add_to_settings_menu = True
    list_display = ("name", "position")


class Checklist(SnippetViewSet):
    """The town's own checklist before submission."""

    model = ChecklistItem
    icon = "check"
    menu_label = "À vérifier avant de soumettre"
    menu_order = 320
    add_to_settings_menu = True
    list_display = ("text", "why", "position")


class Registers(ModelAdminGroup):
    """« Registres »."""

    menu_label = "Registres"
    menu_icon = "list-ul"
    menu_order = 800
    items = (
        GrantRegister,
        MailRegister,
        ButtonRegister,
        ImportRegister,
        ExtractionRegister,
        JobRegister,
        BackupRegister,
    )


class AdministratorItem(MenuItem):
    """An entry for administrators."""

    def is_shown(self, request: Any) -> bool:
        """Whether the person administers."""
        return viewer_of(request).passes


modeladmin_register(Registers)
register_snippet(PageModels)
register_snippet(Trades)
register_snippet(Checklist)


@hooks.register("register_admin_menu_item")
def to_the_site() -> MenuItem:
    """The way back to reading."""
    return MenuItem("Lire le site", "/#main", icon_name="view", order=1)


@hooks.register("register_settings_menu_item")
def town_settings() -> MenuItem:
    """The town's telephone, address and emblem."""
    return AdministratorItem("Commune", reverse("town_settings"), icon_name="home", order=10)


@hooks.register("register_reports_menu_item")
def links_report() -> MenuItem:
    """Broken links and orphan pages."""
    return MenuItem("Liens et pages isolées", reverse("links_report"), icon_name="link", order=900)
