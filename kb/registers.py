"""Registers for the administrator: files brought in, background work, backups. Read, filtered, exported; never edited."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from kb.backup.models import BackupRecord
from kb.documents.extraction.models import Extraction
from kb.documents.extraction.states import Reason
from kb.documents.models import Document
from kb.exchange.models import ImportRecord
from kb.permissions import Denied, readable_documents, readable_versions, viewer_of
from kb.spreadsheets import neutral
from kb.work import operations as work
from kb.work.models import KINDS, Job

LOOKUPS = ("exact", "id__exact", "isnull", "gte", "gt", "lte", "lt")  # of Django's own filters by a field's name


class ReadOnly(PermissionHelper):
    """Administrators read; nobody adds, changes or deletes."""

    def user_can_list(self, user: Any) -> bool:
        """Administrators."""
        return bool(user.is_active and user.is_superuser)

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        """Administrators."""
        return self.user_can_list(user)

    def user_can_create(self, user: Any) -> bool:
        """Nobody."""
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        """Nobody."""
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        """Nobody."""
        return False


class RegisterList(IndexView):
    """A list whose spreadsheet holds words, never formulas, and whose address never makes an error."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the address asks and is not understood is left out, and said.

        modeladmin turns every parameter into a condition on the database, whatever it joins: a register answers to
        the filters that it declares, and to no other question.
        """
        asked = request.GET.copy()
        for name in set(asked) - self.questions(request):
            del asked[name]
        request.GET = asked  # type: ignore[assignment]
        try:
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            messages.error(request, "Ce filtre n’existe pas : voici toute la liste.")
            return redirect(request.path)
        return answer

    def questions(self, request: HttpRequest) -> set[str]:
        """The names of the parameters that a register understands."""
        names = {*self.IGNORED_PARAMS, PAGE_VAR}
        for declared in self.model_admin.get_list_filter(request):
            if isinstance(declared, str):
                names |= {f"{declared}__{lookup}" for lookup in LOOKUPS}
            else:
                names.add(declared.parameter_name)
        return names

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Wagtail's, made harmless; a moment is the town's own, to the minute."""
        if isinstance(value, datetime):
            value = timezone.localtime(value).replace(second=0, microsecond=0, tzinfo=None)
            return f"{value:%d/%m/%Y %H:%M}" if export_format == self.FORMAT_CSV else value
        return neutral(super().preprocess_field_value(field, value, export_format))


class RegisterSheet(InspectView):
    """One line in full, its words those of the list."""

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        """Wagtail's, which asks the register too."""
        return str(label_for_field(field_name, model=self.model, model_admin=self.model_admin)).capitalize()

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        """Wagtail's, but what is in the trash is not named."""
        value = getattr(self.instance, field_name, None)
        viewer = viewer_of(self.request)
        if isinstance(value, Page) and not viewer.can_view(value):
            return "Une page à la corbeille"
        if isinstance(value, Document) and not readable_documents(viewer).filter(pk=value.pk).exists():
            return "Un document à la corbeille"
        return super().get_field_display_value(field_name, field)


class Register(ModelAdmin):
    """What the registers share."""

    index_view_class = RegisterList
    inspect_view_class = RegisterSheet
    permission_helper_class = ReadOnly
    inspect_view_enabled = True
    list_per_page = 50


def kinds_filter(kinds: dict[str, str]) -> type[SimpleListFilter]:
    """A filter by kind, in the words of `kinds`."""

    class Kinds(SimpleListFilter):
        """Those of one kind."""

        title = "sorte"
        parameter_name = "sorte"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            """All of them."""
            return sorted(kinds.items(), key=lambda one: one[1])

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            """Those of the chosen kind."""
            return queryset.filter(kind=self.value()) if self.value() in kinds else queryset

    return Kinds


