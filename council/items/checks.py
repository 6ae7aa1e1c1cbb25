"""Advice on an item before it is submitted: what was taken from an earlier year and not looked at since."""

from collections.abc import Iterator
from typing import Any

from council.agenda.enums import DECIDED
from council.agenda.models import AgendaItemPage
from council.items.figures import MARK, remaining
from council.items.models import AnnexToRenew
from kb.moderation.checks import Advice, adds, rich_texts
from kb.typography import count


def marks_left(item: Any) -> int:
    """How many old figures of an item wait to be looked at."""
    return sum(remaining(text) for text in (item.summary, item.note, *rich_texts(item)))


@adds
def taken_up(page: Any, person: Any) -> Iterator[Advice]:
    """Old figures and old annexes."""
    if not isinstance(page, AgendaItemPage):
        return
    left = marks_left(page)
    if left:
        yield Advice(
            f"{count(left, 'chiffre repris', 'chiffres repris')} d’une année passée : à vérifier.",
            "Une année ou un montant d’hier dans une délibération d’aujourd’hui peut la faire annuler.",
            f"Corrigez chaque chiffre suivi de « {MARK} », puis effacez la mention.",
        )
    old = AnnexToRenew.objects.filter(resumption=page.pk, settled_at=None).values_list("title", flat=True)
    if old:
        yield Advice(
            f"{count(len(old), 'annexe', 'annexes')} à renouveler.",
            "Le point repris les portait, et n’en a gardé aucune.",
            "Joignez celle de cette année, puis notez-la réglée sur la page du point.",
            tuple(f"« {title} »" for title in old),
        )


@adds
def without_matter(page: Any, person: Any) -> Iterator[Advice]:
    """An act goes to the préfecture under its matière."""
    if isinstance(page, AgendaItemPage) and page.item_kind in DECIDED and not page.matter:
        yield Advice(
            "Le point n’a pas de matière.",
            "L’acte part au contrôle de légalité sous une matière de la nomenclature @CTES.",
            "Choisissez-la dans l’onglet « Le point ».",
        )
