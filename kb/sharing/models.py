"""AccessRequest: somebody asks to read a page; one of its responsables answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Answer(models.TextChoices):
    """What became of a request."""

    WAITING = "waiting", "En attente"
    GIVEN = "given", "Accordée"
    REFUSED = "refused", "Refusée"


class AccessRequest(models.Model):
    """« Demander l’accès » to one page. Kept when answered, with who, when and until when."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="access_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="qui demande")
    # Who asks in the person's name, having found out that he could not open a link; else nobody.
    passed_on_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField("pourquoi", max_length=300, blank=True)
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    answer = models.CharField("réponse", max_length=8, choices=Answer, default=Answer.WAITING)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("répondu le", null=True)
    answer_words = models.CharField("mot de réponse", max_length=300, blank=True)
    grant = models.ForeignKey("kb.Grant", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "demande d’accès"
        verbose_name_plural = "demandes d’accès"
        constraints: ClassVar = [
            # Asked twice, it waits once.
            models.UniqueConstraint(
                fields=["page", "person"], condition=Q(answer="waiting"), name="one_waiting_request_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} : {self.page}"
