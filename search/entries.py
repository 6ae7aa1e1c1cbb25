"""What the index holds, and how an entry is written.

A page: title, headings, body, people, dates and figures of its type, tags, names of its attachments. While it is live,
what readers see; else its draft, which only who may edit it will find. A version of a document: title, file name, and
the text of each page of the file. Each is cut into passages; rights are asked of the page or the version at each search.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q
from wagtail.models import Page

from kb.documents.models import DocumentVersion
from kb.history.passages import html_lines, passages
from kb.life.models import Archived
from kb.pages.knowledge import KnowledgePage
from kb.permissions import paths_down_to
from search import feeding, file_texts, french, vocabulary
from search.models import Entry, Kind, Passage
from search.passages import Part, cut
from search.sorts import sort_of_page

_HEADING = re.compile(r"<h[2-4][^>]*>(.*?)</h[2-4]>", re.S)
LONGEST_TITLE = 255
ARCHIVED = "archived"  # in the place of a project's state: archived, it has no other of use
LONGEST_HEADING = 300


@transaction.atomic
def write_page(page: Page) -> Entry | None:
    """Indexes a page as its readers see it, or as its editors do while it is not live. None for other kinds of pages."""
    specific = page.specific
    if not isinstance(specific, KnowledgePage):
        return None
    shown = specific if specific.live else specific.get_latest_revision_as_object()
    fields = {
        "kind": Kind.PAGE,
        "title": shown.title[:LONGEST_TITLE],
        "sort": sort_of_page(shown),
        "state": ARCHIVED if _is_archived(page) else str(getattr(shown, "state", "") or ""),
        "dated": specific.last_published_at or specific.latest_revision_created_at,
    }
    return write(fields, parts_of_page(shown), page_id=page.pk)


def _is_archived(page: Page) -> bool:
    return Archived.objects.filter(page__path__in=paths_down_to(page.path)).exists()


@transaction.atomic
def write_version(version: DocumentVersion) -> Entry:
    """Indexes a version of a document, with the text that extraction found in it, if it has."""
    title = version.document.title
    name = "" if title in version.file_name else version.file_name
    fields = {
        "kind": Kind.FILE,
        "title": title[:LONGEST_TITLE],
        "sort": version.kind,
        "state": "",
        "dated": version.deposited_at,
    }
    parts = [Part(version.file_name if name else title), *file_texts.parts_of(version)]
    return write(fields, parts, version_id=version.pk)


def parts_of_page(page: Any) -> list[Part]:
    """The words of a page as it stands in memory, section by section."""
    parts: list[Part] = []
    loose: list[str] = []
    bodies = {f"block-{block.id or place}": block for place, block in enumerate(page.body)}
    for passage in passages(page):
        if passage.key == "title":
            continue
        block = bodies.get(passage.key)
        if block is not None and block.block_type == "paragraph":
            parts += _sections(block.block.get_prep_value(block.value), parts[-1].heading if parts else "")
            continue
        rows = "\n".join(" · ".join(cell for cell in row if cell) for row in passage.rows)
        words = "\n".join(filter(None, (passage.text, rows)))
        if passage.key in {"team", "next_steps", "phases", "funding", "indicators"}:
            words = f"{passage.label} : {words}"
        loose.append(words) if block is None else parts.append(Part(words, parts[-1].heading if parts else ""))
    tags = ", ".join(tag.name for tag in page.tags.all())
    loose += [f"Mots-clés : {tags}"] if tags else []
    return [Part("\n".join(loose)), *parts] if loose else parts or [Part("")]


def _sections(html: str, heading: str) -> list[Part]:
    """A rich text cut at its headings; what stands before the first continues the section before."""
    pieces = _HEADING.split(html)
    parts = [Part(html_lines(pieces[0]), heading)]
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        parts.append(Part(html_lines(body), html_lines(title).replace("\n", " ")))
    return [part for part in parts if part.text or part.heading != heading]


def write(fields: dict[str, Any], parts: list[Part], *, using: str = "default", **key: Any) -> Entry:
    """Writes an entry and its passages; what has not changed is not touched. `key` finds the one that is there."""
    mark = _fingerprint(fields["title"], parts)
    entry = Entry.objects.using(using).filter(**key).first()
    if entry is not None and entry.fingerprint == mark:
        return _described(entry, fields, using)
    passages = list(_passages(fields["title"], parts))
    fields = fields | {
        "fingerprint": mark,
        "analyzer_version": french.ANALYZER_VERSION,
        "length": sum(passage.length for passage in passages),
    }
    counted = vocabulary.Counted()
    if entry is None:
        entry = Entry.objects.using(using).create(**key, **fields)
    else:
        counted.count(entry.title, entry.passages.all(), -1)
        Passage.objects.using(using).filter(entry=entry).delete()
        Entry.objects.using(using).filter(pk=entry.pk).update(**fields)
    for passage in passages:
        passage.entry = entry
    Passage.objects.using(using).bulk_create(passages)
    counted.count(fields["title"], passages, 1)
    counted.add(using)
    feeding.changed([entry.pk])
    return entry


def _described(entry: Entry, fields: dict[str, Any], using: str) -> Entry:
    """The same words, of another date or state."""
    changed = {name: value for name, value in fields.items() if getattr(entry, name) != value}
    if changed:
        Entry.objects.using(using).filter(pk=entry.pk).update(**changed)
        feeding.changed([entry.pk])
    return entry


def _passages(title: str, parts: list[Part]) -> Iterable[Passage]:
    title_tokens = " ".join(french.terms(title))
    for place, part in enumerate(cut(parts)):
        text, heading = part.text.replace("\0", " "), part.heading[:LONGEST_HEADING].replace("\0", " ")
        body, above = french.analyse(text), french.analyse(heading)
        passage = Passage(
            place=place,
            file_page=part.file_page,
            heading=heading,
            text=text,
            title_tokens=title_tokens,
            heading_tokens=" ".join(token.text for token in above),
            body_tokens=" ".join(token.text for token in body),
            length=len(body),
        )
        passage.forms = vocabulary.forms(body, text) | vocabulary.forms(above, heading)
        yield passage


def _fingerprint(title: str, parts: list[Part]) -> str:
    said = repr((french.ANALYZER_VERSION, title, parts))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


SHEETS = Q(kind=Kind.SHEET)
BATCH = 500


def write_sheets(sheets: Iterable[tuple[str, str, list[Part]]], *, using: str) -> int:
    """Fills a throw-away index with sheets (name, title, parts). Their number."""
    written = 0
    for batch in batched(sheets, BATCH):
        with transaction.atomic(using=using):
            rows = ((Entry(kind=Kind.SHEET, name=name, title=title), parts) for name, title, parts in batch)
            write_many(rows, using=using)
        written += len(batch)
    return written


def write_many(rows: Iterable[tuple[Entry, list[Part]]], *, using: str) -> None:
    """Writes entries that are not there yet, in a few statements."""
    counted = vocabulary.Counted()
    written: list[tuple[Entry, list[Passage]]] = []
    for entry, parts in rows:
        passages = list(_passages(entry.title, parts))
        entry.title = entry.title[:LONGEST_TITLE]
        entry.analyzer_version = french.ANALYZER_VERSION
        entry.length = sum(passage.length for passage in passages)
        counted.count(entry.title, passages, 1)
        written.append((entry, passages))
    Entry.objects.using(using).bulk_create([entry for entry, _ in written])
    for entry, passages in written:
        for passage in passages:
            passage.entry = entry
    Passage.objects.using(using).bulk_create([one for _, passages in written for one in passages], batch_size=BATCH)
    counted.add(using)


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows by lists of at most `size`."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def names_of_sheets(using: str) -> dict[int, str]:
    """Entry → the sheet's own id."""
    return dict(Entry.objects.using(using).filter(kind=Kind.SHEET).values_list("pk", "name"))
