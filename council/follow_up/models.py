"""What an act sets going: who does what by when, the money, the contract."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from council.publication.models import Act


class FollowUp(models.Model):
    """What is known of an act beside its tasks."""

    act = models.OneToOneField(Act, models.PROTECT, related_name="follow_up", primary_key=True)
    amount = models.DecimalField("montant", max_digits=12, decimal_places=2, null=True, blank=True)
    budget_year = models.PositiveSmallIntegerField("exercice", null=True, blank=True)
    budget_name = models.CharField("budget", max_length=120, blank=True)
    contract = models.CharField("marché, convention ou contrat", max_length=300, blank=True)
    note = models.TextField("où on en est", blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")


class Task(models.Model):
    """Something to do about an act. Done or given up, it stays with its word."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="tasks")
    what = models.CharField("à faire", max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="qui")
    service = models.CharField("service", max_length=120, blank=True)
    due = models.DateField("pour le")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)
    done_words = models.CharField(max_length=300, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reminded_on = models.DateField(null=True)  # the week before
    late_told_on = models.DateField(null=True)  # once the day has passed

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_by__isnull=False), name="who_did_a_task_is_known"
            ),
        ]
