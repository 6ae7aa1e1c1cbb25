"""What makes an act: a délibération numbered, a decision taken; and what the acts of a sitting ask of this room."""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from council.acts.models import Deliberation
from council.acts.registries import ByDelegation, Life, masks, tells_decisions, tells_lives
from council.agenda.models import SittingPage
from council.decisions.models import Decision
from council.decisions.operations import decision_taken
from council.decisions.queries import reported_to
from council.publication import operations, queries, steps, wording
from council.publication.models import Act, Publication, Transmission
from kb.refusals import Refused


@receiver(post_save, sender=Deliberation)
def numbered(sender: Any, instance: Deliberation, created: bool, **kwargs: Any) -> None:
    """In the transaction that numbers it."""
    if created:
        operations.take_up(deliberation=instance)


@receiver(decision_taken)
def taken(sender: Any, decision: Decision, **kwargs: Any) -> None:
    """In the transaction that takes it."""
    operations.take_up(decision=decision)


@receiver(post_save, sender=Transmission)
def received(sender: Any, instance: Transmission, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction that notes it."""
    if not raw and instance.act.deliberation is not None:
        steps.note_received(instance.act.deliberation.sitting, by=instance.noted_by)


@receiver(post_save, sender=Publication)
def published(sender: Any, instance: Publication, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction that publishes it."""
    if created and not raw and instance.act.deliberation is not None:
        steps.note_published(instance.act.deliberation.sitting, by=instance.by)


@tells_lives
def life(deliberation: Deliberation) -> Life:
    """When it was transmitted and published."""
    act = Act.objects.filter(deliberation=deliberation).first()
    if act is None:
        return Life()
    sent, first = queries.transmission_of(act), act.publications.order_by("up_on").first()
    return Life(
        transmitted_on=sent.received_on if sent else None,
        receipt=sent.receipt_number if sent else "",
        published_on=first.up_on if first else None,
        how=HOW[first.way] if first else "",
    )


HOW = {"electronic": "en ligne", "posting": "affichée", "paper": "publiée sur papier"}


@masks
def masked(sitting: SittingPage, html: str) -> str:
    """What is masked in an act is masked in the procès-verbal that cites it; so is what its debates alone tell of people.

    Raises Refused while a choice waits in an act.
    """
    found = Act.objects.filter(deliberation__sitting=sitting).select_related("deliberation").prefetch_related("flags")
    acts = list(found.order_by("number"))
    said = "".join(wording.words_in(html).split())
    waiting = [act for act in acts if any("".join(one.split()) in said for one in operations.undecided_words(act))]
    if waiting:
        names = ", ".join(act.written for act in waiting)
        raise Refused(
            "Ce papier reprend des données personnelles que personne n’a encore masquées ni gardées. Sur la fiche de "
            f"chaque acte ({names}), une fois l’acte signé déposé, choisissez pour chaque passage, puis publiez-le."
        )
    flags = [flag for act in acts for flag in act.flags.all()]
    return wording.masked_minutes(html, flags)


@tells_decisions
def decisions(sitting: SittingPage, person: Any) -> Iterable[ByDelegation]:
    """What the maire reports at a sitting, for who may read it."""
    return [ByDelegation(one.number or "", one.taken_on, one.subject) for one in reported_to(sitting, person)]
