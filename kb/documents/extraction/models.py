"""The text of files, by the SHA-256 of their bytes: two versions with the same bytes share one reading."""

from typing import ClassVar

from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import Length
from django.utils import timezone

from kb.documents.extraction.states import WAY_OUT, Reason, TextState, sentence, words


class Extraction(models.Model):
    """What came of reading some bytes. Kept for ever: recognising scans is dear."""

    sha256 = models.CharField("empreinte SHA-256", max_length=64, unique=True)
    kind = models.CharField("type", max_length=20)
    state = models.CharField("état", max_length=20, choices=TextState, default=TextState.WAITING, db_index=True)
    reason = models.CharField("raison", max_length=20, choices=Reason, default=Reason.NONE, blank=True)
    page_count = models.PositiveIntegerField("pages", null=True)  # or slides, or sheets; null: the file has none
    by_ocr = models.PositiveIntegerField("pages lues par reconnaissance", default=0)
    waiting = models.PositiveIntegerField("pages à reconnaître", default=0)
    characters = models.PositiveIntegerField("caractères", default=0)
    readers = models.CharField("lecteurs", max_length=200, blank=True)  # programs and their versions
    attempts = models.PositiveIntegerField("essais", default=0)  # starts of the first reading, also those killed
    asked_at = models.DateTimeField("demandée le", default=timezone.now)
    started_at = models.DateTimeField("commencée le", null=True)
    finished_at = models.DateTimeField("finie le", null=True)

    class Meta:
        verbose_name = "texte d’un fichier"
        verbose_name_plural = "textes des fichiers"

    def __str__(self) -> str:
        return f"{self.sha256[:12]} : {self.words}"

    @property
    def words(self) -> str:
        """The health in a few French words: « texte trouvé (12 pages) »."""
        return words(
            state=self.state,
            reason=self.reason,
            kind=self.kind,
            pages=self.page_count,
            by_ocr=self.by_ocr,
            waiting=self.waiting,
        )

    @property
    def sentence(self) -> str:
        """The health as a sentence, with the way out."""
        return sentence(self.words, WAY_OUT.get(Reason(self.reason), ""))

    def count_anew(self) -> None:
        """Counts the pages that stand in the database."""
        counts = self.texts.aggregate(
            by_ocr=Count("pk", filter=Q(by_ocr=True)),
            waiting=Count("pk", filter=Q(waiting=True)),
            characters=Sum(Length("text"), default=0),
        )
        self.by_ocr, self.waiting, self.characters = counts["by_ocr"], counts["waiting"], counts["characters"]


class ExtractedPage(models.Model):
    """The text of one page, slide or sheet; the whole text of a file that flows without pages."""

    extraction = models.ForeignKey(Extraction, models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField()  # from 1
    text = models.TextField(blank=True)
    by_ocr = models.BooleanField(default=False)
    waiting = models.BooleanField(default=False)  # a picture of text, not recognised yet

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["extraction", "number"], name="one_text_per_page"),
        ]

    def __str__(self) -> str:
        return f"{self.extraction_id}, {self.number}"
