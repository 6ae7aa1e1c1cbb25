"""What the index holds, in tables: entries, their passages, and the vocabulary. All of it can be made again.

The columns of tokens are what engines match; `text` is the original, from which snippets are cut.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from wagtail.models import Page

from search.memory import Fruitless, PastSearch, Synonym  # noqa: F401 - gathered for Django


class Kind(models.TextChoices):
    """What an entry is made from."""

    PAGE = "page", "Page"
    FILE = "file", "Fichier"
    ACT = "act", "Acte"  # of the council, and what follows it: see search.acts
    SHEET = "sheet", "Fiche d’essai"  # evaluate_search's collections: neither page nor file behind it


ACT_COLUMNS = ("act", "outcome", "publication", "minutes", "paper", "followed", "task")


def _of_an_act() -> models.Q:
    """One of these columns, and only one, is given."""
    found = models.Q()
    for given in ACT_COLUMNS:
        found |= models.Q(**{f"{name}__isnull": name != given for name in ACT_COLUMNS})
    return found


NO_ACT = models.Q(**{f"{name}__isnull": True for name in ACT_COLUMNS})


class Entry(models.Model):
    """One thing that a search can find: a page, a version of a document, or a paper of the council that is no page."""

    kind = models.CharField(max_length=5, choices=Kind)
    page = models.OneToOneField(Page, models.CASCADE, null=True, related_name="+")
    version = models.OneToOneField("kb.DocumentVersion", models.CASCADE, null=True, related_name="+")
    # What was decided, as who keeps it or sat there reads it, as the readers of the item do, as the public does: never the
    # same words.
    act = models.OneToOneField("council.Act", models.CASCADE, null=True, related_name="+")
    outcome = models.OneToOneField("council.Deliberation", models.CASCADE, null=True, related_name="+")
    publication = models.OneToOneField("council.Publication", models.CASCADE, null=True, related_name="+")
    minutes = models.OneToOneField("council.ProcesVerbal", models.CASCADE, null=True, related_name="+")
    paper = models.OneToOneField("council.PublicPaper", models.CASCADE, null=True, related_name="+")
    followed = models.OneToOneField("council.Act", models.CASCADE, null=True, related_name="+")  # its follow-up
    task = models.OneToOneField("council.Task", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)  # a sheet's own id
    title = models.CharField(max_length=255)
    sort = models.CharField(max_length=20, blank=True)  # the page's type, the file's, the paper's
    state = models.CharField(max_length=10, blank=True)  # a project's, or « archived »
    dated = models.DateTimeField(null=True)  # published, deposited, decided
    length = models.PositiveIntegerField(default=0)  # tokens, all passages
    fingerprint = models.CharField(max_length=32, blank=True)  # of all that was analysed
    analyzer_version = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["analyzer_version"])]
        constraints: ClassVar = [
            # A right is judged by what the entry is made from: an entry without it would have none.
            models.CheckConstraint(
                condition=(models.Q(kind=Kind.PAGE, page__isnull=False, version__isnull=True) & NO_ACT)
                | (models.Q(kind=Kind.FILE, page__isnull=True, version__isnull=False) & NO_ACT)
                | (models.Q(kind=Kind.ACT, page__isnull=True, version__isnull=True) & _of_an_act())
                | (models.Q(kind=Kind.SHEET, page__isnull=True, version__isnull=True) & NO_ACT),
                name="an_entry_is_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_kind_display()})"


class Passage(models.Model):
    """Some 1,500 characters of an entry, under one heading, of one page of a file: what is matched and shown."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="passages")
    place = models.PositiveIntegerField()
    file_page = models.PositiveIntegerField(null=True)
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    title_tokens = models.TextField()  # the entry's title, in each of its passages
    heading_tokens = models.TextField()
    body_tokens = models.TextField()
    length = models.PositiveIntegerField(default=0)  # tokens of the body

    forms: frozenset[tuple[str, str]] | None = None  # (word folded, stem), known while it is being written

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "place"], name="one_passage_per_place"),
        ]


class Term(models.Model):
    """A token of the index and the number of passages that have it: how rare it is."""

    term = models.CharField(max_length=120, primary_key=True)
    passages = models.IntegerField(default=0)


class Word(models.Model):
    """A word as it is written, folded, and its stem: what a misspelt word may have meant."""

    form = models.CharField(max_length=120, primary_key=True)
    tail = models.CharField(max_length=120, db_index=True)  # reversed: found by its end
    stem = models.CharField(max_length=120)
    passages = models.IntegerField(default=0)


class Figures(models.Model):
    """The figures of the whole index that BM25 needs. One row."""

    passages = models.BigIntegerField(default=0)
    tokens = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)


class Unfed(models.Model):
    """An entry that changed and that Elasticsearch has not yet: written with the change, gone once it is fed.

    Only where ELASTICSEARCH_URL is set. Not a foreign key: what is deleted must be taken out there too.
    """

    entry_id = models.BigIntegerField(unique=True)
    since = models.DateTimeField(default=timezone.now)
