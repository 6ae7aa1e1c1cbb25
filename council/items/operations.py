"""Deeds: taking up an earlier délibération, duplicating a sitting, writing what the year's plan asks, the plan itself."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from council.agenda.enums import DECIDED, PlaceState, SittingKind, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage, stage_of
from council.agenda.queries import drafts_of, meeting_day, placed
from council.items import queries
from council.items.figures import marked, marked_html
from council.items.models import AnnexToRenew, ItemSubject, Resumption, YearlyItem, YearlyUse
from council.members import operations as members
from council.members.queries import in_office
from kb import permissions
from kb.pages import content, revising, tree
from kb.pages import operations as pages
from kb.people.account import User
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.typography import day


def _prepared(sitting: SittingPage, by: User) -> SittingPage:
    """The sitting, alone, where `by` may add an item. Raises PermissionDenied, Refused."""
    tree.one_writer()
    fresh = SittingPage.objects.get(pk=sitting.pk)
    if not permissions.abilities(by, fresh)["create_below"]:
        raise PermissionDenied(f"Vous ne pouvez pas compléter « {fresh.title} ».")
    if stage_of(fresh) != SittingState.PREPARATION:
        raise Refused(f"« {fresh.title} » est convoquée : choisissez une séance en préparation.")
    return fresh


# « Reprendre une délibération ».


@transaction.atomic
def resume(*, source: AgendaItemPage, sitting: SittingPage, by: User) -> AgendaItemPage:
    """A new item from one of an earlier sitting: its text kept, old figures marked, its annexes listed to be renewed.

    Advices and files are not kept. Raises PermissionDenied, Refused.
    """
    sitting = _prepared(sitting, by)
    viewer, source = Viewer(by), AgendaItemPage.objects.get(pk=source.pk)
    if not viewer.can_view(source):
        raise PermissionDenied("Vous ne pouvez pas lire ce point.")
    earlier = SittingPage.objects.get(pk=source.get_parent().pk)
    if earlier.instance_id != sitting.instance_id:
        raise Refused(f"« {earlier.title} » est d’une autre instance : choisissez un point de « {sitting.instance} ».")
    if earlier.starts_at >= sitting.starts_at:
        raise Refused(f"« {earlier.title} » n’est pas passée avant cette séance : choisissez une séance plus ancienne.")
    again = Resumption.objects.filter(source=source, item__in=AgendaItemPage.objects.child_of(sitting))
    if again.exists():
        raise Refused(f"« {source.title} » est déjà reprise à cette séance : modifiez le point qui en vient.")
    revision = _readable_revision(source, viewer)
    old = revising.to_read(source, revision)
    item = _written_again(old, sitting, viewer)
    resumption = Resumption.objects.create(item=item, source=source, revision=revision, by=by)
    AnnexToRenew.objects.bulk_create(
        AnnexToRenew(resumption=resumption, document=row.document, title=row.label or row.document.title)
        for row in _distinct(old.attachments.all())
    )
    revising.keep(revision, because="Délibération reprise.")
    log(sitting, "council.item.resume", user=by, data={"title": item.title, "from": earlier.title})
    return item


def _readable_revision(source: AgendaItemPage, viewer: Viewer) -> Revision:
    """What the convocation announced; else the newest that the person may read."""
    sent = AgendaPlace.objects.filter(item=source.pk, convened_revision__isnull=False).order_by("-pk").first()
    if sent is not None and sent.convened_revision is not None:
        return sent.convened_revision
    newest: Revision | None = source.get_latest_revision() if viewer.can_edit(source) else source.live_revision
    if newest is None:
        raise PermissionDenied("Vous ne pouvez pas lire ce point.")
    return newest


def _distinct(rows: Any) -> list[Any]:
    return list({row.document_id: row for row in rows if row.document_id}.values())


def _written_again(old: Any, sitting: SittingPage, viewer: Viewer) -> AgendaItemPage:
    """The new item: this year's, with the words of then."""
    seated = set(in_office(sitting.instance, meeting_day(sitting)).values_list("pk", flat=True))
    item = AgendaItemPage(
        title=old.title,
        summary=marked(old.summary),
        item_kind=old.item_kind,
        matter=old.matter,
        rapporteur_id=old.rapporteur_id if old.rapporteur_id in seated else None,
        note=marked(old.note),
        budget_year=meeting_day(sitting).year if old.budget_year else None,
        concerns_money=old.concerns_money,
        behind_closed_doors=old.behind_closed_doors,
        comes_back=old.comes_back,
        body=content.walked(old.body, _Marking()),
    )
    seen = {row.subject_id for row in old.subjects.all() if _reads(viewer, row.subject_id)}
    item.subjects = [ItemSubject(subject_id=pk) for pk in sorted(seen)]
    return pages.create_page(parent=sitting, page=item, author=viewer.user, why="Délibération reprise")


def _reads(viewer: Viewer, pk: int) -> bool:
    page = Page.objects.filter(pk=pk).first()
    return page is not None and viewer.can_view(page)


class _Marking:
    """A visitor that marks the old figures of each rich text."""

    def rich_text(self, html: str, features: Sequence[str]) -> str:
        return marked_html(html)

    def document(self, raw: dict[str, Any]) -> dict[str, Any]:
        return raw

    def image(self, pk: int) -> int:
        return pk


