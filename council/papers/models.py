"""Dossiers that were bound, kept until what goes in changes."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from council.agenda.models import SittingPage
from kb.documents import storage
from kb.documents.models import fresh_name


def dossier_name(instance: models.Model, file_name: str) -> str:
    """Storage name of a bound dossier."""
    return fresh_name("s-", file_name)


class Shape(models.TextChoices):
    """How a dossier is taken away."""

    PDF = "pdf", "PDF"
    LARGE = "gros-caracteres", "PDF en gros caractères"
    ZIP = "zip", "ZIP, avec les fichiers d’origine"


class BoundDossier(models.Model):
    """A sitting's dossier in one shape, as it stood: `mark` tells whether it still stands so."""

    sitting = models.ForeignKey(SittingPage, models.CASCADE, related_name="dossiers")
    shape = models.CharField(max_length=16, choices=Shape)
    mark = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to=dossier_name, storage=storage.derived, blank=True, max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)  # of the file: who keeps it elsewhere checks it
    pages = models.PositiveIntegerField(default=0)
    parts_done = models.PositiveIntegerField(default=0)
    parts_total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "shape", "mark"], name="one_dossier_as_it_stands"),
        ]

    @property
    def is_lost(self) -> bool:
        """It was bound and its file is no more there: kb.backup does not keep what can be made again."""
        return bool(self.file) and not self.file.storage.exists(str(self.file.name))
