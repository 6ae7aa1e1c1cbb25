"""The register of backups."""

from typing import ClassVar

from django.db import models

from kb import typography


class BackupRecord(models.Model):
    """One backup made or tried."""

    name = models.CharField("archive", max_length=120)
    started_at = models.DateTimeField("commencée le", auto_now_add=True)
    finished_at = models.DateTimeField("finie le", null=True)
    size = models.PositiveBigIntegerField("taille", default=0)
    files = models.PositiveIntegerField("fichiers", default=0)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    problem = models.CharField("problème", max_length=300, blank=True)

    class Meta:
        verbose_name = "sauvegarde"
        verbose_name_plural = "sauvegardes"
        ordering: ClassVar = ["-started_at"]

    @property
    def weight(self) -> str:
        """« 6,8 Mo », or nothing while it is being made."""
        return typography.size(self.size) if self.size else ""
