"""Town, and the accounts of its people."""

from django.conf import settings
from django.db import models

from kb.people.account import People as People
from kb.people.account import User as User


class Town(models.Model):
    """The one town of this installation. Its name is the title of its HomePage, kept here for mails and PDF."""

    name = models.CharField("nom de la commune", max_length=120)
    phone = models.CharField("téléphone de la mairie", max_length=30, blank=True)
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

    @classmethod
    def current(cls) -> "Town":
        """The town, or an unsaved nameless one while none is founded."""
        return cls.objects.first() or cls(pk=1, name="Séance tenante")


class AdministratorReading(models.Model):
    """A page that an administrator opened by his passage and not by a right of his own (issue B fills it)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    path = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["page", "at"])]
