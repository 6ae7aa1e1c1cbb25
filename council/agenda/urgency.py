"""An urgent sitting opens on « Constat de l’urgence » (L2121-11, L2121-12): its reason is an item, signed with the rest."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from council.agenda import queries
from council.agenda.enums import PlaceState, SittingKind, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage, stage_of
from kb import permissions
from kb.pages import operations as pages
from kb.pages import tree
from kb.people.account import User
from kb.refusals import Refused

TITLE = "Constat de l’urgence"
SUMMARY = (
    "Le maire rend compte de l’urgence ; le conseil se prononce, et peut renvoyer tout ou partie de l’ordre du jour."
)


def constat(sitting: SittingPage) -> AgendaPlace | None:
    """Where the item stands, if it does."""
    rows = queries.placed(sitting)
    return next((row for row in rows if row.urgency and row.state == PlaceState.ON), None)


def lacks_constat(sitting: SittingPage) -> bool:
    """Whether an urgent sitting does not open on it."""
    if sitting.sitting_kind != SittingKind.URGENT:
        return False
    standing = [row for row in queries.placed(sitting) if row.state == PlaceState.ON]
    return not standing or not standing[0].urgency


def require_constat(sitting: SittingPage) -> None:
    """Raises Refused where an urgent sitting opens on anything else."""
    if lacks_constat(sitting):
        raise Refused(
            "Une séance en urgence s’ouvre par le constat de l’urgence (art. L2121-11 et L2121-12) : motivez l’urgence depuis la page de "
            "la séance, le point se place en tête."
        )


def reason_of(sitting: SittingPage) -> str:
    """Why it cannot wait, as its draft says; "" where it is not urgent."""
    found = constat(sitting)
    draft: Any = found.item.get_latest_revision_as_object() if found else None
    return str(draft.note).strip() if draft and sitting.sitting_kind == SittingKind.URGENT else ""


@transaction.atomic
def declare(*, sitting: SittingPage, reason: str, by: User) -> AgendaItemPage:
    """« Motiver l’urgence » : the first item is made, or says the new reason. Raises PermissionDenied, Refused."""
    tree.one_writer()
    sitting = SittingPage.objects.get(pk=sitting.pk)
    if not permissions.abilities(by, sitting)["edit"]:
        raise PermissionDenied(f"Vous ne pouvez pas modifier « {sitting.title} ».")
    if stage_of(sitting) != SittingState.PREPARATION:
        raise Refused("La séance est convoquée : sa raison est partie avec elle. Le maire la complète à l’ouverture.")
    if sitting.sitting_kind != SittingKind.URGENT:
        raise Refused(
            "La séance n’est pas convoquée en urgence : choisissez d’abord « Séance en urgence » sur sa page."
        )
    if not reason.strip():
        raise Refused("Écrivez pourquoi ces questions ne peuvent pas attendre : le conseil se prononcera là-dessus.")
    found = constat(sitting)
    item = _said_again(found, reason, by) if found else _made(sitting, reason, by)
    log(sitting, "council.sitting.urgency", user=by, data={"why": reason.strip()})
    return item


def _said_again(place: AgendaPlace, reason: str, by: User) -> AgendaItemPage:
    draft: AgendaItemPage = place.item.get_latest_revision_as_object()
    draft.note = reason.strip()
    pages.save_draft(page=draft, author=by, why="Raison de l’urgence")
    return draft


def _made(sitting: SittingPage, reason: str, by: User) -> AgendaItemPage:
    item: Any = pages.create_page(
        parent=sitting,
        page=AgendaItemPage(title=TITLE, summary=SUMMARY, note=reason.strip()),
        author=by,
        why="Séance en urgence",
    )
    rows = queries.placed(sitting)
    own = next(row for row in rows if row.item_id == item.pk)
    own.urgency = True
    for position, row in enumerate([own, *(row for row in rows if row is not own)], 1):
        row.position = position
        row.save()
    return item
