"""The text of files and its health: the front of this room for search, council and screens."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from kb import permissions, typography
from kb.documents.extraction.models import ExtractedPage, Extraction
from kb.documents.extraction.reading import PageText
from kb.documents.extraction.states import PARTS, TO_BE_READ, UNREADABLE, WAY_OUT, Reason, TextState, sentence, words
from kb.documents.file_types import Kind
from kb.documents.models import DocumentVersion


@dataclass(frozen=True)
class Health:
    """What is known of the text of a file, as screens say it.

    `words` is short (« texte trouvé (12 pages) »); `way_out` is a sentence, "" where there is nothing to do;
    `sentence` says both. `part` is what the numbers of
    its texts count (« page », « diapositive », « feuille »), "" for a file that flows without any. `tone` is
    "done", "wait" or "watch".
    """

    state: TextState
    words: str
    way_out: str
    part: str
    has_text: bool
    tone: str

    @property
    def sentence(self) -> str:
        """The words and the way out."""
        return sentence(self.words, self.way_out)


def text_of(sha256: str) -> list[PageText]:
    """The texts of some bytes, in the order of their numbers; [] when nothing was read (yet).

    For what derives from text (an index): **no right is asked**. Who shows it to a person asks
    `permissions.readable_versions` first, or calls `readable_text`. A page whose `waiting` is true is a
    picture that will be recognised: `signals.text_extracted` says when. Each text is tidied (NFC, words
    joined across lines, no control character), at most 8 million characters for a file. One query.
    """
    return texts_of([sha256]).get(sha256, [])


def texts_of(digests: Collection[str]) -> dict[str, list[PageText]]:
    """SHA-256 → texts, as `text_of`, for many files in one query; a file without text is left out."""
    found: dict[str, list[PageText]] = {}
    rows = ExtractedPage.objects.filter(extraction__sha256__in=digests).order_by("extraction", "number")
    for row in rows.select_related("extraction").iterator():
        page = PageText(row.number, row.text, row.by_ocr, row.waiting)
        found.setdefault(row.extraction.sha256, []).append(page)
    return found


def readable_text(user: Any, version: DocumentVersion) -> list[PageText]:
    """The texts of a version for a person. Raises Denied when he may not read its bytes."""
    if not permissions.can_read_version(user, version):
        raise permissions.Denied("Vous ne pouvez pas lire ce document.")
    return text_of(version.sha256)


def health_of(version: DocumentVersion) -> Health:
    """What is known of the text of a version; a version never asked for is « lecture en attente ». One query."""
    return healths_of([version.sha256])[version.sha256]


def healths_of(digests: Iterable[str]) -> dict[str, Health]:
    """SHA-256 → health, for each that is asked, in one query."""
    asked = set(digests)
    rows = {row.sha256: row for row in Extraction.objects.filter(sha256__in=asked)}
    return {sha256: _health(rows.get(sha256)) for sha256 in asked}


def without_text() -> list[tuple[str, TextState, Reason, int]]:
    """Why files have no text, the most frequent first: in words, the state, the reason, the number of files. One query.

    For administrators: **no right is asked**, files in the trash are counted.
    """
    rows = Extraction.objects.exclude(state=TextState.OK).values_list("state", "reason")
    counted = rows.annotate(files=Count("pk")).order_by("-files", "state", "reason")
    return [
        (_why(TextState(state), Reason(reason)), TextState(state), Reason(reason), n) for state, reason, n in counted
    ]


def _why(state: TextState, reason: Reason) -> str:
    says_it_all = not reason or state in (TextState.ENCRYPTED, TextState.UNSUPPORTED)
    return state.label if says_it_all else f"{state.label}{typography.NBSP}: {reason.label}"


def _health(row: Extraction | None) -> Health:
    if row is None:
        said = words(state=TextState.WAITING, reason="", kind="", pages=None)
        return Health(TextState.WAITING, said, "", "", has_text=False, tone="wait")
    state = TextState(row.state)
    tone = "wait" if state in TO_BE_READ else "watch" if state in UNREADABLE else "done"
    part = PARTS.get(Kind(row.kind), "")
    return Health(state, row.words, WAY_OUT.get(Reason(row.reason), ""), part, has_text=row.characters > 0, tone=tone)
