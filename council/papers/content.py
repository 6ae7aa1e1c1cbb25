"""What goes into the dossier of a sitting: what the convocation froze; before it, the drafts as they stand."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.html import linebreaks

from council import nomenclature
from council.agenda import queries
from council.agenda.enums import ItemKind, PlaceState, SittingState
from council.agenda.models import AgendaPlace, SittingPage, stage_of
from council.frozen.models import FrozenPaper
from council.frozen.queries import Frozen, said_of, standing
from council.items.models import Sense
from council.papers.dossier import Advice, Annex, Dossier, Item
from kb import typography
from kb.documents.models import DocumentVersion
from kb.exchange import printing
from kb.pages import presentation, rendering
from kb.pages.frame import town_facts
from kb.permissions import Viewer, abilities

MADE_BY = 3  # changed when the same content is to be bound otherwise


@dataclass(frozen=True)
class Source:
    """A place of the agenda with its number, and what says it: what was frozen, or a draft's revision."""

    number: str
    place: AgendaPlace
    revision: int | None
    frozen: Frozen | None = None

    @property
    def mark(self) -> tuple[Any, ...]:
        """What stands here."""
        papers = [row.sha256 for row in self.frozen.rows] if self.frozen else []
        return (self.number, self.place.item_id, self.revision, self.place.state, self.place.reason, papers)


class Papers:
    """The papers of a sitting, its agenda read once."""

    def __init__(self, sitting: SittingPage) -> None:
        self.sitting = sitting

    @cached_property
    def stage(self) -> SittingState:
        """Where the sitting stands."""
        return stage_of(self.sitting)

    @cached_property
    def rows(self) -> list[AgendaPlace]:
        """The places of its agenda."""
        return queries.placed(self.sitting)

    def may_be_had_by(self, viewer: Viewer) -> bool:
        """Whether the person may take the whole: he reads the sitting and every item that is on its agenda.

        Before the convocation it is a draft: for who prepares the sitting.
        """
        if self.stage == SittingState.PREPARATION:
            return abilities(viewer, self.sitting)["edit"]
        items = [source.place.item_id for source in self.sources]
        return all(viewer.knows(pk) for pk in (self.sitting.pk, *items))

    @cached_property
    def sources(self) -> list[Source]:
        """The places in order, numbered as the sitting's page numbers them; what left a draft agenda is not there."""
        convened = self.stage != SittingState.PREPARATION
        if convened:
            return [Source(one.number, one.place, None, one) for one in standing(self.sitting)]
        rows = queries.numbered(self.rows, convened=False)
        return [Source(number, row, row.item.latest_revision_id) for number, row in rows]

    @cached_property
    def mark(self) -> str:
        """What stands in the dossier, in 64 characters: another mark, another dossier."""
        said = [source.mark for source in self.sources]
        sitting = self.sitting
        about = (
            MADE_BY,
            town_facts()["town_name"],
            sitting.title,
            sitting.starts_at.isoformat(),
            sitting.place,
            self.stage,
        )
        return hashlib.sha256(repr((about, said)).encode()).hexdigest()

    def dossier(self, viewer: Viewer) -> Dossier:
        """The dossier, its pictures those that `viewer` may see; a link leads only where the public may follow."""
        draft, sitting = self.stage == SittingState.PREPARATION, self.sitting
        return Dossier(
            town=town_facts()["town_name"],
            title=sitting.instance.name,
            when=typography.moment(sitting.starts_at),
            place=sitting.place or sitting.instance.place,
            items=[_item(source, viewer) for source in self.sources],
            made_on=typography.day(timezone.localdate()),
            lines=("Brouillon : la séance n’est pas convoquée.",) if draft else (),
        )


def _item(source: Source, viewer: Viewer) -> Item:
    if source.frozen:
        return _frozen_item(source.frozen, viewer)
    item = source.place.item
    page = item.revisions.get(pk=source.revision).as_object() if source.revision else item
    state = PlaceState(source.place.state)
    return Item(
        number=source.number,
        title=page.title,
        kind=str(ItemKind(page.item_kind).label),
        rapporteur=str(page.rapporteur or ""),
        body=_body(page, viewer),
        note=linebreaks(page.note, autoescape=True) if page.note.strip() else "",
        closed=page.behind_closed_doors,
        matter=page.get_matter_display() if page.matter else "",
        advices=[_advice(str(row.commission), row.sense, row.given_on, row.words) for row in page.advices.all()],
        annexes=[_annex(row) for row in page.attachments.all() if row.version_id],
        withdrawn="" if state == PlaceState.ON else f"{source.place.reason}",
    )


def _frozen_item(one: Frozen, viewer: Viewer) -> Item:
    """What was copied when the sitting was convened, or what replaced it since."""
    state, change = PlaceState(one.place.state), one.item.change
    return Item(
        number=one.number,
        title=one.title,
        kind=one.kind,
        rapporteur=one.rapporteur,
        body=fitted(one.body, one.place.item_id, viewer),
        note=linebreaks(one.note, autoescape=True) if one.note.strip() else "",
        closed=bool(one.item.content["behind_closed_doors"]),
        matter=nomenclature.label_of(one.matter),
        advices=[_frozen_advice(row) for row in one.advices],
        annexes=[_frozen_annex(row) for row in one.annexes],
        withdrawn="" if state == PlaceState.ON else one.place.reason,
        changed=f"{said_of(change)} : {change.reason}" if change else "",
    )


def _advice(commission: str, sense: str, on: date, words: str) -> Advice:
    return Advice(commission, f"{Sense(sense).label}, le {typography.day(on)}", words)


def _frozen_advice(row: dict[str, str]) -> Advice:
    return _advice(row["commission"], row["sense"], date.fromisoformat(row["on"]), row["words"])


def _frozen_annex(row: FrozenPaper) -> Annex:
    assert row.version is not None
    since = f"{said_of(row.change)} : {row.change.reason}" if row.change and row.replaces_id else ""
    return Annex(
        title=row.content["title"],
        file_name=row.content["file_name"],
        kind=row.content["kind"],
        data=_bytes_of(row.version),
        line=since or _version_line(row.version),
    )


def _body(page: Any, viewer: Viewer) -> str:
    return fitted(presentation.content_of(page, revision_id=None).body, page.pk, viewer)


def fitted(body: rendering.Body, page_id: int, viewer: Viewer) -> str:
    """The text of an item as clean HTML for paper, its pictures inside it, its links those that everybody may follow."""
    public = Viewer(AnonymousUser())
    html = rendering.fitted(body, page_id=page_id, viewer=public, tree=viewer.tree, can_create=False)
    return printing.with_images(html, viewer)


def _annex(row: Any) -> Annex:
    version: DocumentVersion = row.version
    return Annex(
        title=row.label or row.document.title,
        file_name=version.file_name,
        kind=version.kind,
        data=_bytes_of(version),
        line=_version_line(version),
    )


def _bytes_of(version: DocumentVersion) -> Callable[[], bytes]:
    def data() -> bytes:
        with version.file.storage.open(str(version.file.name), "rb") as source:
            return bytes(source.read())

    return data


def _version_line(version: DocumentVersion) -> str:
    return f"version {version.number} du {typography.day(timezone.localtime(version.deposited_at).date())}"
