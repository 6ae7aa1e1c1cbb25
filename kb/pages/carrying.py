"""Which documents and images a person may put on a page: naming a file by its number gives no right to it.

The choosers propose what one may read; a form can be posted with any number. What a page carries, its editors
read: so what its author may not read, and nobody put there before him, does not go in.
"""

from functools import cached_property
from typing import Any

from kb import permissions
from kb.documents.models import DocumentVersion, ImageUse, VersionUse
from kb.pages.models import PageModel
from kb.people.account import User


class Carrying:
    """What `author` (None: the system) may put on `page`."""

    def __init__(self, page: Any, author: User | None) -> None:
        self.page, self.author = page, author

    def document(self, pk: int) -> bool:
        """Whether the document may stand there."""
        return (
            self.author is None
            or pk in self._documents_there
            or permissions.readable_documents(self.author).filter(pk=pk).exists()
            or pk in self._given[0]
        )

    def image(self, pk: int) -> bool:
        """Whether the image may stand there."""
        return (
            self.author is None
            or pk in self._images_there
            or permissions.readable_images(self.author).filter(pk=pk).exists()
            or pk in self._given[1]
        )

    @cached_property
    def _documents_there(self) -> set[int]:
        uses = VersionUse.objects.filter(page=self.page.pk)
        return set(uses.values_list("version__document", flat=True))

    @cached_property
    def _images_there(self) -> set[int]:
        return set(ImageUse.objects.filter(page=self.page.pk).values_list("image", flat=True))

    @cached_property
    def _given(self) -> tuple[set[int], set[int]]:
        """Documents and images of the revision taken back, and of the town's models for this kind of page."""
        from kb.pages.revising import names_in

        source = self.page.taken_from
        contents: list[Any] = [source.as_object()] if source else []
        contents += PageModel.objects.filter(page_type=self.page._meta.model_name)
        named = [names_in(content) for content in contents]
        versions = {pk for names in named for pk in names.versions}
        documents = DocumentVersion.objects.filter(pk__in=versions).values_list("document", flat=True)
        return (
            set(documents) | {pk for names in named for pk in names.documents},
            {pk for names in named for pk in names.images},
        )
