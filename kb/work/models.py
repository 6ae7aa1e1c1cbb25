"""Job and Routine: the memory of background work."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

# What each kind of work does, as an administrator reads it (kb.work.registry holds who does it).
KINDS = {
    "backup": "Sauvegarder la base et les fichiers",
    "digest": "Écrire le résumé d’une personne",
    "export": "Mettre en forme un export",
    "extraction": "Lire le texte d’un fichier",
    "feed_search": "Envoyer les changements au serveur de recherche",
    "import": "Lire un fichier importé",
    "index_texts": "Ranger le texte d’un fichier pour la recherche",
    "inheritance": "Vérifier les droits hérités",
    "mail": "Envoyer un courriel",
    "ocr": "Reconnaître le texte d’un scan",
    "orphans": "Retirer les fichiers que rien ne nomme",
    "rebuild_elasticsearch": "Refaire l’index du serveur de recherche",
    "reindex": "Refaire l’index de la recherche",
    "publish_planned": "Publier une page à l’heure prévue",
    "tell_followers": "Prévenir qui suit une page",
    "tidy_imports": "Ranger les fichiers importés",
    "thumbnail": "Faire la vignette d’un document",
    "unpublish_planned": "Retirer une page à l’heure prévue",
}


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "En attente"  # to be done, now or at `due_at`
    RUNNING = "running", "En cours"  # a worker holds it until `lease_until`
    DONE = "done", "Fait"
    FAILED = "failed", "Échoué"  # `reason` says why; a person can retry it


UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class Queue(models.TextChoices):
    """Which worker does it."""

    QUICK = "quick", "Courts"  # mail, publication, index
    SLOW = "slow", "Longs"  # extraction, PDF, backup


class Job(models.Model):
    """One thing to be done in the background. Doing it twice must change nothing."""

    kind = models.CharField("travail", max_length=40)
    payload = models.JSONField("données", default=dict)
    queue = models.CharField("file", max_length=5, choices=Queue, default=Queue.QUICK)
    key = models.CharField("clé", max_length=120, blank=True)
    state = models.CharField("état", max_length=7, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveIntegerField("essais", default=0)
    max_attempts = models.PositiveIntegerField("essais permis", default=5)
    due_at = models.DateTimeField("à faire le", default=timezone.now)
    lease_until = models.DateTimeField("pris jusqu’à", null=True)
    reason = models.TextField("raison", blank=True)
    progress_done = models.PositiveIntegerField("déjà fait", default=0)
    progress_total = models.PositiveIntegerField("à faire en tout", default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="demandé par"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    started_at = models.DateTimeField("commencé le", null=True)
    finished_at = models.DateTimeField("fini le", null=True)

    class Meta:
        verbose_name = "travail de fond"
        verbose_name_plural = "travaux de fond"
        indexes: ClassVar = [models.Index(fields=["state", "due_at"])]
        constraints: ClassVar = [
            # Asked twice before it is done, it is done once.
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state__in=UNFINISHED) & ~models.Q(key=""),
                name="one_unfinished_job_per_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} (n°\u00a0{self.pk})"

    @property
    def label(self) -> str:
        """The kind in the words of the town."""
        return KINDS.get(self.kind, self.kind)


class Routine(models.Model):
    """The last time a routine ran: a restart neither doubles nor forgets it."""

    name = models.CharField(max_length=60, unique=True)
    last_run_at = models.DateTimeField()
