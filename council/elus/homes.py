"""« Accueil » leads an élu to his own home."""

from typing import Any

from django.core.cache import cache
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from council.elus.queries import accounts_in_office
from council.members.models import Mandate
from kb.pages.homes import gives_homes
from kb.permissions import Viewer

KEY = "council.elus.accounts"
KEPT_FOR = 60  # seconds: it is asked at every screen


@gives_homes
def elu_home(viewer: Viewer) -> str:
    """For who holds a mandate in office; not for who looks with his eyes, from whom his answers are hidden."""
    mine = viewer.signed_in and not viewer.looker and holds_a_mandate(viewer.user)
    return reverse("elu_home") if mine else ""


def holds_a_mandate(person: Any) -> bool:
    """Whether the person sits somewhere, as known a minute ago at most."""
    known: frozenset[int] | None = cache.get(KEY)
    if known is None:
        known = accounts_in_office(timezone.localdate())
        cache.set(KEY, known, KEPT_FOR)
    return person.pk in known


@receiver(post_save, sender=Mandate)
def mandates_changed(sender: Any, **kwargs: Any) -> None:
    """Somebody comes or leaves."""
    cache.delete(KEY)
