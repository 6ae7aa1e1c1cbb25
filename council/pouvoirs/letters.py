"""What is written about a pouvoir: the six digits to the giver; what was given, taken back or lapsed to whom it concerns."""

from django.utils import timezone

from council.members.models import Mandate
from council.pouvoirs import papers
from council.pouvoirs.models import PouvoirCode, ServedSitting
from council.pouvoirs.queries import to_convene
from kb.buttons import tokens
from kb.exchange.pdf import PdfUnavailable
from kb.notices.journal import says
from kb.notices.letters import Attached, Letter, Withheld, writes
from kb.notices.models import Mail, Notice
from kb.permissions import abilities
from kb.typography import moment

KIND = "Pouvoir"


@writes("pouvoir_code", label="Code pour donner pouvoir")
def pouvoir_code(mail: Mail) -> Letter:
    """Six digits, while they are good."""
    code = PouvoirCode.objects.select_related("sitting__instance", "holder").filter(pk=mail.data["code"]).first()
    if code is None or not code.works:
        raise Withheld("Le code ne sert plus.")
    shown = tokens.printed_digits(code)
    return Letter(
        subject=f"{shown} : votre code pour donner pouvoir",
        kind="Code",
        title=shown,
        paragraphs=(
            f"Tapez ces six chiffres pour donner pouvoir à {code.holder}, séance du {moment(code.sitting.starts_at)}.",
            "Ils servent une fois, pendant 15 minutes.",
        ),
        button="Taper le code",
        path=f"/p/{code.sitting_id}/pouvoir/code/",
        why="Vous recevez ce courriel parce que quelqu’un donne pouvoir en votre nom. Si ce n’est pas vous, ne donnez ce "
        "code à personne et appelez la mairie.",
    )


def _served(mail: Mail) -> ServedSitting:
    rows = ServedSitting.objects.select_related(
        "pouvoir__paper", "pouvoir__sitting__instance", "sitting__instance", "giver", "holder"
    )
    found = rows.filter(pk=mail.data["served"]).first()
    if found is None:
        raise Withheld("Le pouvoir n’existe pas.")
    if not to_convene(found.sitting).filter(account=mail.to_id).exists() and not _manages(mail, found):
        raise Withheld("Le mandat a pris fin : un membre parti n’est plus prévenu.")
    return found


def _manages(mail: Mail, served: ServedSitting) -> bool:
    return abilities(mail.to, served.sitting)["publish"]


def _where(served: ServedSitting) -> str:
    return f"{served.sitting.instance}, {moment(served.sitting.starts_at)}"


def _is(mandate: Mandate, mail: Mail) -> bool:
    return mandate.account_id == mail.to_id


@writes("pouvoir_given", label="Pouvoir donné")
def pouvoir_given(mail: Mail) -> Letter:
    """To the holder and to who presides, with the document."""
    served = _served(mail)
    if served.ended_at:
        raise Withheld("Le pouvoir a été retiré entre-temps.")
    holds = _is(served.holder, mail)
    gives = "vous donne pouvoir" if holds else f"donne pouvoir à {served.holder}"
    said = "Vous voterez en son nom s’il n’est pas dans la salle." if holds else "Le document est joint."
    return Letter(
        subject=f"{served.giver} {gives}",
        kind=KIND,
        title=f"{served.giver} {gives}",
        paragraphs=(f"Pour la séance : {_where(served)}.", said),
        button="Voir le pouvoir",
        path=f"/p/{served.sitting_id}/{'pouvoir' if holds else 'pouvoirs'}/",
        why=f"Vous recevez ce courriel parce que vous {'portez ce pouvoir' if holds else 'présidez cette instance'}.",
        files=_files(served),
    )


def _files(served: ServedSitting) -> tuple[Attached, ...]:
    """The document; without Pango the mail leaves all the same, and the page says how to print it."""
    try:
        paper = papers.paper_of(served.pouvoir)
    except PdfUnavailable:
        return ()
    return (Attached(paper.file_name, paper.mime, bytes(paper.data)),)


@writes("pouvoir_revoked", label="Pouvoir retiré")
def pouvoir_revoked(mail: Mail) -> Letter:
    """To the other one, to who presides, and to who manages the sitting."""
    served = _served(mail)
    gave, held = _is(served.giver, mail), _is(served.holder, mail)
    title = "Votre pouvoir est retiré" if gave else f"Le pouvoir de {served.giver} est retiré"
    how = served.pouvoir.revoked_how
    return Letter(
        subject=title,
        kind=KIND,
        title=title,
        paragraphs=(
            f"{served.holder} ne vote plus en {'votre nom' if gave else 'son nom'}. Séance : {_where(served)}.",
            *((how,) if how else ()),
        ),
        button="Ouvrir la séance",
        path=f"/p/{served.sitting_id}/{'pouvoir/' if gave else '' if held else 'pouvoirs/'}",
        why=f"Vous recevez ce courriel parce que {'ce pouvoir vous concerne' if gave or held else 'vous suivez les pouvoirs de cette séance'}.",
    )


@writes("pouvoir_lapsed", label="Pouvoir arrivé à son terme")
def pouvoir_lapsed(mail: Mail) -> Letter:
    """To the giver, as the sitting that it no longer serves is convened: a new one may be given at once."""
    served = _served(mail)
    sitting = mail.page.specific if mail.page else served.sitting
    if sitting.starts_at < timezone.now():
        raise Withheld("La séance a eu lieu.")
    return Letter(
        subject=f"Votre pouvoir à {served.holder} ne vaut pas pour cette séance",
        kind=KIND,
        title=f"Votre pouvoir à {served.holder} est arrivé à son terme",
        paragraphs=(
            f"Il ne vaut pas pour la séance du {moment(sitting.starts_at)}. Si vous ne pouvez pas y être, donnez-en un nouveau : "
            "vous le pouvez tout de suite, à la même personne ou à une autre.",
        ),
        button="Donner un nouveau pouvoir",
        path=f"/p/{sitting.pk}/pouvoir/",
        why="Vous recevez ce courriel parce que vous aviez donné ce pouvoir pour plusieurs séances.",
    )


@says("pouvoir_given")
def given_told(notice: Notice) -> tuple[str, str]:
    """The line of a journal."""
    return f"{notice.data['giver']} a donné pouvoir à {notice.data['holder']}.", ""


@says("pouvoir_revoked")
def revoked_told(notice: Notice) -> tuple[str, str]:
    """The line of a journal."""
    return f"Le pouvoir de {notice.data['giver']} à {notice.data['holder']} est retiré.", ""


@says("pouvoir_lapsed")
def lapsed_told(notice: Notice) -> tuple[str, str]:
    """The line of a journal."""
    return f"Votre pouvoir à {notice.data['holder']} ne vaut pas pour cette séance.", f"/p/{notice.page_id}/pouvoir/"
