"""Reads of questions: who may read which, who answers."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from council.agenda.enums import PlaceState
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage
from council.convening.queries import own
from council.members.models import Mandate
from council.questions.models import Question
from kb.permissions import Viewer, abilities
from kb.typography import moment

Row = dict[str, Any]


def sitting_of(item: AgendaItemPage) -> SittingPage | None:
    """The sitting on whose agenda the item stands; None once it left it."""
    place = AgendaPlace.objects.filter(item=item.pk, state=PlaceState.ON).select_related("sitting__instance").first()
    return place.sitting if place else None


def is_rapporteur(person: Any, item: AgendaItemPage) -> bool:
    """Whether the person reports on this item, in office today."""
    one, today = item.rapporteur, timezone.localdate()
    return one is not None and one.account_id == person.pk and (one.until is None or one.until > today)


def answers(viewer: Viewer, item: AgendaItemPage) -> bool:
    """Whether the person answers what is asked about this item: its rapporteur, and who manages the sitting."""
    if viewer.looker or not viewer.signed_in:
        return False
    return is_rapporteur(viewer.user, item) or abilities(viewer, item)["publish"]


def readable(viewer: Viewer, item: AgendaItemPage, sitting: SittingPage) -> QuerySet[Question]:
    """The questions on this item that the person reads: his own, those to all where he sits, all where he answers."""
    found = item.questions.filter(sitting=sitting).select_related("mandate", "answered_by")
    if answers(viewer, item):
        return found
    mandate = own(sitting, viewer.user) if viewer.signed_in and not viewer.looker else None
    return found.filter(of_member(mandate)) if mandate else found.none()


def of_member(mandate: Mandate) -> Q:
    """What a member of the instance reads, as a filter on questions."""
    return Q(to_all=True) | Q(mandate=mandate)


def answered_since(viewer: Viewer, mandate: Mandate, sitting: SittingPage, since: datetime) -> QuerySet[Question]:
    """What the member reads and was answered since then, by another. One query."""
    found = sitting.questions.filter(of_member(mandate), answered_at__gt=since).exclude(answered_by=viewer.user.pk)
    return found.select_related("answered_by").order_by("-answered_at", "-pk")


def lines(viewer: Viewer, item: AgendaItemPage, sitting: SittingPage) -> list[Row]:
    """As they are printed below an item. One query, beside those of the rights."""
    may = answers(viewer, item)
    return [
        {
            "id": one.pk,
            "who": str(one.mandate),
            "when": moment(one.asked_at),
            "text": one.text,
            "to_all": one.to_all,
            "answer": one.answer,
            "answered": f"{one.answered_by}, le {moment(one.answered_at)}" if one.answered_at else "",
            "url": f"/p/{item.pk}/questions/{one.pk}/" if may and not one.answered_at else "",
        }
        for one in readable(viewer, item, sitting)
    ]
