"""Registers for the administrator: files brought in, background work, backups. Read, filtered, exported; never edited."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from kb.backup.models import BackupRecord
from kb.exchange.models import ImportRecord
from kb.permissions import Denied, viewer_of
from kb.spreadsheets import neutral
from kb.work import operations as work
from kb.work.models import Job


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
    """A list whose spreadsheet holds words, never formulas."""

    def get_queryset(self, request: HttpRequest | None = None) -> Any:
        """The library's; an address that asks about a field there is not leads nowhere, instead of an error."""
        try:
            return super().get_queryset(request)
        except IncorrectLookupParameters as unknown:
            raise Http404 from unknown

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Wagtail's, made harmless."""
        return neutral(super().preprocess_field_value(field, value, export_format))


class Register(ModelAdmin):
    """What the registers share."""

    index_view_class = RegisterList
    permission_helper_class = ReadOnly
    inspect_view_enabled = True
    list_per_page = 50


class ImportRegister(Register):
    """What became of each file brought in."""

    model = ImportRecord
    menu_label = "Fichiers importés"
    menu_icon = "doc-full"
    list_display = ("file_name", "state", "message", "by", "at")
    list_filter = ("state", "at")
    list_export = ("file_name", "state", "message", "sha256", "at")
    search_fields = ("file_name", "message")


class JobRegister(Register):
    """Background work, with the reason of each failure."""

    model = Job
    menu_label = "Travaux de fond"
    menu_icon = "cogs"
    list_display = ("kind", "state", "attempts", "reason", "due_at", "finished_at")
    list_filter = ("state", "kind", "queue")
    list_export = ("kind", "state", "attempts", "reason", "created_at", "finished_at")
    inspect_template_name = "modeladmin/kb/job/inspect.html"


class BackupRegister(Register):
    """Each backup made or tried."""

    model = BackupRecord
    menu_label = "Sauvegardes"
    menu_icon = "history"
    list_display = ("name", "started_at", "finished_at", "size", "files", "problem")
    list_export = ("name", "started_at", "finished_at", "size", "files", "sha256", "problem")


@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """A failed job is tried again."""
    if not (viewer_of(request).passes):
        raise Denied("Seul un administrateur relance un travail.")
    work.retry(job=get_object_or_404(Job, pk=job_id))
    messages.success(request, "Le travail est relancé.")
    return redirect("/admin/kb/job/")
