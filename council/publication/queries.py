"""Reads of acts: who keeps them, where each stands, what the public has."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from council import clock
from council.acts.models import Correction, Deliberation
from council.acts.queries import Reach
from council.agenda.models import AgendaItemPage, SittingPage
from council.decisions.queries import keeps, kept_by
from council.members.models import Instance
from council.publication.models import (
    Act,
    Flag,
    Publication,
    PublicationMode,
    Resending,
    SendingWay,
    Transmission,
    Way,
)
from council.rules import COMMUNES
from kb import permissions
from kb.permissions import Viewer
from kb.typography import day

Row = dict[str, Any]
REPLACED = "Remplacé par sa version corrigée"
NEVER_PUBLIC = frozenset({"ccas", "commission"})  # L133-5 CASF; a commission decides nothing


# Who.


SEALED = "affaire réservée"  # all that is said of an act of an item closed to who keeps the register


def numbers_kept_by(person: Any) -> QuerySet[Act]:
    """The acts of the register that the person keeps: those of an item that he may not read have a number, and no more."""
    viewer = Viewer.of(person)
    if not viewer.signed_in or viewer.looker:
        return Act.objects.none()
    sittings = SittingPage.objects.filter(viewer.managed()).order_by().values("pk")
    return Act.objects.filter(
        Q(deliberation__isnull=True, instance__in=kept_by(viewer)) | Q(deliberation__sitting__in=sittings)
    )


def acts_kept_by(person: Any) -> QuerySet[Act]:
    """Of these, those that he signs, sends, publishes and follows: he reads their items."""
    items = permissions.visible_to(AgendaItemPage.objects.all(), person).order_by().values("pk")
    return numbers_kept_by(person).filter(Q(deliberation__isnull=True) | Q(deliberation__item__in=items))


def kept_among(person: Any, acts: Iterable[int]) -> frozenset[int]:
    """Of these acts, by their ids, those that the person keeps. One query, and what his rights ask."""
    wanted = list(acts)
    return frozenset(acts_kept_by(person).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else frozenset()


def kept_within(reach: Reach) -> QuerySet[Act]:
    """The same, from what is known of the person."""
    decisions = Q(deliberation__isnull=True, instance__in=reach.registers)
    return Act.objects.filter(decisions | _kept_deliberations(reach))


def _kept_deliberations(reach: Reach) -> Q:
    return Q(deliberation__sitting__in=reach.kept) & ~Q(deliberation__item__in=reach.sealed)


def read_within(reach: Reach) -> QuerySet[Act]:
    """The acts whose words a person reads as they were decided: he keeps them, or sits there."""
    decisions = Q(deliberation__isnull=True, instance__in=reach.registers | reach.seats)
    return Act.objects.filter(decisions | Q(deliberation__sitting__in=reach.sat) | _kept_deliberations(reach))


def may_keep(person: Any, act: Act) -> bool:
    """Whether the person sends and publishes this act: responsable of its sitting who reads its item, or who keeps the
    decisions.
    """
    viewer = Viewer.of(person)
    if not viewer.signed_in or viewer.looker:
        return False
    if act.deliberation is not None:
        manages = permissions.abilities(viewer, act.deliberation.sitting)["publish"]
        return manages and viewer.knows(act.deliberation.item_id)
    return keeps(viewer, act.instance)


def with_source(acts: QuerySet[Act]) -> QuerySet[Act]:
    """With what a line of a list needs."""
    standing = Publication.objects.filter(down_at=None)
    return (
        acts.annotate(first_up_on=Subquery(_first_days().filter(act=OuterRef("pk"))[:1]))
        .select_related("instance", "deliberation__sitting", "decision__signer", "transmission")
        .prefetch_related(
            Prefetch("publications", queryset=standing, to_attr="standing"),
            "flags",
            "files",
            "deliberation__signed_copies",
            "deliberation__corrections",
            "resendings",
        )
    )


# How a town publishes.


def may_choose_way(instance: Instance, on: date) -> bool:
    """Under 3,500 inhabitants the council may choose posting or paper (L2131-1)."""
    law = instance.in_law(on)
    return law is not None and law.rule("publication_choice", on) is not None


def mode_of(instance: Instance, on: date) -> PublicationMode:
    """The mode in force; electronic where nothing was chosen."""
    found = instance.publication_modes.filter(since__lte=on).first()
    return found or PublicationMode(instance=instance, way=Way.ELECTRONIC, since=on)


def mode_line(mode: PublicationMode) -> str:
    """« Affichage, par la délibération 2026-03-02, depuis le 1er juillet 2026 »."""
    if mode.pk is None:
        return "Publication en ligne, la règle quand le conseil n’a rien choisi (art. L2131-1)"
    by = f", par la délibération {mode.deliberation}" if mode.deliberation else ""
    return f"{mode.get_way_display()}{by}, depuis le {day(mode.since)}"


def last_day_up(publication: Publication) -> date:
    """Until when it stays at least (R2131-1)."""
    law = publication.act.instance.in_law(publication.up_on)
    row = law.rule("publication_months", publication.up_on) if law else None
    return clock.months_after(publication.up_on, int(row.value) if row else 2)


# Where an act stands.


def standing_publication(act: Act) -> Publication | None:
    """The one that the public has."""
    known: list[Publication] | None = getattr(act, "standing", None)
    if known is not None:
        return known[0] if known else None
    return act.publications.filter(down_at=None).first()


def last_correction(act: Act) -> Correction | None:
    """The last dated act on its words; a decision once taken has none."""
    return (
        max(act.deliberation.corrections.all(), key=lambda one: (one.at, one.pk), default=None)
        if act.deliberation
        else None
    )


def unpublished_correction(act: Act) -> Correction | None:
    """What was corrected since the public has it: the public still reads what was published."""
    publication, correction = standing_publication(act), last_correction(act)
    return correction if publication and correction and correction.at > publication.at else None


def as_published(publication: Publication) -> Deliberation:
    """The délibération as it stood when the public had it: a correction is not public before it is published. Unsaved."""
    found = publication.act.deliberation
    assert found is not None
    stood = copy(found)
    for correction in sorted(found.corrections.all(), key=lambda one: (one.at, one.pk), reverse=True):
        if correction.at > publication.at:
            for name, value in correction.before.items():
                setattr(stood, name, value)
    return stood


def transmission_of(act: Act) -> Transmission | None:
    """Where it stands with the préfet."""
    return Transmission.objects.filter(act=act.pk).first()


def last_sending(act: Act) -> Transmission | Resending | None:
    """The newest text that left for the préfet."""
    again = list(act.resendings.all())
    return again[-1] if again else getattr(act, "transmission", None)


def correction_to_send(act: Act) -> Correction | None:
    """What was corrected since the act left for the préfet: he has another text."""
    sent, correction = last_sending(act), last_correction(act)
    if correction is None or sent is None or sent.way == SendingWay.NONE or not (sent.sent_on or sent.received_on):
        return None
    return correction if sent.carries_id != correction.pk else None


def carried(act: Act, on: date) -> Correction | None:
    """The last correction of the text that leaves on that day."""
    found = act.deliberation.corrections.all() if act.deliberation else []
    return max(
        (one for one in found if timezone.localdate(one.at) <= on), key=lambda one: (one.at, one.pk), default=None
    )


def undecided(act: Act) -> list[Flag]:
    """What still holds the publication."""
    return [flag for flag in act.flags.all() if not flag.choice]


def enforceable_on(act: Act, transmission: Transmission | None) -> date | None:
    """Since when the act is exécutoire: published once, and received by the préfet where it must be (L2131-1).

    A correction published since moves nothing.
    """
    first = act.first_up_on if hasattr(act, "first_up_on") else _first_days().filter(act=act).first()
    if first is None or transmission is None:
        return None
    if transmission.way == SendingWay.NONE:
        return first
    return max(first, transmission.received_on) if transmission.received_on else None


def _first_days() -> QuerySet[Publication, date]:
    return Publication.objects.order_by("up_on", "pk").values_list("up_on", flat=True)


@dataclass(frozen=True)
class Standing:
    """Where an act stands, in the words and colours of a list."""

    tone: str
    icon: str
    words: str


def standing(act: Act) -> Standing:
    """The next thing to do, or what is done."""
    publication = standing_publication(act)
    if correction := unpublished_correction(act):
        return Standing("watch", "warning", f"Corrigé le {day(correction.at)} depuis sa publication")
    if publication is not None:
        if correction_to_send(act):
            return Standing("watch", "warning", "Corrigé : à transmettre au préfet")
        return Standing("done", "check", standing_words(publication))
    if undecided(act):
        return Standing("watch", "warning", "Des données personnelles attendent un choix")
    if not _has_signed(act):
        return Standing("neutral", "edit", "À signer")
    return Standing("info", "clock", "À publier")


def standing_words(publication: Publication) -> str:
    """« En ligne : 3 octobre 2026 »: what the public may know of it."""
    return f"{publication.get_way_display()} : {day(publication.up_on)}"


def _has_signed(act: Act) -> bool:
    copies = act.deliberation.signed_copies.all() if act.deliberation else []
    return any(one.role == "signed" for one in act.files.all()) or any(
        one.set_aside_at is None and one.mime == "application/pdf" for one in copies
    )


def sending_line(act: Act) -> str:
    """« Reçu par le préfet le 15 octobre 2026 (AR 008-…) », of the newest text that left; « à transmettre » once it is corrected."""
    if correction := correction_to_send(act):
        return f"Corrigé le {day(correction.at)} depuis son envoi : à transmettre de nouveau au préfet"
    sent = last_sending(act)
    line = _sent_line(sent)
    return f"Version corrigée : {line[:1].lower()}{line[1:]}" if isinstance(sent, Resending) else line


def receipts_of(act: Act) -> list[str]:
    """The numbers that the préfecture gave, the first sending's first."""
    sent = transmission_of(act)
    numbers = [sent.receipt_number if sent else "", *act.resendings.values_list("receipt_number", flat=True)]
    return [number for number in numbers if number]


