"""Grants (droits) and boundaries (accès réservés): the whole matrix, from which every right is computed."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kb.pages.models import TeamMember


class Role(models.IntegerChoices):
    """What a grant gives on a page and all below it. A role includes the lower ones, the moderator's set apart."""

    READER = 10, "lecteur"
    COMMENTER = 20, "commentateur"
    MODERATOR = 25, "modérateur"  # reads and comments, edits and publishes what is submitted; stands beside a role
    EDITOR = 30, "éditeur"
    MANAGER = 40, "responsable"


NO_ROLE = "aucun"


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, those in force, those of one person."""

    def in_force(self) -> "GrantQuerySet":
        """Neither ended nor past their last day."""
        return self.filter(Q(ended_at=None) & (Q(until=None) | Q(until__gte=timezone.localdate())))

    def of(self, person: Any) -> "GrantQuerySet":
        """What `person` (a User, or nobody signed in) holds by himself, by a group, by a team or with the public."""
        held = Q(public=True)
        if person is not None and person.is_authenticated and person.is_active:
            groups = Group.user_set.through.objects.filter(user=person.pk).values("group")
            teams = TeamMember.objects.filter(person=person.pk).values("page")
            held |= Q(person=person.pk) | Q(group__in=groups) | Q(team__in=teams)
        return self.filter(held)


class Grant(models.Model):
    """A role on a page and all below it, for a group, a person, the team of a project, or the public.

    A row is never erased: ended, it keeps who ended it, when and why. The right lasts through `until`.
    """

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="grants", verbose_name="page")
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="groupe"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name="personne",
    )
    team = models.ForeignKey(
        "kb.ProjectPage",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="team_grants",
        verbose_name="équipe du projet",
    )
    public = models.BooleanField("le public", default=False)
    role = models.PositiveSmallIntegerField("rôle", choices=Role)
    until = models.DateField("jusqu’au", null=True, blank=True)
    why = models.CharField("raison", max_length=200, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="donné par"
    )
    given_at = models.DateTimeField("donné le", auto_now_add=True)
    ended_at = models.DateTimeField("retiré le", null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="retiré par"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "droit"
        verbose_name_plural = "droits"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(group__isnull=False, person=None, team=None, public=False)
                    | Q(group=None, person__isnull=False, team=None, public=False)
                    | Q(group=None, person=None, team__isnull=False, public=False)
                    | Q(group=None, person=None, team=None, public=True)
                ),
                name="a_grant_has_one_grantee",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="a_grant_gives_a_known_role"),
            models.CheckConstraint(
                condition=Q(public=False) | Q(role=Role.READER),
                name="the_public_only_reads",
                violation_error_message="Le public ne peut être que lecteur.",
            ),
            # Two responsables who act at once cannot double a right: one role, and beside it one moderator's.
            *(
                models.UniqueConstraint(
                    fields=["page", *([] if grantee == "public" else [grantee])],
                    condition=Q(ended_at=None, role=Role.MODERATOR)
                    if beside
                    else Q(
                        ended_at=None, **({"public": True} if grantee == "public" else {f"{grantee}__isnull": False})
                    )
                    & ~Q(role=Role.MODERATOR),
                    name=f"one_{'moderation' if beside else 'role'}_per_{grantee}",
                )
                for grantee in ("group", "person", "team", "public")
                for beside in (False, True)
                if not (beside and grantee == "public")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["page", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.grantee_label} : {self.get_role_display()}"

    @property
    def grantee_label(self) -> str:
        """Who holds it, in words: « le groupe Finances », « Sylvie Roussillon », « l’équipe de … », « le public »."""
        if self.public:
            return "le public"
        if self.person_id:
            return str(self.person)
        if self.group_id:
            return f"le groupe {self.group}"
        if hasattr(self.team, "trashed"):
            return "l’équipe d’un projet mis à la corbeille"
        return f"l’équipe de «\u00a0{self.team}\u00a0»"


class Boundary(models.Model):
    """An « accès réservé »: nothing given above this page counts on it or below."""

    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, primary_key=True, related_name="boundary")
    reserved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reserved_at = models.DateTimeField("réservé le", auto_now_add=True)
    why = models.CharField("raison", max_length=200, blank=True)

    class Meta:
        verbose_name = "accès réservé"
        verbose_name_plural = "accès réservés"


class Inheritance(models.Model):
    """What is given on `source` counts on `page`. Derived: see kb.access.inheritance."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "source"], name="one_row_per_source"),
        ]
