"""Deletion: one « Supprimer », with who, when and why; Trashed: the pages that it hides."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

OPEN = Q(restored_at=None, emptied_at=None)


def _person(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", **options)


class DeletionQuerySet(models.QuerySet["Deletion"]):
    """Deletions, those still in the trash."""

    def open(self) -> "DeletionQuerySet":
        """Neither restored nor emptied."""
        return self.filter(OPEN)


class Deletion(models.Model):
    """A page with what is below it, a document or an image, put in the trash by one deed.

    The row stays when it is restored or emptied: what was deleted is then named by `title` alone.
    """

    page = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="deletions")
    document = models.ForeignKey("kb.Document", models.SET_NULL, null=True, related_name="deletions")
    image = models.ForeignKey("kb.Image", models.SET_NULL, null=True, related_name="deletions")
    title = models.CharField("titre", max_length=255)
    deleted_by = _person(verbose_name="supprimée par")
    deleted_at = models.DateTimeField("supprimée le", auto_now_add=True)
    why = models.CharField("raison", max_length=200, blank=True)
    restored_by = _person()
    restored_at = models.DateTimeField("restaurée le", null=True)
    emptied_by = _person()
    emptied_at = models.DateTimeField("vidée le", null=True)

    objects = DeletionQuerySet.as_manager()

    class Meta:
        verbose_name = "suppression"
        verbose_name_plural = "suppressions"
        indexes: ClassVar = [models.Index(fields=["deleted_at"])]
        constraints: ClassVar = [
            # Deleted twice at once, it is in the trash once.
            *(
                models.UniqueConstraint(
                    fields=[thing],
                    condition=OPEN & Q(**{f"{thing}__isnull": False}),
                    name=f"one_open_deletion_per_{thing}",
                )
                for thing in ("page", "document", "image")
            ),
            models.CheckConstraint(
                condition=Q(emptied_at__isnull=False)
                | Q(page__isnull=False, document=None, image=None)
                | Q(page=None, document__isnull=False, image=None)
                | Q(page=None, document=None, image__isnull=False),
                name="a_deletion_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Trashed(models.Model):
    """A page that a deletion hides: its root, or a page that stood below it then.

    Written in the transaction that deletes; while it is there, the page exists for nobody (kb.permissions).
    """

    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, primary_key=True, related_name="trashed")
    deletion = models.ForeignKey(Deletion, models.CASCADE, related_name="pages")
