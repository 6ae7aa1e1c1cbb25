"""ReviewDate: until when what a page says is sure, and who checks it. Archived: a page kept as a memory."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class ReviewDate(models.Model):
    """« À vérifier avant le… » : one per page. Checked, it starts again for as many months as it says, or waits for a date."""

    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, primary_key=True, related_name="review")
    due = models.DateField("à vérifier avant le", null=True, db_index=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name="qui vérifie"
    )
    every_months = models.PositiveSmallIntegerField("puis tous les", null=True, blank=True)
    checked_at = models.DateTimeField("vérifiée le", null=True, editable=False)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "date de vérification"
        verbose_name_plural = "dates de vérification"
        indexes: ClassVar = [models.Index(fields=["owner", "due"])]


class Archived(models.Model):
    """An archived page: it and what is below it stay findable, marked, out of menus and default lists."""

    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, primary_key=True, related_name="archived")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("archivée le", auto_now_add=True)
    why = models.CharField("raison", max_length=200, blank=True)

    class Meta:
        verbose_name = "page archivée"
        verbose_name_plural = "pages archivées"
