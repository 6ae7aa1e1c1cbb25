"""Town, and the accounts of its people."""

from django.conf import settings
from django.core.cache import cache
from django.db import models

from kb.documents import storage
from kb.documents.models import fresh_name
from kb.people.account import People as People
from kb.people.account import User as User


def emblem_name(instance: models.Model, file_name: str) -> str:
    """Storage name of the town's emblem."""
    return fresh_name("b-", file_name)


class Town(models.Model):
    """The one town of this installation. Its name is the title of its HomePage, kept here for mails and PDF."""

    name = models.CharField("nom de la commune", max_length=120)
    phone = models.CharField("téléphone de la mairie", max_length=30, blank=True)
    address = models.CharField("adresse de la mairie", max_length=200, blank=True)
    emblem = models.FileField(
        "emblème", upload_to=emblem_name, storage=storage.images, blank=True, max_length=200, editable=False
    )
    emblem_mime = models.CharField(max_length=40, blank=True, editable=False)
    is_demo = models.BooleanField("commune de démonstration", default=False, editable=False)

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "commune"
        constraints = [
            # One town, one installation.
            models.CheckConstraint(condition=models.Q(id=1), name="only_one_town"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def emblem_url(self) -> str:
        """Where the emblem is served; another emblem has another address. Empty: the product's own is shown."""
        return f"/commune/embleme/?v={str(self.emblem.name)[-12:]}" if self.emblem else ""

    @classmethod
    def current(cls) -> "Town":
        """The town, or an unsaved nameless one while none is founded."""
        return cls.objects.first() or cls(pk=1, name="Séance tenante")


FACTS = "town-facts"  # what every screen says of the town, kept a minute


def name_town(name: str) -> None:
    """The town is called as its home page, in mails and exports too."""
    if Town.objects.exclude(name=name[:120]).update(name=name[:120]):
        cache.delete(FACTS)


class AdministratorReading(models.Model):
    """A page that an administrator opened by his passage and not by a right of his own (issue B fills it)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    path = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["page", "at"])]
