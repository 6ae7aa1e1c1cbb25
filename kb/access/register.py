"""The register of rights: the whole matrix, read, filtered and taken away as a spreadsheet; never edited here."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kb import typography
from kb.access.models import Grant
from kb.access.review import managed_grants
from kb.permissions import Viewer, viewer_of
from kb.registers import ReadOnly, Register


class Responsables(ReadOnly):
    """Whoever manages a page reads the rights given on it and below."""

    def user_can_list(self, user: Any) -> bool:
        """Responsables and administrators."""
        return Viewer(user).manages_some

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        """The rights of one's own pages."""
        return Viewer(user).can_manage(obj.page)


class InForce(SimpleListFilter):
    """In force, ended, past their last day."""

    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The three."""
        return [("en-vigueur", "En vigueur"), ("retire", "Retiré"), ("echu", "Échu")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Grant]) -> QuerySet[Grant]:
        """Those of the chosen state."""
        today = timezone.localdate()
        states: dict[str, dict[str, Any]] = {
            "en-vigueur": {"ended_at": None},
            "retire": {"ended_at__isnull": False},
            "echu": {"ended_at": None, "until__lt": today},
        }
        found = queryset.filter(**states.get(self.value() or "", {}))
        return found.exclude(until__lt=today) if self.value() == "en-vigueur" else found


class Holder(SimpleListFilter):
    """Who holds: a group, a person, a team, the public."""

    title = "à qui"
    parameter_name = "a"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The four."""
        return [
            ("groupe", "Un groupe"),
            ("personne", "Une personne"),
            ("equipe", "Une équipe"),
            ("public", "Le public"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Grant]) -> QuerySet[Grant]:
        """Those of the chosen kind."""
        kinds: dict[str, dict[str, Any]] = {
            "groupe": {"group__isnull": False},
            "personne": {"person__isnull": False},
            "equipe": {"team__isnull": False},
            "public": {"public": True},
        }
        return queryset.filter(**kinds.get(self.value() or "", {}))


class GrantRegister(Register):
    """Each right, with who gave it, when, why, until when."""

    model = Grant
    permission_helper_class = Responsables
    menu_label = "Droits"
    menu_icon = "key"
    list_display = ("who", "role_label", "where", "state", "why", "given")
    list_filter = (InForce, Holder, "role", "given_at")
    list_export = (
        "who",
        "role_label",
        "page",
        "state",
        "until",
        "why",
        "given_by",
        "given_at",
        "ended_at",
    )
    export_filename = "droits"
    search_fields = ("why", "page__title", "group__name", "person__last_name", "person__first_name")
    ordering = ("page__path", "-role")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Grant]:
        """Only what the person manages."""
        return managed_grants(viewer_of(request)).order_by(*self.ordering)

    def who(self, grant: Grant) -> str:
        """The holder."""
        label = grant.grantee_label
        return label[0].upper() + label[1:]

    def role_label(self, grant: Grant) -> str:
        """The role."""
        return str(grant.get_role_display())

    def given(self, grant: Grant) -> str:
        """When and by whom."""
        return typography.day(grant.given_at) + (f", par {grant.given_by}" if grant.given_by else "")

    def where(self, grant: Grant) -> SafeString:
        """The page, with the way to its « Accès »."""
        return format_html('<a href="{}">{}</a>', reverse("access", args=[grant.page_id]), grant.page.title)

    def state(self, grant: Grant) -> str:
        """In force, until when, or ended when."""
        if grant.ended_at:
            return f"Retiré le {typography.day(grant.ended_at)}"
        if grant.until is None:
            return "Sans date de fin"
        past = grant.until < timezone.localdate()
        return f"{'Échu depuis le' if past else 'Jusqu’au'} {typography.day(grant.until)}"

    who.short_description = "À qui"  # type: ignore[attr-defined]
    role_label.short_description = "Rôle"  # type: ignore[attr-defined]
    given.short_description = "Donné"  # type: ignore[attr-defined]
    role_label.admin_order_field = "role"  # type: ignore[attr-defined]
    where.short_description = "Page"  # type: ignore[attr-defined]
    state.short_description = "État"  # type: ignore[attr-defined]