@transaction.atomic
def settle_annex(*, annex: AnnexToRenew, by: User) -> None:
    """An old annex was replaced, or has no use any more. Raises PermissionDenied."""
    item = annex.resumption.item
    if not permissions.abilities(by, item)["edit"]:
        raise PermissionDenied(f"Vous ne pouvez pas modifier « {item.title} ».")
    fresh = AnnexToRenew.objects.select_for_update().get(pk=annex.pk)
    if fresh.settled_at is None:
        fresh.settled_at, fresh.settled_by = timezone.now(), by
        fresh.save(update_fields=["settled_at", "settled_by"])
        log(item, "council.item.annex", user=by, data={"title": fresh.title})


# « Dupliquer la séance ».


def repeatable(sitting: SittingPage) -> list[AgendaItemPage]:
    """The items that another sitting may start with: those that come back each time, and those without decision."""
    drafts = drafts_of(row.item for row in placed(sitting) if row.state == PlaceState.ON).values()
    return [draft for draft in drafts if draft.comes_back or draft.item_kind not in DECIDED]


@transaction.atomic
def duplicate(
    *, sitting: SittingPage, starts_at: datetime, place: str, items: Collection[int], by: User
) -> SittingPage:
    """A new sitting in preparation beside this one: its instance, and the items chosen among those that come back.

    Their titles and kinds only: no decision, no text, no file. Raises PermissionDenied, Refused.
    """
    tree.one_writer()
    viewer, shelf = Viewer(by), Page.objects.get(pk=sitting.get_parent().pk).specific
    if not viewer.can_view(sitting):
        raise PermissionDenied("Vous ne pouvez pas lire cette séance.")
    if not permissions.abilities(by, shelf)["create_below"]:
        raise PermissionDenied(f"Vous ne pouvez pas créer de séance dans « {shelf.title} ».")
    if starts_at <= timezone.now():
        raise Refused("Une séance se prépare pour un jour à venir : choisissez une date plus tardive.")
    same = SittingPage.objects.filter(instance=sitting.instance_id, starts_at=starts_at)
    if permissions.visible_to(same, viewer).exists():
        raise Refused("Une séance de cette instance est déjà prévue à cette heure : choisissez une autre date.")
    title = f"Séance du {day(timezone.localtime(starts_at).date())}"
    made: Any = pages.create_page(
        parent=shelf,
        author=by,
        why=f"D’après « {sitting.title} »",
        page=SittingPage(
            title=title, instance=sitting.instance, sitting_kind=SittingKind.ORDINARY, starts_at=starts_at, place=place
        ),
    )
    for old in repeatable(sitting):
        if old.pk in items and viewer.can_view(old):
            bare = AgendaItemPage(
                title=old.title,
                item_kind=old.item_kind,
                comes_back=old.comes_back,
                matter=old.matter,
                behind_closed_doors=old.behind_closed_doors,
            )
            pages.create_page(parent=made, page=bare, author=by, why="Point qui revient à chaque séance")
    log(made, "council.sitting.duplicate", user=by, data={"from": sitting.title})
    return SittingPage.objects.get(pk=made.pk)


# The yearly plan.


@transaction.atomic
def put_planned(*, planned: YearlyItem, sitting: SittingPage, by: User) -> AgendaItemPage:
    """An item of the plan goes on this agenda: last year's taken up where there is one. Raises PermissionDenied, Refused."""
    sitting = _prepared(sitting, by)
    year = meeting_day(sitting).year
    if planned.instance_id != sitting.instance_id:
        raise Refused(f"Ce point est du plan de « {planned.instance} » : choisissez une de ses séances.")
    if queries.standing_uses(year).filter(planned=planned).exists():
        raise Refused(
            f"« {planned.title} » est déjà inscrit pour {year} : le plan le proposera de nouveau l’an prochain."
        )
    source = queries.last_of(planned, Viewer(by), before=sitting)
    item = resume(source=source, sitting=sitting, by=by) if source else _first_time(planned, sitting, by)
    YearlyUse.objects.update_or_create(planned=planned, year=year, defaults={"item": item})  # what it was went away
    log(sitting, "council.plan.use", user=by, data={"title": planned.title})
    return item


def _first_time(planned: YearlyItem, sitting: SittingPage, by: User) -> AgendaItemPage:
    """From the town's model of délibération, where it decides something."""
    item = AgendaItemPage(
        title=planned.title,
        item_kind=planned.item_kind,
        matter=planned.matter,
        concerns_money=planned.concerns_money,
        budget_year=meeting_day(sitting).year if planned.concerns_money else None,
    )
    model = queries.model_of_item() if planned.item_kind in DECIDED else None
    if model is not None:
        item.body = model.body
    return pages.create_page(parent=sitting, page=item, author=by, why=f"Plan annuel. {planned.article}".strip())


def _require_plan(by: User) -> None:
    if not members.may_manage(by):
        raise PermissionDenied("Seuls les responsables de la commune tiennent le plan annuel.")


@transaction.atomic
def keep_planned(*, planned: YearlyItem, by: User) -> YearlyItem:
    """A row of the plan, new or changed. Raises PermissionDenied, ValidationError."""
    _require_plan(by)
    planned.full_clean()
    planned.save()
    log(planned, "council.plan.keep", user=by, data={"title": planned.title, "month": planned.month})
    return planned