def former_sendings(act: Act) -> list[str]:
    """What the préfet had before, the oldest first: a sending is never unwritten."""
    gone: list[Transmission | Resending] = [*filter(None, [getattr(act, "transmission", None)]), *act.resendings.all()]
    return [_sent_line(one) for one in (gone if correction_to_send(act) else gone[:-1])]


def _sent_line(sent: Transmission | Resending | None) -> str:
    if sent is None:
        return "À envoyer au préfet"
    if sent.way == SendingWay.NONE:
        return SendingWay.NONE.label
    if sent.received_on:
        number = f" (AR {sent.receipt_number})" if sent.receipt_number else ""
        return f"Reçu par le préfet le {day(sent.received_on)}{number}"
    return (
        f"Envoyé au préfet le {day(sent.sent_on)}, accusé de réception attendu"
        if sent.sent_on
        else "À envoyer au préfet"
    )


# What the public has.


def public() -> QuerySet[Publication]:
    """What is online now, the newest first. CCAS and commissions are in no list."""
    return (
        Publication.objects.filter(down_at=None, way=Way.ELECTRONIC, act__instance__body__in=COMMUNES | {"epci"})
        .select_related("act__instance", "act__deliberation", "act__decision")
        .order_by("-act__decided_on", "-act__number")
    )


