"""Reads of what was frozen: as the convocation sent it, and as it stands since."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from council.agenda.enums import ItemKind, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage, stage_of
from council.frozen import copying
from council.frozen.models import ChangeKind, FrozenPaper, PaperChange
from kb.pages.rendering import Body
from kb.typography import day

Kind = FrozenPaper.Kind


@dataclass(frozen=True)
class Frozen:
    """An item as it was sent, or as it stands since: its row, and the rows of its annexes in order."""

    place: AgendaPlace
    item: FrozenPaper
    annexes: tuple[FrozenPaper, ...] = field(default=())

    @property
    def number(self) -> str:
        """« 4 », « 6 bis »."""
        return str(self.item.content["number"])

    @property
    def title(self) -> str:
        """As announced."""
        return str(self.item.content["title"])

    @property
    def kind(self) -> str:
        """In the words of the town."""
        return str(ItemKind(self.item.content["kind"]).label)

    @property
    def rapporteur(self) -> str:
        """By the name of that day."""
        return str(self.item.content["rapporteur"])

    @property
    def note(self) -> str:
        """The note de synthèse."""
        return str(self.item.content["note"])

    # The first copies held neither of these two.

    @property
    def matter(self) -> str:
        """The code of the @CTES classification; empty where nobody chose it."""
        return str(self.item.content.get("matter") or "")

    @property
    def advices(self) -> list[dict[str, str]]:
        """What commissions said of it: `commission`, `on`, `sense`, `words`."""
        return list(self.item.content.get("advices", []))

    @property
    def line(self) -> str:
        """« 4. Tarifs de la cantine (rapporteur : Nadia Benkacem) »."""
        return f"{self.number}. {self.title}" + (f" (rapporteur : {self.rapporteur})" if self.rapporteur else "")

    @property
    def body(self) -> Body:
        """As every reader gets it, links still to be fitted."""
        read = self.item.content["read"]
        return Body(read["html"], tuple(read["contents"]), read["has_missing"], tuple(read["blocks"]))

    @cached_property
    def rows(self) -> tuple[FrozenPaper, ...]:
        """The item, then its annexes."""
        return (self.item, *self.annexes)


def rows_of(sitting: SittingPage) -> list[FrozenPaper]:
    """All that was frozen of a sitting's items, in order. Convened before papers were copied: from the revisions kept.

    Two queries, and what the revisions ask where nothing was copied yet.
    """
    return _rows(sitting.places.exclude(convened_revision=None))


def _rows(places: QuerySet[AgendaPlace]) -> list[FrozenPaper]:
    found = FrozenPaper.objects.filter(place__in=places.values("pk")).select_related("place", "change", "version")
    rows = list(found.order_by("place__position", "kind", "rank", "pk"))
    missing = places.exclude(pk__in={row.place_id for row in rows if row.place_id})
    return rows + [
        row
        for place in missing.select_related("convened_revision", "sitting")
        for row in copying.item_rows(place, copying.convened(place), by=None)
    ]


def as_sent(rows: Iterable[FrozenPaper], change: PaperChange | None = None) -> list[Frozen]:
    """The items that the convocation announced, as they left; or those that an ordre du jour complémentaire added."""
    wanted = change.pk if change else None
    return _grouped(row for row in rows if row.change_id == wanted and row.replaces_id is None)


def as_it_stands(rows: Iterable[FrozenPaper]) -> list[Frozen]:
    """The items with what replaced their text or their annexes since."""
    known = list(rows)
    replaced = {row.replaces_id for row in known}
    return _grouped(row for row in known if row.pk is None or row.pk not in replaced)


def as_changed_by(sitting: SittingPage, change: PaperChange) -> list[Frozen]:
    """The items as they stood once that change had left, whatever came after it."""
    rows = rows_of(sitting)
    later = {row.change_id for row in rows if row.change and moment_of(row.change) > moment_of(change)}
    return as_it_stands(row for row in rows if row.change_id not in later)


def _grouped(rows: Iterable[FrozenPaper]) -> list[Frozen]:
    items: dict[int | None, FrozenPaper] = {}
    annexes: dict[int | None, list[FrozenPaper]] = {}
    for row in rows:
        if row.kind == Kind.ITEM:
            items[row.place_id] = row
        else:
            annexes.setdefault(row.place_id, []).append(row)
    found = []
    for pk, item in items.items():
        assert item.place is not None
        found.append(Frozen(item.place, item, tuple(sorted(annexes.get(pk, []), key=lambda row: row.rank))))
    return sorted(found, key=lambda one: (one.place.position, one.place.pk))


def announced(sitting: SittingPage) -> list[Frozen]:
    """What the convocation sent, whatever changed since."""
    return as_sent(rows_of(sitting))


def standing(sitting: SittingPage) -> list[Frozen]:
    """What the members read now."""
    return as_it_stands(rows_of(sitting))


def of_item(item: AgendaItemPage) -> Frozen | None:
    """A convened item as its readers read it; None before the convocation."""
    found = as_it_stands(_rows(item.places.exclude(convened_revision=None)))
    return found[-1] if found else None


# What changed.


def sent_changes(of: SittingPage | AgendaPlace) -> list[PaperChange]:
    """The changes that left, of a sitting or of one item, the oldest first. Four queries, with each one's dispatches."""
    found = of.changes.exclude(sent_at=None).select_related("place__item", "sitting", "signature__mandate")
    return list(found.prefetch_related("dispatches__mandate", "dispatches__mail").order_by("sent_at", "pk"))


def open_addition(sitting: SittingPage) -> PaperChange | None:
    """The ordre du jour complémentaire being prepared."""
    return sitting.changes.filter(kind=ChangeKind.ADDED, sent_at=None, dropped_at=None).first()


def open_correction(place: AgendaPlace) -> PaperChange | None:
    """The correction of an item's text being written."""
    return place.changes.filter(kind=ChangeKind.CORRECTED, sent_at=None, dropped_at=None).first()


def said_of(change: PaperChange) -> str:
    """« Pièce remplacée le 9 octobre 2026 »."""
    label = str(ChangeKind(change.kind).label)
    return f"{label} le {day(timezone.localtime(moment_of(change)).date())}"


def moment_of(change: PaperChange) -> datetime:
    """When it was sent, or opened."""
    return change.sent_at or change.opened_at


def is_to_come(sitting: SittingPage) -> bool:
    """Whether the papers of a convened sitting may still change."""
    return stage_of(sitting) == SittingState.CONVENED and sitting.starts_at > timezone.now()
