"""What stands on a calendar beside the sittings held here: meetings of outside instances, and the addresses of feeds."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page

from council.agenda.models import check_hour
from council.members.models import Instance
from kb.pages.knowledge import KnowledgePage


class OutsideMeetingPage(KnowledgePage):
    """A meeting of the communauté or of a syndicat: its convocation, note and PV are attached, nothing of it is computed."""

    parent_page_types: ClassVar = ["kb.HomePage", "kb.FolderPage"]
    subpage_types: ClassVar[list[str]] = []
    is_creatable = True
    own_template = "council/calendars/outside.html"
    told_fields: ClassVar = ("starts_at", "place")

    instance = models.ForeignKey(
        Instance,
        models.PROTECT,
        related_name="outside_meetings",
        limit_choices_to={"outside": True},
        verbose_name="instance extérieure",
    )
    starts_at = models.DateTimeField("jour et heure")
    place = models.CharField("lieu", max_length=160, blank=True)
    called_off = models.BooleanField(
        "annulée", default=False, help_text="Les calendriers qui suivent cette instance la montrent annulée."
    )

    own_panels: ClassVar = [
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("place")]),
        FieldRowPanel([FieldPanel("instance"), FieldPanel("called_off")]),
    ]

    class Meta:
        verbose_name = "réunion extérieure"

    def clean(self) -> None:
        """At an hour that calendars know."""
        super().clean()
        check_hour(self.starts_at)

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Where the town has noted an outside instance: without one, its form could not be filled."""
        return bool(super().can_create_at(parent)) and Instance.objects.filter(outside=True).exists()


class CalendarAddress(models.Model):
    """The private address of a feed: whoever has it reads it, so its token is kept as a hash and shown once."""

    wagtail_reference_index_ignore = True  # « usages » would tell who reads what where

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_addresses")
    instance = models.ForeignKey(Instance, models.PROTECT, null=True, related_name="+")  # None: all of the person's
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "instance"], condition=Q(ended_at__isnull=True), name="one_address_of_an_instance"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True, instance__isnull=True), name="one_address_of_all"
            ),
        ]
