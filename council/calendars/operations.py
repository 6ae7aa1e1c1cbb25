"""Deeds on the addresses of feeds: each is one transaction, checks the right, changes, logs."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.calendars import queries
from council.calendars.models import CalendarAddress
from council.members.models import Instance
from kb.people.models import User
from kb.permissions import Viewer


@transaction.atomic
def make_address(*, by: User, instance: Instance | None = None) -> str:
    """A fresh token for the person's calendar (of one instance, or of all of his); the former one stops. Shown once.

    Raises PermissionDenied for who follows no such instance.
    """
    followed = queries.followed_by(Viewer.of(by))
    if not (followed.filter(pk=instance.pk) if instance else followed).exists():
        raise PermissionDenied("Seuls les membres d’une instance, et qui prépare ses séances, ont son calendrier.")
    User.objects.select_for_update().get(pk=by.pk)  # two clicks at once make two addresses, one after the other
    _end(by, instance)
    token = secrets.token_urlsafe(32)
    CalendarAddress.objects.create(person_id=by.pk, instance=instance, token_hash=queries.hashed(token))
    log(by, "council.calendar.address", user=by, data={"of": str(instance or "")})
    return token


@transaction.atomic
def end_address(*, by: User, instance: Instance | None = None) -> None:
    """The person's address serves nothing more; ended twice, it was ended once."""
    if _end(by, instance):
        log(by, "council.calendar.end", user=by, data={"of": str(instance or "")})


def _end(person: Any, instance: Instance | None) -> int:
    rows = CalendarAddress.objects.filter(person=person.pk, instance=instance, ended_at=None)
    return rows.update(ended_at=timezone.now())
