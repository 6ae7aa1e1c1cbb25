"""What writing a revision means here: names resolved into the content, links and uses recorded with it."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.dispatch import Signal
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState

from kb import direction_marks, permissions
from kb.direction_marks import without_marks
from kb.documents.models import Document, DocumentVersion, Image, ImageUse, VersionUse
from kb.links import wiki
from kb.links.models import MissingLink, PageLink, WikiName
from kb.pages import content, tree
from kb.pages.carrying import Carrying
from kb.pages.models import RevisionRecord
from kb.people.account import User
from kb.prepared import Prepared, PreparedUpsert
from kb.sanitizing import clean_html
from kb.trash.models import Deletion

# A revision was written, or overwritten in place: `page` as it was in memory, `revision`, `author`. In its transaction.
revision_written = Signal()
_ANCHOR = re.compile(r"<a [^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def attributes(tag: str) -> dict[str, str]:
    """The attributes of one opening tag of Wagtail's database HTML."""
    return dict(_ATTRIBUTE.findall(tag))


@lru_cache(maxsize=512)
def cleaned(html: str, features: tuple[str, ...]) -> str:
    """Rich text as kb.sanitizing leaves it; an autosave sends the same paragraphs again and again."""
    return clean_html(html, features=features)


class Names:
    """A visitor that resolves names and keeps what the page names.

    `freeze` decides versions: True when saving (the latest is written in), False when only reading.
    `moving`: when saving, the only documents whose latest version is written in; None for all.
    """

    def __init__(self, page: Page, author: User | None, *, freeze: bool, moving: Collection[int] | None = None) -> None:
        self.page, self.author, self.freeze, self.moving = page, author, freeze, moving
        self.may_carry = Carrying(page, author)
        self.versions: set[int] = set()
        self.documents: set[int] = set()
        self.images: set[int] = set()
        self.links: set[int] = set()
        self.missing: dict[str, str] = {}

    def rich_text(self, html: str, features: Sequence[str]) -> str:
        """What a person may write is kept; wiki links become page links; document links name a version."""
        if self.freeze:
            html = cleaned(html, tuple(features))
        html = wiki.replace_links(html, self._wiki_link)
        return _ANCHOR.sub(lambda found: self._anchor(found[0]), html)

    def document(self, raw: dict[str, Any]) -> dict[str, Any]:
        """A document block names a version: its own when it keeps one, else the latest."""
        if self.refuses(raw.get("document")):
            raise content.Unwanted
        version = self.named_version(raw.get("document"), raw.get("version"), bool(raw.get("pinned")))
        typed = {name: without_marks(raw[name]) for name in ("label", "note") if isinstance(raw.get(name), str)}
        return {**raw, **typed, "version": version}

    def image(self, pk: int) -> int:
        """An image's id is a version."""
        if self.freeze and pk is not None and not self.may_carry.image(pk):
            raise content.Unwanted
        self.images.add(pk)
        return pk

    def named_version(self, document: int | None, version: int | None, pinned: bool) -> int | None:
        """Id of the version to write beside a document, remembered as carried by the page.

        A version is kept only if it is one of that document's and the author may read it.
        """
        if document is None:
            return None
        self.documents.add(document)
        stays = version and self.moving is not None and document not in self.moving
        if not self.freeze or stays or (pinned and version and self._may_name(document, version)):
            chosen = version
        else:
            chosen = Document.objects.filter(pk=document).values_list("current_version", flat=True).first()
        if chosen:
            self.versions.add(chosen)
        return chosen

    def refuses(self, document: int | None) -> bool:
        """Whether this document must not go on the page: see kb.pages.carrying."""
        return self.freeze and document is not None and not self.may_carry.document(document)

    def _may_name(self, document: int, version: int) -> bool:
        row = DocumentVersion.objects.filter(pk=version, document=document).first()
        return row is not None and (self.author is None or permissions.can_read_version(self.author, row))

    def _anchor(self, tag: str) -> str:
        found = attributes(tag)
        if not found.get("id", "").isdigit():
            return tag
        if found.get("linktype") == "page":
            self.links.add(int(found["id"]))
        elif found.get("linktype") == "document":
            if self.refuses(int(found["id"])):
                return "<a>"
            version = self.named_version(int(found["id"]), int(found.get("version") or 0) or None, False)
            if self.freeze and version:
                return f'<a id="{found["id"]}" linktype="document" version="{version}">'
        return tag

    def _wiki_link(self, title: str, words: str) -> str:
        key = wiki.key_of(title)
        target = self._target(title, key) if self.freeze else None
        if target:
            self.links.add(target)
            return f'<a id="{target}" linktype="page">{words}</a>'
        self.missing[key] = title
        return f"[[{title_html(title)}|{words}]]" if title_html(title) != words else f"[[{words}]]"

    def _target(self, title: str, key: str) -> int | None:
        known = MissingLink.objects.filter(page=self.page.pk, key=key, target__isnull=False).first()
        if known and known.target and permissions.can_view(self.author, known.target):
            return known.target_id
        if self.author is None:
            return None
        return wiki.page_titled(title, author=self.author, near=self.page)


