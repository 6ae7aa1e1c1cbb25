"""The papers of the demo town's last sitting: what its secretary typed of the debates, the procès-verbal still a draft."""

from datetime import timedelta

from council.acts import minutes
from council.acts.models import Deliberation, Discussion
from council.agenda.models import SittingPage
from kb.people.account import User

DEBATES = {
    "Chemin des Lauzes": (
        "M. Peyrard présente l’étude de sol : le mur du tronçon 2 ne tient pas seul.\n\nM. Bressac demande pourquoi l’étude n’a pas "
        "été faite avant le marché. Mme la maire répond que le sondage n’était pas possible sans couper la route."
    ),
    "Extinction": (
        "M. Bressac craint pour la sécurité des sorties de l’Espace Jean-Moulin. M. Fauresse rappelle que les communes voisines "
        "n’ont pas noté d’incident et que l’éclairage reste allumé les soirs de fête."
    ),
}  # fmt: skip


def tell(sitting: SittingPage, *, by: User) -> None:
    """The debates, typed the next morning; the délibérations were written at the closing."""
    closed = sitting.starts_at + timedelta(minutes=112)
    Deliberation.objects.filter(sitting=sitting).update(made_at=closed)
    items = {row.item.title: row.item_id for row in sitting.places.select_related("item")}
    texts = {pk: words for title, pk in items.items() for start, words in DEBATES.items() if title.startswith(start)}
    minutes.type_discussions(sitting=sitting, texts=texts, by=by)
    Discussion.objects.filter(sitting=sitting).update(at=closed + timedelta(hours=14))
