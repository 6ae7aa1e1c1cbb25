"""What search keeps that is not derived from pages and files: past searches, fruitless ones, the town's synonyms."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class PastSearch(models.Model):
    """What a person searched, and keeps or not. Private to that person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    words = models.CharField(max_length=300)
    address = models.CharField(max_length=1000)  # with its filters
    at = models.DateTimeField(default=timezone.now)
    is_kept = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "words"], name="one_past_search_per_words"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "-at"])]


class Fruitless(models.Model):
    """Words for which nothing was found, whoever searched: what the town could write, or name otherwise."""

    words = models.CharField("mots cherchés", max_length=300, unique=True)
    times = models.PositiveIntegerField("fois", default=0)
    last_at = models.DateTimeField("dernière fois", default=timezone.now)

    class Meta:
        verbose_name = "recherche sans résultat"
        verbose_name_plural = "recherches sans résultat"

    def __str__(self) -> str:
        return self.words


class Synonym(models.Model):
    """Words of the trade that mean the same: « PLU, plan local d’urbanisme ». Edited by the town, used at each search."""

    words = models.CharField(
        "mots qui se valent", max_length=300, help_text="Séparés par des virgules : « PLU, plan local d’urbanisme »."
    )

    class Meta:
        verbose_name = "synonyme"
        verbose_name_plural = "synonymes"
        ordering: ClassVar = ["words"]

    def __str__(self) -> str:
        return self.words
