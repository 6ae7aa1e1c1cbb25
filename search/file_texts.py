"""The one seam with extraction: the text of a file's pages, as search takes it."""

from kb.documents.extraction.queries import text_of
from kb.documents.models import DocumentVersion
from search.passages import Part


def parts_of(version: DocumentVersion) -> list[Part]:
    """The text of each page of a version's file, with its number; none while extraction has found none.

    A file that flows without pages has one part, without a number.
    """
    texts = text_of(version.sha256)
    numbered = version.kind == "pdf" or len(texts) > 1
    return [Part(page.text, file_page=page.number if numbered else None) for page in texts if page.text.strip()]
