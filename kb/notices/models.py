"""Mail: one letter to one person, kept; its state says whether it left."""

from typing import ClassVar

from django.conf import settings
from django.db import models

# What each kind of letter says, as an administrator reads it (kb.notices.letters holds who writes it).
KINDS = {
    "link": "Lien envoyé",
    "access_request": "Demande d’accès",
    "access_answer": "Réponse à une demande d’accès",
    "sign_in_code": "Code pour entrer",
    "review_asked": "Brouillon à valider",
    "review_outcome": "Suite donnée à un brouillon",
}


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting", "À envoyer"
    SENT = "sent", "Envoyé"  # handed to the town's mail server
    WITHHELD = "withheld", "Non envoyé"  # the person lost the right, or has no address: `reason` says it


class Mail(models.Model):
    """A letter. Its words are written at the sending, from what the person may then see."""

    kind = models.CharField("sorte", max_length=40)  # a name of kb.notices.letters
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="à")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="de la part de"
    )
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, null=True, related_name="+", verbose_name="page")
    document = models.ForeignKey("kb.Document", models.PROTECT, null=True, related_name="+", verbose_name="document")
    words = models.TextField("mot joint", blank=True, max_length=1000)
    data = models.JSONField(default=dict)
    state = models.CharField("état", max_length=8, choices=MailState, default=MailState.WAITING)
    reason = models.CharField("raison", max_length=200, blank=True)
    written_at = models.DateTimeField("écrit le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True)

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        indexes: ClassVar = [models.Index(fields=["state", "written_at"]), models.Index(fields=["to", "-written_at"])]

    def __str__(self) -> str:
        return f"{self.label} (n°\u00a0{self.pk})"

    @property
    def label(self) -> str:
        """The kind in the words of the town."""
        return KINDS.get(self.kind, self.kind)
