"""The mail that convenes: the text, the agenda, the papers, the event, and the personal button."""

from django.urls import reverse
from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.agenda.queries import meeting_day
from council.convening import papers
from council.convening.models import Convocation
from council.convening.queries import last_signature
from council.frozen.queries import announced
from kb.buttons import tokens
from kb.notices.letters import Attached, Letter, Withheld, writes
from kb.notices.models import Mail
from kb.typography import day, moment


@writes("convocation", label="Convocation")
def convocation(mail: Mail) -> Letter:
    """What was frozen when the sitting was convened. Withheld from who left the council, and after the sitting."""
    found = (
        Convocation.objects.select_related("mandate", "button__person", "sitting__instance").filter(mail=mail).first()
    )
    if found is None:
        raise Withheld("La convocation n’existe pas.")
    sitting = found.sitting
    if found.mandate.until and found.mandate.until <= timezone.localdate():
        raise Withheld("Le mandat a pris fin : un membre parti n’est pas convoqué.")
    if stage_of(sitting) != SittingState.CONVENED or sitting.starts_at < timezone.now():
        raise Withheld("La séance a eu lieu.")
    return Letter(
        subject=f"Convocation : {sitting.instance}, {moment(sitting.starts_at)}",
        kind="Convocation",
        title=f"{sitting.instance}, {moment(sitting.starts_at)}",
        paragraphs=_paragraphs(sitting),
        button="Ouvrir le dossier de la séance",
        path=_path(found),
        why=f"Vous recevez ce courriel parce que vous siégez : {sitting.instance}. "
        "Le bouton est personnel : ne transférez pas ce courriel.",
        files=_files(sitting),
    )


def _paragraphs(sitting: SittingPage) -> tuple[str, ...]:
    signature, place = last_signature(sitting), sitting.place or sitting.instance.place
    opening = f"J’ai l’honneur de vous convoquer à la séance du {moment(sitting.starts_at)}"
    opening += f", {place}." if place else "."
    signed = (f"{signature.mandate}, {signature.quality}",) if signature else ()
    return (opening, "Ordre du jour :", *(item.line for item in announced(sitting)), *signed)


def _path(found: Convocation) -> str:
    """The button's own; who has none that works (an administrator) signs in at the sitting's page: he is convened all the same."""
    if found.button is None or not found.button.works:
        return f"/p/{found.sitting_id}/"
    return reverse("button", args=[tokens.token_of(found.button)])


def _files(sitting: SittingPage) -> tuple[Attached, ...]:
    sent = (Attached(row.file_name, "application/pdf", bytes(row.data)) for row in papers.travelling(sitting))
    name = f"Séance du {day(meeting_day(sitting))}.ics"
    return (*sent, Attached(name, "text/calendar", papers.invitation(sitting)))
