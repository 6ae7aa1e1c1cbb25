"""Reads of withdrawals: whose, from what, and what it closes."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from council.agenda.models import AgendaItemPage, SittingPage
from council.members.models import Mandate
from council.withdrawals.models import Ground, Withdrawal
from kb.typography import day

Row = dict[str, Any]
# The law in plain French: what is said beside each choice.
LAW = {
    Ground.PERSONAL: (
        "L’affaire me concerne, moi, mes proches ou une structure dont je m’occupe. Ma participation pourrait faire annuler "
        "la délibération (art.\u00a0L2131-11)."
    ),
    Ground.REPRESENTATIVE: (
        "Je siège, au nom de la commune, dans l’organisme dont il est question (art.\u00a0L1111-6). Je ne suis alors pas compté "
        "dans le quorum de ce point."
    ),
}


def of_member(item: AgendaItemPage, mandate: Mandate) -> Withdrawal | None:
    """The member's own, while it stands."""
    return item.withdrawals.filter(mandate=mandate, ended_at=None).first()


def standing(sitting: SittingPage) -> QuerySet[Withdrawal]:
    """Those of a sitting that stand, by item then in the order of the table."""
    found = sitting.withdrawals.filter(ended_at=None).select_related("mandate", "item")
    return found.order_by("item", "mandate__position", "pk")


def declared(item: int) -> QuerySet[Withdrawal]:
    """Those that stand about an item, in the order of the table."""
    found = Withdrawal.objects.filter(item=item, ended_at=None).select_related("mandate")
    return found.order_by("mandate__position", "pk")


def lines(sitting: SittingPage, item: AgendaItemPage | None = None) -> list[Row]:
    """For who manages: who takes no part in what, on what ground, and whether he was to report it. One query.

    `name_url`: where another rapporteur is named, while the sitting is to come.
    """
    to_come = sitting.starts_at > timezone.now()
    found = standing(sitting) if item is None else standing(sitting).filter(item=item)
    return [
        {
            "who": str(one.mandate),
            "ground": str(Ground(one.ground).label),
            "why": one.why,
            "on": day(one.at),
            "item": one.item.title,
            "url": f"/p/{one.item_id}/",
            "reports": (reports := one.item.rapporteur_id == one.mandate_id),
            "name_url": f"/p/{one.item_id}/correction/" if reports and to_come else "",
        }
        for one in found
    ]


def closed_to(account: int) -> frozenset[int]:
    """The items whose file this account no longer writes in, because he takes no part in them. One query."""
    today = timezone.localdate()
    found = Withdrawal.objects.filter(mandate__account=account, ended_at=None).exclude(mandate__until__lte=today)
    return frozenset(found.values_list("item", flat=True))
