"""A year of history, told through the product's own deeds in the order of time, each dated when it is done."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from wagtail.blocks.stream_block import StreamValue
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from kb import permissions
from kb.demo.paper import Deposit, Paper
from kb.demo.pictures import Picture
from kb.demo.when import When
from kb.demo.writing import Change, Names, PaperName, PictureName, Sheet, body_at, french, named_at
from kb.documents import operations as documents
from kb.documents.models import Attachment, Document, DocumentVersion, Image
from kb.links.models import MissingLink
from kb.pages import models as page_models
from kb.pages import operations as pages
from kb.pages.models import FundingLine, Indicator, NextStep, Phase, RevisionRecord, TeamMember, Trade
from kb.people.models import User

PUBLISHER = "claire"  # publishes what its author may not
CHILDREN = {
    "phases": Phase, "funding": FundingLine, "next_steps": NextStep, "team": TeamMember, "indicators": Indicator,
}  # fmt: skip
WORDS = frozenset({"title", "summary", "contact", "label", "value", "line", "role"})  # fields that people read
Dated = tuple[datetime, Callable[[], None]]


@dataclass(order=True)
class Event:
    """One deed of the past: when, its place among those of the same minute, and how it is done."""

    at: datetime
    place: int
    deed: Callable[[], None] = field(compare=False)


@dataclass
class History:
    """The telling: what has got an id so far, by its name in the demo."""

    when: When
    people: dict[str, User]
    home: Page
    pages: dict[str, Page] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    step: Callable[[int, int], None] = lambda done, total: None

    def tell(
        self,
        sheets: Iterable[Sheet],
        papers: Iterable[Paper],
        pictures: Iterable[Picture],
        *,
        others: Iterable[Dated] = (),
    ) -> None:
        """Does everything, from the oldest deed to the newest."""
        self.pages["accueil"] = self.home
        events: list[Event] = []
        for at, deed in (*self._deeds(sheets, papers, pictures), *others):
            events.append(Event(at, len(events), deed))
        for done, event in enumerate(sorted(events), 1):
            event.deed()
            self.step(done, len(events))

    def _deeds(self, sheets: Iterable[Sheet], papers: Iterable[Paper], pictures: Iterable[Picture]) -> Iterator[Dated]:
        known: dict[Any, datetime] = {}  # since when each picture, paper and page is there
        for picture in pictures:
            at = known[PictureName(picture.key)] = self.when.moment(-picture.age, picture.key)
            yield at, partial(self._picture, picture, at)
        for paper in papers:
            moments = self._moments(paper.key, [deposit.age for deposit in paper.deposits])
            known[PaperName(paper.key)] = moments[0]
            for deposit, at in zip(paper.deposits, moments, strict=True):
                yield at, partial(self._deposit, paper, deposit, at)
        for sheet in sheets:
            needs = [named_at(sheet, number) | {sheet.under} for number in range(1, len(sheet.changes) + 1)]
            least = [max((known[name] for name in names if name), default=None) for names in needs]
            moments = self._moments(sheet.key, [change.age for change in sheet.changes], least)
            known[sheet.key] = moments[0]
            for number, at in enumerate(moments, 1):
                yield at, partial(self._change, sheet, number, at)

    def _moments(self, seed: str, ages: list[int], least: list[datetime | None] | None = None) -> list[datetime]:
        """A moment for each age, each after the one before and after `least`, what it needs."""
        found: list[datetime] = []
        for age, after in zip(ages, least or [None] * len(ages), strict=True):
            earlier = [moment for moment in (after, *found[-1:]) if moment]
            at = self.when.moment(-age, seed)
            if earlier and at <= max(earlier):
                at = max(earlier) + timedelta(minutes=7)
            found.append(at)
        return found

    def _picture(self, picture: Picture, at: datetime) -> None:
        data = picture.draw(self.when)
        image = Image(
            title=picture.title,
            description=picture.description,
            uploaded_by_user=self.people[picture.by],
            file=ContentFile(data, name=f"{picture.key}.png"),
            file_size=len(data),
        )
        image.save()
        Image.objects.filter(pk=image.pk).update(created_at=at)
        self.pictures[picture.key] = image.pk

    def _deposit(self, paper: Paper, deposit: Deposit, at: datetime) -> None:
        author = self.people[deposit.by]
        last = last_entries()
        file = io.BytesIO(deposit.make(self.when, at))
        if paper.key in self.papers:
            document = Document.objects.get(pk=self.papers[paper.key])
            version = documents.add_version(
                document=document, file=file, file_name=paper.file_name, author=author, why=french(deposit.why)
            )
        else:
            document = documents.deposit(
                file=file, file_name=paper.file_name, author=author, title=french(paper.title), why=french(deposit.why)
            )
            Document.objects.filter(pk=document.pk).update(created_at=at)
            self.papers[paper.key] = document.pk
            version = document.versions.get()
        DocumentVersion.objects.filter(pk=version.pk).update(deposited_at=at)
        date_entries(last, at)

    def _change(self, sheet: Sheet, number: int, at: datetime) -> None:
        change = sheet.changes[number - 1]
        author = self.people[change.by]
        last = last_entries()
        if sheet.key not in self.pages:
            page = self._created(sheet, change, author)
            revision = page.get_latest_revision()
        else:
            page = self.pages[sheet.key]
            revision = self._revised(sheet, number, page, author)
        self._date_revision(page.pk, revision, at)
        date_entries(last, at)
        if change.published:
            self._publish(sheet, page.pk, revision, author, at)

    def _created(self, sheet: Sheet, change: Change, author: User) -> Any:
        page = getattr(page_models, sheet.model)(title=french(sheet.title), summary=french(sheet.summary))
        self._fill(page, sheet, 1, {**sheet.fields, **change.fields}, (*sheet.papers, *change.papers))
        page.tags.add(*sheet.tags)
        parent = Page.objects.get(pk=self.pages[sheet.under].pk)
        self.pages[sheet.key] = pages.create_page(parent=parent, page=page, author=author, why=french(change.why))
        return self.pages[sheet.key]

    def _revised(self, sheet: Sheet, number: int, page: Page, author: User) -> Revision:
        change = sheet.changes[number - 1]
        stored = Page.objects.get(pk=page.pk).specific
        if change.pin:
            name, version = change.pin
            pinned = DocumentVersion.objects.get(document=self.papers[name], number=version)
            return pages.pin_version(page=stored, version=pinned, author=author)
        draft = stored.get_latest_revision_as_object()
        self._fill(draft, sheet, number, change.fields, change.papers)
        return pages.save_draft(page=draft, author=author, why=french(change.why))

    def _fill(self, page: Any, sheet: Sheet, number: int, fields: Any, papers: tuple[str, ...]) -> None:
        raw = body_at(sheet, number, Names(self.papers, self.pictures))
        page.body = StreamValue(page.body.stream_block, raw, is_lazy=True)
        for name, value in fields.items():
            if name in CHILDREN:
                rows = [self._child(CHILDREN[name], row, place) for place, row in enumerate(value)]
                getattr(page, name).set(rows)
            elif name == "trade":
                page.trade = Trade.objects.get_or_create(name=value)[0]
            else:
                setattr(page, name, french(value) if name in WORDS else value)
        for name in papers:
            page.attachments.add(Attachment(document_id=self.papers[name], sort_order=page.attachments.count()))

    def _child(self, model: Any, row: dict[str, Any], place: int) -> Any:
        people = {name: self.people[key] for name, key in row.items() if name in {"owner", "person"}}
        dates = {
            name: self.when.on(days)
            for name, days in row.items()
            if name in {"starts", "ends", "due"} and days is not None
        }
        words = {name: french(value) for name, value in row.items() if name in WORDS}
        return model(**{**row, **words, **people, **dates}, sort_order=place)

    def _publish(self, sheet: Sheet, pk: int, revision: Revision, author: User, at: datetime) -> None:
        page = Page.objects.get(pk=pk).specific
        if not permissions.abilities(author, page)["publish"]:
            wait = Random(f"{sheet.key} {at}").randint(25, 150)  # noqa: S311
            author, at = self.people[PUBLISHER], at + timedelta(minutes=wait)
        last, first, written = last_entries(), page.first_published_at or at, page.latest_revision_created_at
        pages.publish_revision(page=page, revision=revision, author=author)
        Page.objects.filter(pk=pk).update(
            first_published_at=first, last_published_at=at, latest_revision_created_at=written
        )
        RevisionRecord.objects.filter(revision=revision).update(published_at=at)
        date_entries(last, at)

    def _date_revision(self, pk: int, revision: Revision, at: datetime) -> None:
        Revision.objects.filter(pk=revision.pk).update(created_at=at)
        Page.objects.filter(pk=pk).update(latest_revision_created_at=at)
        MissingLink.objects.filter(page=pk, since__gt=at).update(since=at)


def last_entries() -> tuple[int, int]:
    """The last log rows, of pages and of the rest."""
    pages, rest = (
        model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model in (PageLogEntry, ModelLogEntry)
    )
    return pages, rest


def date_entries(after: tuple[int, int], at: datetime) -> None:
    """Dates the log rows that were written since `after` was taken."""
    for model, last in zip((PageLogEntry, ModelLogEntry), after, strict=True):
        model.objects.filter(pk__gt=last).update(timestamp=at)
