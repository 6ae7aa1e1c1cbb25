"""What follows an act once it is decided: its files, what they tell of people, its sending, its publication."""

from typing import ClassVar, cast

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from council.acts.models import Correction, Deliberation
from council.agenda.models import SittingPage
from council.decisions.models import Decision
from council.members.models import Instance
from council.nomenclature import NATURES
from kb.documents import storage
from kb.documents.models import fresh_name


class Act(models.Model):
    """A délibération or a décision du maire: what both become. Its number is its public address, for ever."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="acts")
    deliberation = models.OneToOneField(Deliberation, models.PROTECT, null=True, related_name="act")
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="act")
    # Neither moves once the act is there: they order lists and make addresses.
    number = models.CharField(max_length=15, unique=True)
    decided_on = models.DateField(db_index=True)

    class Meta:
        ordering: ClassVar = ["-decided_on", "-number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deliberation__isnull=False, decision__isnull=True)
                | Q(deliberation__isnull=True, decision__isnull=False),
                name="an_act_is_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.written}"

    @property
    def source(self) -> Deliberation | Decision:
        """The délibération or the decision itself: the database holds that there is one of them."""
        return cast(Deliberation | Decision, self.deliberation or self.decision)

    @property
    def kind(self) -> str:
        """In French."""
        return "Délibération" if self.deliberation_id else "Décision du maire"

    @property
    def written(self) -> str:
        """The number as the town writes it."""
        return self.deliberation.written if self.deliberation else self.number

    @property
    def subject(self) -> str:
        """Its object, whole: for who keeps the acts. The public's is `wording.public_subject`."""
        source = self.source
        return str(source.object if isinstance(source, Deliberation) else source.subject)

    @property
    def matter(self) -> str:
        """The code of the @CTES classification, where somebody has given it."""
        return str(self.source.matter)

    @property
    def address(self) -> str:
        """The permanent public address."""
        return f"/actes/{self.number}/"


class FileRole(models.TextChoices):
    """What a file of an act is."""

    SIGNED = "signed", "Acte signé"
    PUBLIC = "public", "Version publique"  # written here, with words masked
    MASKED = "masked", "Version masquée à la main"
    ANNEX = "annex", "Pièce jointe"
    RECEIPT = "receipt", "Accusé de réception"


def act_name(instance: models.Model, file_name: str) -> str:
    """Storage name of a file of an act."""
    return fresh_name("a-", file_name)


class ActFile(models.Model):
    """The bytes of an act: never changed, never deleted; the newest of a role counts."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="files")
    role = models.CharField(max_length=8, choices=FileRole)
    file = models.FileField(upload_to=act_name, storage=storage.documents, max_length=200)
    file_name = models.CharField(max_length=255)
    mime = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    masks = models.CharField(max_length=64, blank=True)  # of a masked version: of the signed file it was made beside
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class FileText(models.Model):
    """The text of a signed file, read once; `readable` false: a picture, or nothing that we can read."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField(blank=True)
    readable = models.BooleanField()


class Choice(models.TextChoices):
    """What a person made of something personal."""

    MASKED = "masked", "Masqué"
    KEPT = "kept", "Gardé"


class Flag(models.Model):
    """Words of an act that tell of somebody: they hold the publication until a person has chosen, with a reason."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="flags")
    kind = models.CharField(
        max_length=60
    )  # a name of kb.moderation.checks.PERSONAL, or of council.publication.personal
    words = models.TextField()
    must_go = models.BooleanField(default=False)  # individual social aid cannot be kept
    found_at = models.DateTimeField(default=timezone.now)
    choice = models.CharField(max_length=6, choices=Choice, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(choice="") | (~Q(reason="") & Q(chosen_by__isnull=False)), name="a_choice_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(must_go=False) | ~Q(choice=Choice.KEPT), name="individual_social_aid_is_never_kept"
            ),
        ]


class Way(models.TextChoices):
    """How a town publishes (L2131-1)."""

    ELECTRONIC = "electronic", "Publication en ligne"
    POSTING = "posting", "Affichage"
    PAPER = "paper", "Publication sur papier"


class PublicationMode(models.Model):
    """The way chosen, from a day on, by a délibération: a row is added, never changed."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="publication_modes")
    way = models.CharField("mode de publication", max_length=10, choices=Way)
    since = models.DateField("à partir du")
    deliberation = models.CharField("délibération", max_length=60, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(way=Way.ELECTRONIC) | ~Q(deliberation=""), name="another_way_rests_on_a_deliberation"
            ),
        ]


