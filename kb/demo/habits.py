"""What people of the demo keep and have read."""

from kb.demo.history import History
from kb.pages.models import Favourite, Reading, RevisionRecord

FAVOURITES = {
    "claire": ("preparer-seance", "seance-0", "projets-calendrier"), "patrick": ("ecole", "lauzes", "astreinte"),
    "sandrine": ("budget-chapitres", "ecole-financement"), "helene": ("ecole", "seance-0", "budget-chapitres"),
    "sylvie": ("ecole", "cour", "conseil-ecole"), "michel": ("plu", "reglement"), "emilie": ("cantine", "pai"),
}  # fmt: skip
# Pages read, and how many days ago: some have changed since.
READINGS = {
    "claire": {"ecole": 1, "odj-0": 7, "lauzes": 12}, "patrick": {"ecole": 2, "chauffage-ecole": 5, "commission-urba": 40},
    "sylvie": {"ecole": 25, "seance-0": 10, "conseil-ecole": 30, "cour": 50}, "helene": {"budget-chapitres": 24, "seance-0": 6, "led": 20},
    "bernard": {"budget-chapitres": 9, "tresorerie": 9}, "michel": {"plu": 80, "ecole": 60, "video": 50},
    "karim": {"mode-emploi": 90, "lauzes": 30}, "lucie": {"cantine": 14, "effectifs": 14}, "sandrine": {"engager": 3},
}  # fmt: skip


def keep(history: History) -> None:
    """Favourites and readings of a few people."""
    for person, names in FAVOURITES.items():
        for place, name in enumerate(names):
            row = Favourite.objects.create(person=history.people[person], page_id=history.pages[name].pk)
            Favourite.objects.filter(pk=row.pk).update(since=history.when.moment(-40 + 7 * place, f"{person} {name}"))
    for person, pages in READINGS.items():
        for name, age in pages.items():
            _read(history, person, name, age)


def _read(history: History, person: str, name: str, age: int) -> None:
    at = history.when.moment(-age, f"{person} reads {name}")
    seen = (
        RevisionRecord.objects.filter(page=history.pages[name].pk, published_at__lte=at)
        .order_by("-published_at")
        .first()
    )
    if seen:
        Reading.objects.create(person=history.people[person], page_id=seen.page_id, at=at, revision_id=seen.revision_id)
