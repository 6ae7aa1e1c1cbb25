"""What a change changed, as members read it: a text in words; a file in words where its text was read, else by its facts."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from wagtail.blocks.stream_block import StreamValue

from council.agenda.models import AgendaItemPage
from council.frozen import copying
from council.frozen.models import FrozenPaper
from kb import typography
from kb.documents.extraction.queries import texts_of
from kb.documents.extraction.reading import PageText
from kb.history import words
from kb.history.difference import Change, compare


def of_text(before: FrozenPaper, after: FrozenPaper) -> list[Change]:
    """Résumé, note and text of an item, passage by passage."""
    return _between(before.content, after.content)


def with_draft(before: FrozenPaper, draft: AgendaItemPage) -> list[Change]:
    """The same, between what was sent and a draft that was not."""
    return _between(before.content, copying.item_content(before.content["number"], draft))


def _between(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    named = [("Rapporteur", "rapporteur"), ("Note de synthèse", "note")]
    beside = [_change(label, str(old[name]), str(new[name])) for label, name in named if old[name] or new[name]]
    head, *rest = compare(_page(old), _page(new))
    return [head, *beside, *rest]


def _page(content: dict[str, Any]) -> AgendaItemPage:
    """An item that is only read: what was frozen, never the page as it stands."""
    page = AgendaItemPage(title=content["title"], summary=content["summary"], item_kind=content["kind"])
    page.body = StreamValue(page.body.stream_block, content["body"], is_lazy=True)
    return page


def of_file(before: FrozenPaper, after: FrozenPaper) -> list[Change]:
    """The words of two files, page by page; none where one of them was not read."""
    texts = texts_of([before.content["sha256"], after.content["sha256"]])
    old, new = texts.get(before.content["sha256"], []), texts.get(after.content["sha256"], [])
    if not old or not new:
        return []
    pages = zip_longest(map(_words, old), map(_words, new), fillvalue="")
    changes = [_change(f"Page {number}", one, other) for number, (one, other) in enumerate(pages, 1)]
    return [change for change in changes if change.pieces]


def _words(page: PageText) -> str:
    """Its text; a space is a space, whatever wrote the file."""
    return page.text.replace(typography.NBSP, " ").replace(typography.THIN, " ")


def _change(label: str, old: str, new: str) -> Change:
    if old == new:
        return Change(label, "same", words.compare(old, new))
    return Change(label, "changed" if old and new else "added" if new else "removed", words.compare(old, new))


def facts(row: FrozenPaper) -> dict[str, str]:
    """A file by its name, weight, date and digest."""
    said = row.content
    return {
        "title": said["title"],
        "file_name": said["file_name"],
        "size": typography.size(said["size"]),
        "version": f"version {said['version']}",
        "sha256": said["sha256"],
        "url": f"/p/{row.place.item_id if row.place else 0}/pieces/{row.pk}/",
    }


def counted(changes: Iterable[Change]) -> tuple[int, int]:
    """How many words were added, and removed."""
    known = list(changes)
    return sum(one.added for one in known), sum(one.removed for one in known)
