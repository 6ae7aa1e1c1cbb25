"""Document and its versions, images, attachments, and which page carries which version."""

import secrets
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, WagtailImageField
from wagtail.models import Orderable

from kb.documents import storage


def _depositor() -> models.ForeignKey:
    """Who deposited a file. Named apart: Wagtail's unused models of the same name take the reverse name."""
    depositor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="déposé par",
    )
    depositor.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
    return depositor


def fresh_name(folder: str, file_name: str) -> str:
    """A storage name never used before: what is stored is never overwritten, whatever people call it."""
    suffix = PurePosixPath(file_name).suffix.lower()[:10]
    return f"{timezone.now():%Y/%m}/{folder}{secrets.token_hex(16)}{suffix}"


def document_name(instance: models.Model, file_name: str) -> str:
    """Storage name of a document's bytes."""
    return fresh_name("d-", file_name)


def image_name(instance: models.Model, file_name: str) -> str:
    """Storage name of an image's bytes."""
    return fresh_name("i-", file_name)


def thumbnail_name(instance: models.Model, file_name: str) -> str:
    """Storage name of a thumbnail."""
    return fresh_name("t-", file_name)


class Document(AbstractDocument):
    """A file as people think of it: it has a title, a stable address, and versions.

    `file` is always the bytes of `current_version`; only kb.documents.operations changes them.
    """

    file = models.FileField("fichier", upload_to=document_name, storage=storage.documents, max_length=200)
    current_version = models.ForeignKey(
        "kb.DocumentVersion", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    uploaded_by_user = _depositor()
    tags = TaggableManager(help_text=None, blank=True, verbose_name="mots-clés", related_name="kb_documents")

    admin_form_fields = ("title", "file", "tags")
    search_auto_update = False

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"

    @property
    def url(self) -> str:
        """The stable address: it tells nothing, and serves each person the version that is his."""
        return reverse("document", args=[self.pk])

    @property
    def filename(self) -> str:
        """The name as deposited, not the storage's."""
        return self.current_version.file_name if self.current_version else super().filename


class DocumentVersion(models.Model):
    """The bytes of a document at one moment. Never changed, never deleted."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("version")
    file = models.FileField(upload_to=document_name, storage=storage.documents, max_length=200)
    file_name = models.CharField("nom du fichier", max_length=255)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("taille en octets")
    kind = models.CharField("type", max_length=20)
    mime = models.CharField(max_length=120)
    pages = models.PositiveIntegerField(null=True, blank=True)
    thumbnail = models.FileField(upload_to=thumbnail_name, storage=storage.derived, blank=True, max_length=200)
    deposited_at = models.DateTimeField("déposée le", default=timezone.now)
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField("pourquoi", max_length=255, blank=True)
    restored_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "version de document"
        verbose_name_plural = "versions de documents"
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="one_number_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.document.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        """The address of these very bytes."""
        return reverse("document_version", args=[self.document_id, self.number])


class Image(AbstractImage):
    """An image whose bytes never change: to replace it is to deposit another, so its id names a version."""

    file = WagtailImageField(
        "fichier",
        upload_to=image_name,
        storage=storage.images,
        width_field="width",
        height_field="height",
        max_length=200,
    )

    uploaded_by_user = _depositor()
    tags = TaggableManager(help_text=None, blank=True, verbose_name="mots-clés", related_name="kb_images")

    admin_form_fields = ("title", "file", "description", "tags")
    search_auto_update = False

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"

    def get_upload_to(self, filename: str) -> str:
        """See image_name."""
        return image_name(self, filename)


class Rendition(AbstractRendition):
    """An image cut to size, served by a checked view."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter"
            ),
        ]

    @property
    def url(self) -> str:
        """The checked view's address."""
        return reverse("rendition", args=[self.pk])


class Attachment(Orderable):
    """A document joined to a page, in its order, at one version. Kept in the page's revisions."""

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name="document")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, null=True, blank=True, related_name="+")
    pinned = models.BooleanField(
        "garder cette version",
        default=False,
        help_text="Même si le fichier est remplacé, cette page garde la version qu’elle montre.",
    )
    label = models.CharField("intitulé", max_length=200, blank=True, help_text="Vide : le titre du document.")
    note = models.CharField("note", max_length=300, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"

    def __str__(self) -> str:
        return self.label or self.document.title


class Use(models.Model):
    """Something a page names in its live revision, in its draft, or in both."""

    in_live = models.BooleanField(default=False)
    in_draft = models.BooleanField(default=False)

    class Meta:
        abstract = True


class VersionUse(Use):
    """A page carries a version of a document: this decides who may read the bytes."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="version_uses")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="uses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "version"], name="one_use_per_version"),
        ]


class ImageUse(Use):
    """A page shows an image: this decides who may see it."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="image_uses")
    image = models.ForeignKey(Image, models.PROTECT, related_name="uses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "image"], name="one_use_per_image"),
        ]


def summary_of(version: DocumentVersion) -> dict[str, Any]:
    """What a log row keeps of a version."""
    return {
        "version": version.number,
        "file_name": version.file_name,
        "sha256": version.sha256,
        "size": version.size,
    }