def title_html(title: str) -> str:
    """A title as it stands in a text node."""
    return title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def resolve_names(page: Any, *, author: User | None, moving: Collection[int] | None = None) -> None:
    """Writes into `page` (not saved here) the versions and the pages that its content names.

    `moving`: ids of the only documents whose version may change; None for all of them.
    """
    direction_marks.clear_page(page)
    names = Names(page, author, freeze=True, moving=moving)
    page.body = content.walked(page.body, names)
    attachments = [row for row in page.attachments.all() if not names.refuses(row.document_id)]
    for attachment in attachments:
        attachment.version_id = names.named_version(attachment.document_id, attachment.version_id, attachment.pinned)
    page.attachments.set(attachments)  # all() may give copies read from the database


def names_in(page: Any) -> Names:
    """What `page` names, as its content stands."""
    names = Names(page, None, freeze=False)
    content.walk(page.body.stream_block, page.body.get_prep_value(), names)
    for attachment in page.attachments.all() if isinstance(page, Page) else ():  # a model of pages has none
        names.named_version(attachment.document_id, attachment.version_id, attachment.pinned)
    return names


def to_read(page: Any, revision: Revision) -> Any:
    """What a revision of `page` (a specific page) says, to be read and never saved.

    As `revision.as_object()` without its ten queries: nothing that it names is looked up, for nothing is ever erased.
    """
    found = type(page).from_serializable_data({**revision.content, "pk": page.pk}, check_fks=False)
    for name in ("path", "depth", "numchild", "live", "latest_revision_id", "live_revision_id", "owner_id"):
        setattr(found, name, getattr(page, name))
    return found


def is_protected(revision: Revision) -> bool:
    """Whether a revision must never change: live, published once, submitted, scheduled, restored from, frozen."""
    return (
        Page.objects.filter(live_revision=revision).exists()
        or revision.approved_go_live_at is not None
        or TaskState.objects.filter(revision=revision).exists()
        or RevisionRecord.objects.filter(revision=revision).exclude(published_at=None, kept_because="").exists()
    )


def keep(revision: Revision, *, because: str) -> None:
    """From now on `revision` is never overwritten; `because` says why, in French."""
    RevisionRecord.objects.update_or_create(
        revision=revision,
        defaults={"page_id": int(revision.object_id), "kept_because": because},
    )


_write_record = PreparedUpsert(RevisionRecord, key="revision_id")
_write_name = PreparedUpsert(WikiName, key="page_id")


def record_revision(
    page: Any, revision: Revision, *, author: User | None, why: str, announce: bool | None = None
) -> None:
    """The draft's links, uses and reason, written with the revision.

    `announce`: whether followers are told at its publication; None leaves what was said of the revision before.
    """
    said = [*(["why"] if why else []), *([] if announce is None else ["announce"])]
    _write_record(  # one statement, whether the revision is new or overwritten
        revision_id=revision.pk,
        page_id=page.pk,
        why=why,
        announce=bool(announce),
        kept_because="",
        over=said or ["page_id"],
    )
    names = names_in(page)
    names.links |= _answered(page.pk, names)
    _record(page.pk, names, "in_draft", author)
    revision_written.send(sender=type(page), page=page, revision=revision, author=author)


def record_publication(page: Any, revision: Revision | None, *, publisher: Any) -> None:
    """The live links and uses, and the names that this page's title now answers."""
    names = names_in(page)
    names.links |= _answered(page.pk, names)
    _record(page.pk, names, "in_live", publisher)
    if revision:
        RevisionRecord.objects.bulk_create(  # by Django: it alone knows how each database keeps a time
            [RevisionRecord(revision=revision, page_id=page.pk, published_at=timezone.now(), published_by=publisher)],
            update_conflicts=True,
            unique_fields=["revision"],
            update_fields=["published_at", "published_by"],
        )
    answer_missing_links(page)


