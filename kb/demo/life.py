"""The life of a few pages of the demo: a note in the trash, dates of checking, one of them late, an old project archived."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Page

from kb.demo.history import History, date_entries, last_entries
from kb.life import operations as life
from kb.life.models import Archived, ReviewDate
from kb.trash import operations as trash
from kb.trash.models import Deletion

# Page, who checks it, days from the loading (past: late), months between two.
DATES = (("salle-aulnes", "patrick", -12, 12), ("engager", "sandrine", 20, 12))
ARCHIVED = ("seance-moins-4", "claire", 40, "Séance close : ses délibérations sont au registre.")
DELETED = ("passerelle-visite", "claire", 5, "Visite annulée : le compte rendu est dans la page du projet.")


def keep(history: History) -> None:
    """Each deed by the person and on the day that the town would tell."""
    for name, person, days, months in DATES:
        last, page = last_entries(), _page(history, name)
        owner = history.people[person]
        soon = timezone.localdate() + timedelta(days=max(days, 1))
        life.set_review(page=page, due=soon, owner=owner, by=owner, every_months=months)
        ReviewDate.objects.filter(page=page.pk).update(due=timezone.localdate() + timedelta(days=days))
        date_entries(last, history.when.moment(-60, f"{person} dates {name}"))
    last, at = last_entries(), history.when.moment(-ARCHIVED[2], "archive")
    archived = life.archive(page=_page(history, ARCHIVED[0]), by=history.people[ARCHIVED[1]], why=ARCHIVED[3])
    Archived.objects.filter(pk=archived.pk).update(at=at)
    date_entries(last, at)
    last, at = last_entries(), history.when.moment(-DELETED[2], "trash")
    deletion = trash.delete_page(page=_page(history, DELETED[0]), by=history.people[DELETED[1]], why=DELETED[3])
    Deletion.objects.filter(pk=deletion.pk).update(deleted_at=at)
    date_entries(last, at)


def _page(history: History, name: str) -> Page:
    found: Page = Page.objects.get(pk=history.pages[name].pk)
    return found
