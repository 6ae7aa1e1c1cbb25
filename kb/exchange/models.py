"""Exports asked for, and the register of imports."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from wagtail.models import Page

from kb.documents import storage
from kb.documents.models import Document, fresh_name


def export_name(instance: models.Model, file_name: str) -> str:
    """Storage name of an export."""
    return fresh_name("e-", file_name)


def upload_name(instance: models.Model, file_name: str) -> str:
    """Storage name of a file that waits to be read."""
    return fresh_name("i-", file_name)


class Format(models.TextChoices):
    """What a page can leave as."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    ODT = "odt", "ODT"


class Export(models.Model):
    """A page, or a page and all below it, made for one person with that person's rights."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+")
    format = models.CharField(max_length=4, choices=Format)
    with_below = models.BooleanField(default=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to=export_name, storage=storage.derived, blank=True, max_length=200)
    pages_done = models.PositiveIntegerField(default=0)
    pages_total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at"]


class ImportState(models.TextChoices):
    """What became of a file that was brought in."""

    WAITING = "waiting", "En attente de lecture"  # its job reads it
    ASKED = "asked", "Une réponse est attendue"  # its bytes are there already: its person says what to do
    IMPORTED = "imported", "Devenu une page"
    ATTACHED = "attached", "Joint à la page"
    WITHOUT_TEXT = "attached_without_text", "Joint, sans texte lisible"
    REFUSED = "refused", "Refusé"


# What nothing more will happen to.
SETTLED = (ImportState.IMPORTED, ImportState.ATTACHED, ImportState.WITHOUT_TEXT, ImportState.REFUSED)


class Import(models.Model):
    """Files that one person brought in together, to be read by the worker."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    parent = models.ForeignKey(Page, models.CASCADE, related_name="+")  # where they go
    asked_at = models.DateTimeField(auto_now_add=True)


class ImportRecord(models.Model):
    """One file brought in: what it became, and what was changed or dropped."""

    together = models.ForeignKey(Import, models.SET_NULL, null=True, related_name="records")  # none: from a shell
    upload = models.FileField(upload_to=upload_name, storage=storage.documents, blank=True, max_length=200)
    file_name = models.CharField("fichier", max_length=255)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    state = models.CharField("devenir", max_length=24, choices=ImportState)
    message = models.TextField("explication", blank=True)
    report = models.JSONField("ce qui a changé", default=list)
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+", verbose_name="page")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+", verbose_name="document")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("importé le", auto_now_add=True)

    class Meta:
        verbose_name = "fichier importé"
        verbose_name_plural = "fichiers importés"
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