def record_unpublication(page: Page) -> None:
    """Nothing of the page is live any more."""
    for model in (VersionUse, ImageUse, PageLink, MissingLink):
        model.objects.filter(page=page.pk).update(in_live=False)


def answer_missing_links(page: Page) -> None:
    """Points the [[names]] that were waiting for this title to it, where their author may read it."""
    key = wiki.key_of(page.title)
    for row in MissingLink.objects.filter(key=key, target=None).select_related("author"):
        if row.author is not None and permissions.can_view(row.author, page):
            row.target_id = page.pk
            row.save(update_fields=["target"])
            PageLink.objects.update_or_create(  # « Pages liées » know it at once, not at the next save
                page_id=row.page_id,
                target_id=page.pk,
                defaults={"in_live": row.in_live, "in_draft": row.in_draft},
            )
            tree.changed(row.page_id)


def _answered(page: int, names: Names) -> set[int]:
    """The pages that answer, since, the [[names]] still written in the text."""
    if not names.missing:
        return set()
    rows = MissingLink.objects.filter(page=page, key__in=names.missing, target__isnull=False)
    return set(rows.values_list("target", flat=True))


_name_of = Prepared(lambda page: WikiName.objects.filter(page=page).values_list("key"), slots=1)


def record_name(page: Page) -> None:
    """Keeps the key under which [[the title]] is found; a live page is known by its live title."""
    key = wiki.key_of(tree.known_title(page))
    if _name_of(page.pk) == [(key,)]:
        return
    _write_name(page_id=page.pk, key=key, over=["key"])


_KINDS: tuple[tuple[Any, str, Any], ...] = (
    (VersionUse, "version", DocumentVersion),
    (ImageUse, "image", Image),
    (PageLink, "target", Page),
    (MissingLink, "pk", None),
)


def _named_by(page: int, where: str) -> QuerySet[Any, Any]:
    rows = [
        model.objects.filter(page=page).order_by().values_list(Value(kind), column, where)
        for kind, (model, column, _) in enumerate(_KINDS)
    ]
    return rows[0].union(*rows[1:], all=True)


# What a page is known to name, live or in its draft, of each kind; asked at each save.
_KNOWN = {
    where: Prepared(lambda page, where=where: _named_by(page, where), slots=1) for where in ("in_draft", "in_live")
}


def _record(page: int, names: Names, where: str, author: User | None) -> None:
    known: list[dict[int, bool]] = [{} for _ in _KINDS]
    for kind, pk, here in _KNOWN[where](page):
        known[kind][pk] = bool(here)
    for kind, wanted in enumerate((names.versions, names.images, names.links)):
        _record_uses(page, kind, wanted, known[kind], where)
    if names.missing or known[-1]:
        _record_missing(page, names, where, author)


def _record_uses(page: int, kind: int, wanted: set[int], known: dict[int, bool], where: str) -> None:
    model, name, target = _KINDS[kind]
    rows, column = model.objects.filter(page=page), f"{name}_id"
    gone = [pk for pk, here in known.items() if here and pk not in wanted]
    back = [pk for pk, here in known.items() if not here and pk in wanted]
    for pks, is_named in ((gone, False), (back, True)):
        if pks:
            rows.filter(**{f"{column}__in": pks}).update(**{where: is_named})
    fresh = wanted - known.keys()
    if fresh:
        existing = target.objects.filter(pk__in=fresh).values_list("pk", flat=True)
        model.objects.bulk_create([model(page_id=page, **{column: pk, where: True}) for pk in existing])
        _out_of_the_trash(model, fresh)
    if gone:
        rows.filter(Q(in_live=False) & Q(in_draft=False)).delete()


def _out_of_the_trash(model: Any, fresh: set[int]) -> None:
    """A file put in the trash, and carried again since: an old version of the page that named it was taken back."""
    carried = {VersionUse: Q(document__versions__in=fresh), ImageUse: Q(image__in=fresh)}.get(model)
    if carried:
        back = Deletion.objects.open().filter(carried)
        Deletion.objects.filter(pk__in=back.values("pk")).update(restored_at=timezone.now())


def _record_missing(page: int, names: Names, where: str, author: User | None) -> None:
    rows = MissingLink.objects.filter(page=page)
    rows.exclude(key__in=names.missing).update(**{where: False})
    for key, title in names.missing.items():
        MissingLink.objects.update_or_create(
            page_id=page,
            key=key,
            defaults={"title": title, where: True, "author": author},
        )
    rows.filter(in_live=False, in_draft=False).delete()
