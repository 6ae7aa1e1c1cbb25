"""The one seam with extraction: the text of a file's pages, as search takes it."""

from kb.documents.models import DocumentVersion
from search.passages import Part


def parts_of(version: DocumentVersion) -> list[Part]:
    """The text of each page of a version's file, with its number; none while extraction has found none."""
    return []