def replaced(publication: Publication) -> QuerySet[Publication]:
    """What the public had at that address before a correction, the newest first."""
    return publication.act.publications.filter(way=Way.ELECTRONIC, down_why=REPLACED)


def told_of_replaced(publication: Publication) -> list[Publication]:
    """Those whose hash the public may have: of bytes in which words are masked since, a hash confirms a guess."""
    return [one for one in replaced(publication) if one.masked or not publication.masked]


def years_of(found: QuerySet[Publication]) -> list[int]:
    """The years that have something."""
    return [one.year for one in found.order_by().dates("act__decided_on", "year", order="DESC")]


def acts_of_sitting(person: Any, sitting: SittingPage) -> list[Row]:
    """The acts of a sitting in the order of its agenda, for who keeps them."""
    found = numbers_kept_by(person).filter(deliberation__sitting=sitting).order_by("deliberation__position")
    return [
        {
            "title": told.title,
            "url": f"/conseil/actes/{act.pk}/" if told.kept else "",
            "words": told.standing.words if told.standing else "",
        }
        for act, told in told_to(person, found)
    ]


@dataclass(frozen=True)
class Told:
    """A line of the register, as one person has it: of a sealed act, its number alone."""

    title: str
    kept: bool
    standing: Standing | None


def told_to(person: Any, numbers: QuerySet[Act]) -> list[tuple[Act, Told]]:
    """Each of these acts, which `numbers_kept_by` gave the person, with what he may be told of it."""
    viewer = Viewer.of(person)
    return [(act, _told(act, kept=_reads(viewer, act))) for act in with_source(numbers)]


def _reads(viewer: Viewer, act: Act) -> bool:
    return act.deliberation is None or viewer.knows(act.deliberation.item_id)


def _told(act: Act, *, kept: bool) -> Told:
    return Told(f"{act} : {act.subject if kept else SEALED}", kept, standing(act) if kept else None)
