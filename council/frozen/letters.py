"""The mail that tells a councillor what changed since the convocation."""

from django.urls import reverse
from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.convening import papers
from council.convening.queries import signature_line
from council.frozen import queries
from council.frozen.models import ChangeKind, Dispatch, FrozenPaper, PaperChange
from kb import typography
from kb.buttons import tokens
from kb.notices.letters import Attached, Letter, Withheld, writes
from kb.notices.models import Mail
from kb.typography import moment


@writes("paper_change", label="Changement depuis la convocation")
def paper_change(mail: Mail) -> Letter:
    """As the convocation: withheld from who left the council, and after the sitting."""
    found = (
        Dispatch.objects.select_related("mandate", "change__sitting__instance", "change__place")
        .filter(mail=mail)
        .first()
    )
    if found is None:
        raise Withheld("Ce changement n’existe pas.")
    change, sitting = found.change, found.sitting
    if found.mandate.until and found.mandate.until <= timezone.localdate():
        raise Withheld("Le mandat a pris fin : un membre parti n’est plus averti.")
    if stage_of(sitting) != SittingState.CONVENED or sitting.starts_at < timezone.now():
        raise Withheld("La séance a eu lieu.")
    label = str(ChangeKind(change.kind).label)
    return Letter(
        subject=f"{label} : {sitting.instance}, {moment(sitting.starts_at)}",
        kind=label,
        title=f"{sitting.instance}, {moment(sitting.starts_at)}",
        paragraphs=(*_said(change), f"Raison : {change.reason}"),
        button="Voir ce qui a changé",
        path=_path(found),
        why=f"Vous recevez ce courriel parce que vous êtes convoqué : {sitting.instance}. Le bouton est personnel : ne "
        "transférez pas ce courriel.",
        files=tuple(
            Attached(row.file_name, "application/pdf", bytes(row.data)) for row in papers.travelling_with(change)
        ),
    )


def _path(found: Dispatch) -> str:
    """The button of the convocation, which opens the sitting; else the sitting's page, after signing in."""
    sent = found.sitting.convocations.filter(mandate=found.mandate).select_related("button").first()
    if sent is None or sent.button is None or not sent.button.works:
        return f"/p/{found.sitting.pk}/"
    return reverse("button", args=[tokens.token_of(sent.button)])


def _said(change: PaperChange) -> tuple[str, ...]:
    if change.kind == ChangeKind.ADDED:
        return _added(change.sitting, change)
    row = change.papers.select_related("replaces").get()
    number = change.place.number if change.place else ""
    if change.kind == ChangeKind.CORRECTED:
        return (f"Le texte du point {number}, « {row.content['title']} », est corrigé.",)
    return (f"Une pièce du point {number} est remplacée : « {row.content['title']} ».", _file(row))


def _file(row: FrozenPaper) -> str:
    said = row.content
    return (
        f"Nouveau fichier : {said['file_name']}, {typography.size(said['size'])}. Empreinte SHA-256 : {said['sha256']}."
    )


def _added(sitting: SittingPage, change: PaperChange) -> tuple[str, ...]:
    items = queries.as_sent(queries.rows_of(sitting), change)
    signed = (f"{signature_line(change.signature)}.",) if change.signature else ()
    return ("Points ajoutés à l’ordre du jour :", *(one.line for one in items), *signed)
