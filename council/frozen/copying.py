"""The copy of a convened paper: its content as plain data, and the SHA-256 of that data, canonical."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from council.agenda.enums import ItemKind
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage
from council.frozen.models import FrozenPaper, PaperChange
from kb.documents.models import Attachment, DocumentVersion
from kb.pages import rendering
from kb.people.account import User

Kind = FrozenPaper.Kind
Content = dict[str, Any]


def canonical(content: Content) -> str:
    """The one way of writing this content: keys sorted, no space, UTF-8."""
    return json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(content: Content) -> str:
    """The SHA-256 of the canonical content, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def filled(paper: FrozenPaper, content: Content) -> FrozenPaper:
    """The row with its content as the database will give it back, and its digest."""
    paper.content = json.loads(canonical(content))
    paper.sha256 = digest(paper.content)
    return paper


def sitting_content(sitting: SittingPage) -> Content:
    """When, where, who: as the convocation says it."""
    return {
        "title": sitting.title,
        "instance": sitting.instance.name,
        "kind": sitting.sitting_kind,
        "starts_at": timezone.localtime(sitting.starts_at).isoformat(),
        "place": sitting.place or sitting.instance.place,
    }


def item_content(number: str, page: AgendaItemPage) -> Content:
    """An item at one revision: its words, its body as written and as read."""
    return {
        "number": number,
        "title": page.title,
        "kind": str(ItemKind(page.item_kind).value),
        "rapporteur": str(page.rapporteur or ""),
        "summary": page.summary,
        "note": page.note,
        "behind_closed_doors": page.behind_closed_doors,
        "matter": page.matter,
        "budget_year": page.budget_year,
        "advices": [
            {"commission": str(row.commission), "on": row.given_on.isoformat(), "sense": row.sense, "words": row.words}
            for row in page.advices.all()
        ],
        "body": json.loads(json.dumps(page.body.get_prep_value(), cls=DjangoJSONEncoder)),
        "read": asdict(rendering.render(page)),
    }


def annex_content(title: str, note: str, version: DocumentVersion) -> Content:
    """A file at one version, under the name that it had."""
    return {
        "title": title,
        "note": note,
        "document": version.document_id,
        "version": version.number,
        "file_name": version.file_name,
        "size": version.size,
        "kind": version.kind,
        "sha256": version.sha256,
        "deposited_at": timezone.localtime(version.deposited_at).isoformat(),
    }


def item_rows(
    place: AgendaPlace, page: AgendaItemPage, *, by: User | None, change: PaperChange | None = None
) -> list[FrozenPaper]:
    """The rows of an item and of its annexes, not saved; `page` is its convened revision as an object."""
    common = {"sitting": place.sitting, "place": place, "by": by, "change": change}
    item = FrozenPaper(kind=Kind.ITEM, revision_id=place.convened_revision_id, **common)
    rows = [filled(item, item_content(place.number, page))]
    attachments: Iterable[Attachment] = page.attachments.all()
    for rank, row in enumerate((row for row in attachments if row.version_id), 1):
        assert row.version is not None
        annex = FrozenPaper(kind=Kind.ANNEX, rank=rank, version=row.version, **common)
        rows.append(filled(annex, annex_content(row.label or row.document.title, row.note, row.version)))
    return rows


def convened(place: AgendaPlace) -> AgendaItemPage:
    """The item at the revision that its convocation names."""
    assert place.convened_revision is not None
    page: AgendaItemPage = place.convened_revision.as_object()
    return page


def freeze(sitting: SittingPage, places: Iterable[AgendaPlace], *, by: User | None) -> None:
    """Copies the sitting and its items, in the transaction that convenes it. What is copied already stays."""
    if not FrozenPaper.objects.filter(sitting=sitting, kind=Kind.SITTING).exists():
        revision = sitting.record.convened_revision
        row = FrozenPaper(sitting=sitting, kind=Kind.SITTING, revision=revision, by=by)
        filled(row, sitting_content(sitting)).save()
    known = set(FrozenPaper.objects.filter(sitting=sitting, kind=Kind.ITEM).values_list("place", flat=True))
    fresh = [place for place in places if place.pk not in known]
    FrozenPaper.objects.bulk_create([row for place in fresh for row in item_rows(place, convened(place), by=by)])
