"""The mail that convenes: the text, the agenda, the papers, the event, and the personal button."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.agenda.queries import meeting_day
from council.convening import papers
from council.convening.models import Cancellation, Convocation, Sending
from council.convening.queries import last_signature, sendings
from council.frozen.queries import announced
from council.papers import operations as dossiers
from council.papers.models import Shape
from kb.buttons import tokens
from kb.notices.letters import Attached, Later, Letter, Withheld, writes
from kb.notices.models import Mail
from kb.permissions import can_view
from kb.typography import moment, size

MB = 1024 * 1024
MADE_WITHIN = timedelta(minutes=15)  # after which the convocation leaves without its dossier


@writes("convocation", label="Convocation")
def convocation(mail: Mail) -> Letter:
    """What was frozen when the sitting was convened. Withheld from who left the council, and after the sitting."""
    found = (
        Convocation.objects.select_related("mandate__account", "button__person", "sitting__instance")
        .filter(mail=mail)
        .first()
    )
    if found is None:
        raise Withheld("La convocation n’existe pas.")
    sitting = found.sitting
    if found.mandate.until and found.mandate.until <= timezone.localdate():
        raise Withheld("Le mandat a pris fin : un membre parti n’est pas convoqué.")
    if stage_of(sitting) == SittingState.CANCELLED:
        raise Withheld("La séance est annulée.")
    if stage_of(sitting) != SittingState.CONVENED or sitting.starts_at < timezone.now():
        raise Withheld("La séance a eu lieu.")
    dossier, said = _dossier(found, mail)
    return Letter(
        subject=f"Convocation : {sitting.instance}, {moment(sitting.starts_at)}",
        kind="Convocation",
        title=f"{sitting.instance}, {moment(sitting.starts_at)}",
        paragraphs=(*_paragraphs(sitting), *said),
        button="Ouvrir le dossier de la séance",
        path=_path(found),
        why=f"Vous recevez ce courriel parce que vous siégez : {sitting.instance}. "
        "Le bouton est personnel : ne transférez pas ce courriel.",
        files=(*_files(sitting), *dossier),
    )


@writes("cancellation", label="Séance annulée")
def cancellation(mail: Mail) -> Letter:
    """A convened sitting does not take place; the event that is joined takes it out of calendars."""
    found = Cancellation.objects.select_related("sitting__instance").filter(sitting=mail.page_id).first()
    if found is None:
        raise Withheld("La séance n’est pas annulée.")
    sitting = SittingPage.objects.select_related("instance", "record").get(pk=found.sitting_id)
    if not can_view(mail.to, sitting):
        raise Withheld("La personne ne peut plus lire la séance.")
    when = moment(sitting.starts_at)
    what = "reportée" if found.moved_to_id else "annulée"
    later = "Une autre convocation vous dira sa nouvelle date." if found.moved_to_id else ""
    return Letter(
        subject=f"Séance {what} : {sitting.instance}, {when}",
        kind=f"Séance {what}",
        title=f"{sitting.instance} : la séance du {when} est {what}",
        paragraphs=tuple(line for line in (f"Raison : {found.reason}", later) if line),
        button="Ouvrir la page de la séance",
        path=f"/p/{sitting.pk}/",
        why=f"Vous recevez ce courriel parce que vous avez été convoqué : {sitting.instance}.",
        files=(
            Attached(
                f"Séance {meeting_day(sitting):%Y-%m-%d}, {what}.ics", "text/calendar", papers.invitation(sitting)
            ),
        ),
    )


def _paragraphs(sitting: SittingPage) -> tuple[str, ...]:
    signature, place = last_signature(sitting), sitting.place or sitting.instance.place
    opening = f"J’ai l’honneur de vous convoquer à la séance du {moment(sitting.starts_at)}"
    opening += f", {place}." if place else "."
    signed = (f"{signature.mandate}, {signature.quality}",) if signature else ()
    return (opening, "Ordre du jour :", *(item.line for item in announced(sitting)), *signed)


def _dossier(found: Convocation, mail: Mail) -> tuple[tuple[Attached, ...], tuple[str, ...]]:
    """The bound dossier for who asked for it in his mail, or a sentence that says why not. Raises Later while it is made."""
    if sendings([found.mandate])[found.mandate_id] != Sending.DOSSIER:
        return (), ()
    bound = dossiers.ask(sitting=found.sitting, shape=Shape.PDF, by=None)
    if not bound.file:
        if not bound.problem and timezone.now() < mail.written_at + MADE_WITHIN:
            raise Later("Le dossier en PDF se prépare.")
        return (), ("Le dossier en PDF n’a pas pu être joint : le bouton l’ouvre.",)
    if bound.file.size > settings.MAIL_DOSSIER_MB * MB:
        return (), (f"Le dossier en PDF pèse {size(bound.file.size)}, trop pour un courriel : le bouton l’ouvre.",)
    with bound.file.open("rb") as file:
        name = f"Dossier {timezone.localdate(found.sitting.starts_at).isoformat()}.pdf"
        return (Attached(name, "application/pdf", file.read()),), ()


def _path(found: Convocation) -> str:
    """The button's own; who has none that works (an administrator) signs in at the sitting's page: he is convened all the same."""
    if found.button is None or not found.button.works:
        return f"/p/{found.sitting_id}/"
    return reverse("button", args=[tokens.token_of(found.button)])


def _files(sitting: SittingPage) -> tuple[Attached, ...]:
    sent = (Attached(row.file_name, "application/pdf", bytes(row.data)) for row in papers.travelling(sitting))
    name = f"Séance {meeting_day(sitting):%Y-%m-%d}.ics"
    return (*sent, Attached(name, "text/calendar", papers.invitation(sitting)))
