"""Private notes: what the browser encrypted, which nobody here can read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from council.agenda.models import AgendaItemPage

LONGEST = 40_000  # characters of base64: some 29,000 letters, far more than a note


class PrivateNote(models.Model):
    """One note on an item, encrypted on its author's device (see docs/adr/0008-private-notes.md). Written once."""

    wagtail_reference_index_ignore = True  # « usages » of an item would tell who writes about it

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItemPage, models.PROTECT, related_name="+")
    client_id = models.UUIDField()  # drawn by the device: the same note sent twice is one note
    key_id = models.CharField(max_length=16)  # which of the person's keys opens it; tells nothing of the key
    sealed = models.TextField(
        max_length=LONGEST, blank=True
    )  # AES-GCM, base64: nonce, then words; emptied when taken back
    written_at = models.DateTimeField()  # by the device's clock
    received_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["written_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "client_id"], name="a_private_note_once"),
        ]
