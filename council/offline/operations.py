"""Deeds on private notes. They are written in no log: that somebody writes about an item is his own business."""

import base64
import binascii
import re
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from council.agenda.models import AgendaItemPage
from council.offline import queries
from council.offline.models import LONGEST, PrivateNote
from kb.people.account import User
from kb.permissions import Viewer
from kb.refusals import Refused

KEY = re.compile(r"[0-9a-f]{16}")
SHORTEST = 12 + 16 + 1  # bytes: the nonce, the tag, and a letter
MOST = 500  # notes of one person on one item


@transaction.atomic
def keep_note(
    *, item: AgendaItemPage, client_id: UUID, key_id: str, sealed: str, written_at: datetime, by: User
) -> PrivateNote:
    """What the device encrypted, kept as it is. Sent twice it is one note, and the first stands.

    Raises PermissionDenied, Refused.
    """
    _require(item, by)
    known = PrivateNote.objects.filter(person=by.pk, client_id=client_id).first()
    if known is not None:
        return known
    if not KEY.fullmatch(key_id) or not _is_sealed(sealed):
        raise Refused("Cette note n’est pas chiffrée, ou elle est trop longue : coupez-la en deux, puis gardez-la.")
    if queries.notes_of(by, item.pk).count() >= MOST:
        raise Refused("Ce point porte déjà cinq cents de vos notes : retirez-en une, puis gardez celle-ci.")
    values = {"item": item, "key_id": key_id, "sealed": sealed, "written_at": min(written_at, timezone.now())}
    return PrivateNote.objects.get_or_create(person=by, client_id=client_id, defaults=values)[0]


def _is_sealed(sealed: str) -> bool:
    """Whether this is base64 long enough to be a nonce, words and their tag: what it says, nobody here can tell."""
    if len(sealed) > LONGEST:
        return False
    try:
        return len(base64.b64decode(sealed, validate=True)) >= SHORTEST
    except (binascii.Error, ValueError):
        return False


@transaction.atomic
def take_back_note(*, item: AgendaItemPage, client_id: UUID, by: User) -> None:
    """The person's own note leaves his screens, and its words the base. Twice is once."""
    _require(item, by)
    own = PrivateNote.objects.filter(person=by.pk, item=item.pk, client_id=client_id, removed_at=None)
    own.update(removed_at=timezone.now(), sealed="")


def _require(item: AgendaItemPage, by: User) -> None:
    if queries.item_with_notes(Viewer.of(by), item.pk) is None:
        raise PermissionDenied("Vous n’écrivez de notes que sur un point convoqué que vous lisez.")
