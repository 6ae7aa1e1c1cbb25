"""Circuits, submissions, links by mail, absences, and the town's own checklist.

Wagtail's WorkflowState and TaskState hold where a draft stands. The rows here hold what they do not.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from wagtail.locks import WorkflowLock
from wagtail.models import Page, Revision, Task, TaskState, Workflow, WorkflowState

_SALT = "kb.moderation.link"


class Step(models.TextChoices):
    """Who takes a step of a circuit (kb.moderation.reviewers finds their names in the rights matrix)."""

    SERVICE = "service", "Relecture par le service"  # the nearest responsables of the branch
    COMMUNICATION = "communication", "Validation par la communication"  # the moderators of the branch


class Preset(models.TextChoices):
    """The circuits that a town chooses from, branch by branch."""

    FULL = "full", "Relecture par le service, puis validation par la communication"
    COMMUNICATION = "communication", "Validation par la communication seule"
    SERVICE = "service", "Relecture par le service seul, sans la communication"


STEPS: dict[str, tuple[Step, ...]] = {
    Preset.FULL: (Step.SERVICE, Step.COMMUNICATION),
    Preset.COMMUNICATION: (Step.COMMUNICATION,),
    Preset.SERVICE: (Step.SERVICE,),
}


AS_A_RESPONSABLE = (
    "Ce brouillon attend d’être relu. Vous en êtes responsable : vous pouvez le changer, et il se relira alors depuis le "
    "début ; ou le publier sans attendre, ce qui reste écrit dans « À valider »."
)


class ReviewLock(WorkflowLock):
    """While a draft waits, who does not take its step does not write over it."""

    def get_message(self, user: Any) -> str | None:
        """What the editor says above the form."""
        if not self.for_user(user):
            return None if self.task.takes(user, self.object) else AS_A_RESPONSABLE
        return format_html(
            "Ce brouillon attend d’être relu : ce qui sera approuvé est exactement ce qui a été soumis. "
            'Pour le changer, <a href="{}">reprenez-le d’abord</a>.',
            f"/p/{self.object.pk}/brouillon/",
        )

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        """In the side panel."""
        return "En relecture"

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        """In the side panel."""
        return "Seul qui relit ce brouillon peut le corriger."


class ReviewTask(Task):
    """A step of a circuit. Wagtail asks it who may do what; approving itself is kb.moderation.operations'."""

    # kb's own, or one that another floor registers (kb.moderation.registry).
    step = models.CharField("étape", max_length=13, choices=Step, unique=True)

    lock_class = ReviewLock

    # Whether a person takes the step of a page, and the states that he takes. The wiring (kb.moderation.signals)
    # gives them: models know no rights.
    takes: ClassVar[Any]
    states_taken_by: ClassVar[Any]
    # What became of a step of another floor as it starts: (status, why, who), or None where it waits for somebody.
    settled: ClassVar[Any]

    class Meta:
        verbose_name = "étape de relecture"
        verbose_name_plural = "étapes de relecture"

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Wagtail's; a step that has nothing to say of this page, or was said already, is over at once, with its trace."""
        state: TaskState = super().start(workflow_state, user=user)
        found = self.settled(self.step, workflow_state)
        if found:
            state.status, state.comment, state.finished_by = found
            state.finished_at = timezone.now()
            state.save()
        return state

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Who takes the step corrects; a responsable too, and the draft then goes back to the start."""
        return not self.takes(user, obj) and not obj.permissions_for_user(user).rights["publish"]

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """None of Wagtail's: the desk has the difference before the eyes, and the deeds."""
        return []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """The states of this step that the person takes."""
        return self.states_taken_by(user).filter(task=self.pk)


class Circuit(models.Model):
    """Which preset a Wagtail workflow is."""

    preset = models.CharField("circuit", max_length=13, choices=Preset, unique=True)
    workflow = models.OneToOneField(Workflow, models.PROTECT, related_name="circuit")

    class Meta:
        verbose_name = "circuit"


class Submission(models.Model):
    """What Wagtail does not keep of a draft's way through a circuit."""

    state = models.OneToOneField(WorkflowState, models.CASCADE, related_name="submission")
    page = models.ForeignKey(Page, models.CASCADE, related_name="submissions")
    words_added = models.PositiveIntegerField("mots ajoutés", default=0)
    words_removed = models.PositiveIntegerField("mots retirés", default=0)
    trivial = models.BooleanField("sans portée", default=False)  # a few words of a live page, and nothing else
    wanted_at = models.DateTimeField("demandé pour", null=True)  # when its author would have it published
    came_back = models.BooleanField("revenu après correction", default=False)
    restarted_because = models.CharField("repris du début", max_length=200, blank=True)
    # The draft that another revision was written over, coming from elsewhere (an old version taken back).
    displaced = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    # The live page was amended, and published, under the draft that waits: the draft stays where it is.
    beside = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "soumission"


class ReviewLinkQuerySet(models.QuerySet["ReviewLink"]):
    """Links that may still act."""

    def open(self) -> "ReviewLinkQuerySet":
        """Neither used, nor revoked, nor expired."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class ReviewLink(models.Model):
    """The button of a mail: one person, one step, one revision, until a day. Its address is signed, never stored."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    task_state = models.ForeignKey(TaskState, models.CASCADE, related_name="links")
    seen = models.CharField(max_length=200)  # what the person was asked to judge: kb.moderation.queries.seen
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "bouton de courriel"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "task_state", "seen"], name="one_link_per_person_and_draft"),
        ]

    @property
    def token(self) -> str:
        """What stands in the address."""
        return signing.Signer(salt=_SALT).sign(str(self.pk))

    @classmethod
    def of_token(cls, token: str) -> "ReviewLink | None":
        """The link of an address, whatever became of it; None for a forged one."""
        try:
            pk = signing.Signer(salt=_SALT).unsign(token)
        except signing.BadSignature:
            return None
        return cls.objects.select_related("person", "task_state").filter(pk=pk).first()


class Absence(models.Model):
    """Somebody is away until a day, and says who takes his steps meanwhile.

    The deputy's right is a grant of the matrix (modérateur), with the same end: see operations.be_absent.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name="absent")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suppléant"
    )
    until = models.DateField("absent jusqu’au")
    said_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    grants = models.ManyToManyField("kb.Grant", related_name="absences")

    class Meta:
        verbose_name = "absence"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at=None), name="one_open_absence_per_person"
            ),
        ]


class ChecklistItem(models.Model):
    """A line of the town's own checklist, shown before a draft is submitted."""

    text = models.CharField("à vérifier", max_length=200)
    why = models.CharField("pourquoi", max_length=200, blank=True)
    position = models.PositiveIntegerField("ordre", default=100)

    class Meta:
        verbose_name = "point à vérifier"
        verbose_name_plural = "points à vérifier avant de soumettre"
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


def stamp(pk: int | None, at: datetime | None) -> str:
    """A revision as it stands, by its id and `created_at`: one overwritten in place since has another stamp."""
    return f"{pk}.{int(at.timestamp() * 1_000_000)}" if at else ""