class Identity(models.Model):
    """What names the collectivity in open data."""

    instance = models.OneToOneField(Instance, models.PROTECT, related_name="identity", primary_key=True)
    siret = models.CharField("SIRET", max_length=14)
    prefecture = models.CharField("préfecture", max_length=9, blank=True)  # PREF008, SPREF0082


class Publication(models.Model):
    """An act made public: who, when, which bytes. Taken down, the row stays."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="publications")
    way = models.CharField(max_length=10, choices=Way)
    author = models.CharField(max_length=200)  # who signed the act, as the public reads it (R2131-1)
    signed_sha256 = models.CharField(max_length=64)
    # What the public downloads: the signed bytes themselves, or their masked version.
    file_name = models.CharField(max_length=200)  # in the storage
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    subject = models.CharField(max_length=500)  # as the public reads it
    masked = models.BooleanField()
    named = models.BooleanField()  # private persons are named in it, or were: no search engine
    up_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    down_on = models.DateField(null=True)
    down_why = models.CharField(max_length=300, blank=True)
    down_at = models.DateTimeField(null=True)
    down_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-up_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["act"], condition=Q(down_at__isnull=True), name="an_act_is_published_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(down_on__isnull=True) | Q(down_on__gte=F("up_on")), name="what_goes_down_went_up"
            ),
        ]


class SittingPaper(models.TextChoices):
    """A paper of a whole sitting that is put online (L2121-25, L2121-15), by the word of its address."""

    LIST = "liste", "Liste des délibérations"
    MINUTES = "proces-verbal", "Procès-verbal"


class PublicPaper(models.Model):
    """Its bytes, as the public has them or had them: never changed, never deleted; the one that nothing replaced counts."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="public_papers")
    paper = models.CharField(max_length=13, choices=SittingPaper)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sitting", "paper"],
                condition=Q(replaced_at__isnull=True),
                name="a_paper_is_online_once_at_a_time",
            ),
        ]

    @property
    def address(self) -> str:
        """The permanent public address."""
        return f"/actes/seances/{self.sitting_id}/{self.paper}.pdf"


class SendingWay(models.TextChoices):
    """How an act goes to the préfet."""

    ELECTRONIC = "electronic", "Télétransmission"
    PAPER = "paper", "Papier, avec bordereau"
    NONE = "none", "Non soumis à transmission (art. L2131-2)"


class Sending(models.Model):
    """What is known of an act's way to the préfet, the first time and the next."""

    way = models.CharField("envoi", max_length=10, choices=SendingWay)
    received_on = models.DateField("reçu le", null=True)
    receipt_number = models.CharField("numéro de l’accusé de réception", max_length=80, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Transmission(Sending):
    """Where an act stands with the préfet (L2131-1, L2131-2)."""

    act = models.OneToOneField(Act, models.PROTECT, related_name="transmission", primary_key=True)
    nature = models.CharField(
        max_length=1, choices=[(code, words) for code, (_, words) in NATURES.items()], default="1"
    )
    sent_on = models.DateField("envoyé le", null=True)
    # The last correction of the text that left: any later one is for the préfet to have too.
    carries = models.ForeignKey(Correction, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(sent_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                name="what_is_received_was_sent",
            ),
        ]


class Resending(Sending):
    """A corrected act that goes to the préfet again. Its first sending, from which it is exécutoire, stays as it is."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="resendings")
    carries = models.ForeignKey(Correction, models.PROTECT, related_name="+")
    sent_on = models.DateField("envoyé le")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "carries"], name="a_correction_is_sent_once"),
            models.CheckConstraint(condition=~Q(way=SendingWay.NONE), name="what_is_sent_again_was_sent"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                name="what_is_received_again_was_sent",
            ),
        ]
