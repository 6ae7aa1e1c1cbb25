"""Mail: one letter to one person. Notice: one line of his journal. Follow, MailHabits: what he wants to hear, and how."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kb.notices import rules

# What each kind of letter says, as an administrator reads it (kb.notices.letters holds who writes it).
KINDS = {
    "link": "Lien envoyé",
    "access_request": "Demande d’accès",
    "access_answer": "Réponse à une demande d’accès",
    "comment": "Question sur une page",
    "comment_answer": "Réponse à un commentaire",
    "digest": "Résumé",
    "sign_in_code": "Code pour entrer",
    "review_asked": "Brouillon à valider",
    "review_outcome": "Suite donnée à un brouillon",
}


# What a journal says beside: never mailed alone, only in a digest.
IN_DIGESTS = {"published": "Publication suivie"}


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting", "À envoyer"
    HANDING = "handing", "En cours de remise"  # its last byte is about to leave for the mail server
    SENT = "sent", "Envoyé"  # handed to the town's mail server
    UNSURE = "unsure", "Remise incertaine"  # we were stopped before its answer: never sent again by itself
    WITHHELD = "withheld", "Non envoyé"  # the person lost the right, or has no address: `reason` says it
    FAILED = "failed", "Échoué"  # the mail server refused it, or was away for two days


class Mail(models.Model):
    """A letter. Its words are written at the sending, from what the person may then see."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell who is told what of it
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
    tries = models.PositiveIntegerField("essais", default=0)
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


class Follow(models.Model):
    """What a person follows: a page, with all below it or not, or a tag. Private to that person."""

    wagtail_reference_index_ignore = True
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, null=True, related_name="+")
    below = models.BooleanField(default=False)
    tag = models.ForeignKey("taggit.Tag", models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "page"], name="one_follow_per_page"),
            models.UniqueConstraint(fields=["person", "tag"], name="one_follow_per_tag"),
            models.CheckConstraint(
                condition=Q(page__isnull=True, tag__isnull=False) | Q(page__isnull=False, tag__isnull=True),
                name="a_follow_is_of_a_page_or_of_a_tag",
            ),
        ]


class Rhythm(models.TextChoices):
    """How often a digest leaves."""

    DAILY = rules.DAILY, "Chaque jour ouvré, le matin"
    WEEKLY = rules.WEEKLY, "Chaque vendredi matin"
    NEVER = rules.NEVER, "Jamais"


class MailHabits(models.Model):
    """How a person wants to be told; without a row, or a rhythm of his own, as his groups are."""

    wagtail_reference_index_ignore = True
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_habits")
    at_once = models.BooleanField(default=True)
    rhythm = models.CharField(max_length=6, choices=Rhythm, blank=True)  # blank: what suits his groups
    last_turn = models.DateField(null=True)  # when his news were last looked at, whether a digest left or not


class Notice(models.Model):
    """One thing that a person was told. It stays in his journal; by mail it goes once at most, at once or in a digest."""

    wagtail_reference_index_ignore = True
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)  # as Mail.kind
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, null=True, related_name="+")
    document = models.ForeignKey("kb.Document", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True, max_length=1000)
    data = models.JSONField(default=dict)
    asks = models.BooleanField(default=False)  # for an act, or it answers what was asked
    always = models.BooleanField(default=False)  # the law asks to send it, whatever the person chose
    at = models.DateTimeField(default=timezone.now)
    # Of a publication: what was published, and which follow is the reason (the page itself, one above it, a tag).
    revision = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="+")
    through_page = models.ForeignKey("wagtailcore.Page", models.CASCADE, null=True, related_name="+")
    through_tag = models.ForeignKey("taggit.Tag", models.CASCADE, null=True, related_name="+")
    # The mail that said it; without one it waits for a digest.
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="notice_journal"),
            models.Index(fields=["person"], condition=Q(mail=None), name="notice_waiting"),
        ]
        constraints: ClassVar = [
            # A publication is told once, however often its job is run.
            models.UniqueConstraint(fields=["person", "revision"], name="one_notice_per_publication"),
        ]

    @property
    def label(self) -> str:
        """The kind in the words of the town."""
        return (KINDS | IN_DIGESTS).get(self.kind, self.kind)
