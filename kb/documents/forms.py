"""Wagtail's forms for documents and images, in front of our operations."""

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from kb import typography
from kb.documents import file_types, operations
from kb.documents.models import Document
from kb.documents.twins import twin_of


class DocumentForm(BaseDocumentForm):
    """A new file is a deposit or a version; Wagtail's form would delete the old bytes."""

    keep_both = forms.BooleanField(
        label="Garder les deux", required=False, help_text="Un second document, des mêmes octets, sera déposé."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.depositor: Any = kwargs.get("user")  # Wagtail's form takes it away
        super().__init__(*args, **kwargs)
        self.twin = self._twin()
        if self.twin is None:  # the question is asked where there is one
            del self.fields["keep_both"]

    def _twin(self) -> Document | None:
        """The document of the same bytes, when a new one is about to be deposited."""
        known: Any = self.instance
        upload = self.files.get(self.add_prefix("file")) if self.is_bound and not known.pk else None
        return twin_of(upload, self.depositor) if upload else None

    def clean_file(self) -> Any:
        """Judges the type from the bytes, and asks about a file that is there already."""
        upload = self.cleaned_data.get("file")
        if upload and "file" in self.changed_data:
            try:
                file_types.judge(upload, file_types.safe_name(upload.name))
            except file_types.RefusedFile as refused:
                raise forms.ValidationError(str(refused)) from refused
        if self.twin and not self.data.get(self.add_prefix("keep_both")):
            raise forms.ValidationError(
                f"« {file_types.safe_name(upload.name)} » est déjà là, sous le titre « {self.twin.title} ». "
                f"Choisissez ce document, ou déposez le fichier par {reverse('wagtaildocs:add')} "
                "en cochant « Garder les deux »."
            )
        return upload

    def save(self, commit: bool = True) -> Any:
        """Deposits through kb.documents.operations. With commit=False the caller must call save() again."""
        if "file" not in self.changed_data:
            return super().save(commit=commit)
        upload, author = self.cleaned_data["file"], self.depositor
        known: Any = self.instance  # type: ignore[has-type]
        if known.pk:
            version = operations.add_version(
                document=type(known).objects.get(pk=known.pk),
                file=upload,
                file_name=upload.name,
                author=author,
            )
            document = version.document
            document.title = self.cleaned_data["title"]
            document.save(update_fields=["title"])
        else:
            document = operations.deposit(
                file=upload, file_name=upload.name, author=author, title=self.cleaned_data["title"]
            )
        self.instance = document
        if "tags" in self.cleaned_data:
            document.tags.set(self.cleaned_data["tags"])
        return document


# Why an image is refused, by Wagtail's code, after the file's name; and the way out.
REFUSED_IMAGES = {
    "invalid_image_extension": "n’est pas d’un genre accepté. Enregistrez cette image en JPEG, PNG, GIF ou WebP.",
    "invalid_extension": "n’est pas d’un genre accepté. Enregistrez cette image en JPEG, PNG, GIF ou WebP.",
    "invalid_image_known_format": "n’est pas ce que son nom dit. Ouvrez l’image, puis enregistrez-la en JPEG ou en PNG.",
    "invalid_image": "est abîmé, ou n’est pas une image. Ouvrez-le dans son logiciel, puis enregistrez-le en JPEG ou en PNG.",
    "file_too_large": "est trop lourd : {limit} au plus. Réduisez l’image, puis déposez-la à nouveau.",
    "file_too_large_unknown_size": "est trop lourd : {limit} au plus. Réduisez l’image, puis déposez-la à nouveau.",
    "file_too_many_pixels": "a trop de pixels. Réduisez l’image à 6 000 pixels de large au plus, puis déposez-la à nouveau.",
}


class ImageForm(BaseImageForm):
    """An image keeps its bytes: once deposited, only its title and description change."""

    def full_clean(self) -> None:
        """Wagtail's; a refusal names the file, the reason and the way out."""
        super().full_clean()
        upload, limit = self.files.get(self.add_prefix("file")), typography.size(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
        for error in self.errors.as_data().get("file", ()):
            if upload and error.code in REFUSED_IMAGES:
                error.message = (
                    f"« {file_types.safe_name(upload.name)} » {REFUSED_IMAGES[error.code].format(limit=limit)}"
                )
                error.params = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "file" in self.fields:
            self.fields["file"].disabled = True
            self.fields[
                "file"
            ].help_text = "Une image ne change pas : déposez-en une autre, puis choisissez-la dans la page."
