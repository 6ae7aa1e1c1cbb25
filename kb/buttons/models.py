"""Buttons, the devices they were pressed on, the codes asked for, and each use."""

import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

CODE_LIVES = timedelta(minutes=15)
MOST_TRIES = 5


def fresh_nonce() -> str:
    """What makes one signature unlike any other. Alone, without the site's secret key, it opens nothing."""
    return secrets.token_urlsafe(16)


class PersonalButton(models.Model):
    """A link that one person may press until it is ended, or until its last moment."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="buttons", verbose_name="personne"
    )
    opens = models.CharField("ce qu’il ouvre", max_length=200)  # « le dossier du conseil municipal du… »
    path = models.CharField("adresse", max_length=300, default="/")  # from the root of the site
    nonce = models.CharField(max_length=32, default=fresh_nonce, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    made_at = models.DateTimeField("fait le", auto_now_add=True)
    until = models.DateTimeField("jusqu’au", null=True, blank=True)
    ended_at = models.DateTimeField("retiré le", null=True)
    ended_because = models.CharField("raison", max_length=200, blank=True)

    class Meta:
        verbose_name = "bouton personnel"
        verbose_name_plural = "boutons personnels"
        indexes: ClassVar = [models.Index(fields=["person", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.person} : {self.opens}"

    @property
    def works(self) -> bool:
        """Whether it still opens anything."""
        over = self.until is not None and self.until <= timezone.now()
        return self.ended_at is None and not over and self.person.is_active


class Device(models.Model):
    """A browser where a person pressed a button, or typed a code: there, no code is asked again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64)  # SHA-256 of what its cookie holds
    first_seen = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key_hash"], name="one_device_per_person_and_key"),
        ]


class SixDigits(models.Model):
    """Six digits sent by mail, good once and for a quarter of an hour. They are derived (`tokens.digits_of`), not kept."""

    salt: ClassVar[str]  # of its kind: the digits of one kind open nothing of another
    nonce = models.CharField(max_length=32, default=fresh_nonce, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def works(self) -> bool:
        """Whether it may still be typed."""
        return self.used_at is None and self.tries < MOST_TRIES and self.made_at + CODE_LIVES > timezone.now()


class SignInCode(SixDigits):
    """The code that a new device asks for."""

    salt = "kb.buttons.code"
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    button = models.ForeignKey(PersonalButton, models.CASCADE, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-made_at"])]


class Pressed(models.TextChoices):
    """What became of one use."""

    ENTERED = "entered", "Entrée"
    CODE_SENT = "code_sent", "Code envoyé"  # a device that was not known
    ENTERED_BY_CODE = "by_code", "Entrée avec le code"
    WRONG_CODE = "wrong_code", "Code faux"
    REFUSED = "refused", "Refusée"  # the button was ended, or its time was over


class ButtonUse(models.Model):
    """One use of a button: who, when, what became of it. Where from is not kept: nothing needs it."""

    button = models.ForeignKey(PersonalButton, models.CASCADE, related_name="uses", verbose_name="bouton")
    outcome = models.CharField("devenir", max_length=10, choices=Pressed)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "usage d’un bouton"
        verbose_name_plural = "usages des boutons"
        ordering: ClassVar = ["-at", "-pk"]