class ImportRegister(Register):
    """What became of each file brought in."""

    model = ImportRecord
    menu_label = "Fichiers importés"
    menu_icon = "doc-full"
    list_display = ("file_name", "state", "message", "by", "at")
    list_filter = ("state", "at")
    list_export = ("file_name", "state", "message", "sha256", "at")
    inspect_view_fields = ("file_name", "state", "message", "page", "document", "by", "at", "sha256")
    search_fields = ("file_name", "message")


class Reasons(SimpleListFilter):
    """Why a text is missing or not whole; the reasons that some file has."""

    title = "raison"
    parameter_name = "raison"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Their names in an address, and in words."""
        present = Extraction.objects.exclude(reason=Reason.NONE).values_list("reason", flat=True).distinct()
        return sorted(((reason, Reason(reason).label) for reason in present), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The files of the chosen reason."""
        return queryset.filter(reason=self.value()) if self.value() else queryset


class ExtractionRegister(Register):
    """The text of each file, with the reason where it is missing; those of a filter are read again at once."""

    model = Extraction
    menu_label = "Textes des fichiers"
    menu_icon = "doc-full-inverse"
    list_display = ("document", "kind", "words", "characters", "finished_at")
    list_filter = ("state", "kind", Reasons)
    list_export = ("title", "sha256", "kind", "state", "words", "page_count", "by_ocr", "characters", "readers")
    search_fields = ("sha256", "readers")
    ordering = ("-pk",)
    index_template_name = "modeladmin/kb/extraction/index.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the title of a document that has these bytes."""
        known = readable_versions(viewer_of(request))  # less what is in the trash
        named = known.filter(sha256=OuterRef("sha256")).order_by("pk")
        return (
            super()
            .get_queryset(request)
            .annotate(
                title=Subquery(named.values("document__title")[:1]),
                document_id=Subquery(named.values("document")[:1]),
            )
        )

    def document(self, row: Any) -> Any:
        """A document that has these bytes."""
        if row.document_id is None:
            return row.sha256[:12]
        return format_html('<a href="{}">{}</a>', reverse("document_sheet", args=[row.document_id]), row.title)

    def title(self, row: Any) -> str:
        """The same, in a table."""
        return row.title or ""

    title.short_description = "document"  # type: ignore[attr-defined]

    def words(self, row: Extraction) -> str:
        """The health."""
        return row.words

    words.short_description = "santé"  # type: ignore[attr-defined]


class JobRegister(Register):
    """Background work, with the reason of each failure."""

    model = Job
    menu_label = "Travaux de fond"
    menu_icon = "cogs"
    list_display = ("label", "state", "attempts", "reason", "due_at", "finished_at")
    list_filter = ("state", kinds_filter(KINDS), "queue")
    list_export = ("label", "state", "attempts", "reason", "created_at", "finished_at")
    inspect_view_fields = (
        "label",
        "state",
        "attempts",
        "reason",
        "queue",
        "requested_by",
        "created_at",
        "due_at",
        "started_at",
        "finished_at",
    )
    inspect_template_name = "modeladmin/kb/job/inspect.html"

    def label(self, job: Job) -> str:
        """The kind, in words."""
        return job.label

    label.short_description = "Travail"  # type: ignore[attr-defined]


class BackupRegister(Register):
    """Each backup made or tried."""

    model = BackupRecord
    menu_label = "Sauvegardes"
    menu_icon = "history"
    list_display = ("name", "started_at", "finished_at", "weight", "files", "problem")
    inspect_view_fields = ("name", "started_at", "finished_at", "weight", "files", "sha256", "problem")
    list_export = ("name", "started_at", "finished_at", "size", "files", "sha256", "problem")

    def weight(self, backup: BackupRecord) -> str:
        """The size, in Mo."""
        return backup.weight

    weight.short_description = "Taille"  # type: ignore[attr-defined]
    weight.admin_order_field = "size"  # type: ignore[attr-defined]


@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """A failed job is tried again."""
    if not (viewer_of(request).passes):
        raise Denied("Seul un administrateur relance un travail.")
    work.retry(job=get_object_or_404(Job, pk=job_id))
    messages.success(request, "Le travail est relancé.")
    return redirect("/admin/kb/job/")
