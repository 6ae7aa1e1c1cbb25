"""The three letters of sharing: a link, a request, its answer. Rights are asked as each leaves."""

from django.urls import reverse
from wagtail.models import Page

from kb import permissions, typography
from kb.access.queries import boundary_on
from kb.notices.journal import says
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail, Notice
from kb.notices.queries import Needs
from kb.sharing import queries
from kb.sharing.models import AccessRequest, Answer

NO_ANSWER = "Ce courriel est envoyé par Séance tenante : répondez à la personne, pas à cette adresse."


def is_quiet(page: Page | None) -> bool:
    """Whether a mail says nothing of this page: a mailbox is read by others than its owner."""
    return page is not None and boundary_on(page) is not None


@writes("link")
def link(mail: Mail) -> Letter:
    """Somebody passes on a page or a file."""
    page, document = mail.page, mail.document
    if not queries.reads(mail.to, page=page, document=document):
        raise Withheld("La personne n’a plus accès à ce qui lui était envoyé.")
    thing = "un document" if document else "une page"
    title = str(document or page)
    hidden = is_quiet(page) or (document is not None and any(is_quiet(one) for one in _carriers(document)))
    named = thing if hidden else f"«{typography.NBSP}{title}{typography.NBSP}»"
    return Letter(
        subject=f"{mail.by} vous envoie {named}",
        kind="Document" if document else "Page",
        title=thing.capitalize() + " en accès réservé" if hidden else title,
        paragraphs=(f"{mail.by} vous invite à lire {'ce document' if document else 'cette page'}.",),
        said=mail.words,
        button="Ouvrir le document" if document else "Ouvrir la page",
        path=document.url if document else f"/p/{page.pk if page else 0}/",
        why=f"Vous recevez ce courriel parce que {mail.by} vous a envoyé ce lien. {NO_ANSWER}",
    )


def _carriers(document: object) -> list[Page]:
    return list(Page.objects.filter(version_uses__version__document=document, version_uses__in_live=True).distinct())


@writes("access_request")
def request(mail: Mail) -> Letter:
    """A responsable is asked for an access."""
    asked = _request_of(mail)
    if asked.answer != Answer.WAITING:
        raise Withheld("Quelqu’un d’autre a déjà répondu.")
    if not permissions.abilities(mail.to, asked.page)["manage_access"]:
        raise Withheld("La personne ne gère plus les accès de cette page.")
    quiet = is_quiet(asked.page)
    where = "une page en accès réservé" if quiet else f"«{typography.NBSP}{asked.page.title}{typography.NBSP}»"
    who = f"{asked.passed_on_by} demande pour {asked.person}" if asked.passed_on_by else f"{asked.person} demande"
    return Letter(
        subject=f"{who} l’accès à {where}",
        kind="Demande d’accès",
        title=str(asked.person),
        paragraphs=(f"{who} à lire {where}.",),
        said=asked.why,
        button="Répondre à la demande",
        path=reverse("access_request", args=[asked.pk]),
        why=f"Vous recevez ce courriel parce que vous êtes responsable de cette page. {NO_ANSWER}",
    )


@writes("access_answer")
def answer(mail: Mail) -> Letter:
    """Who asked is told."""
    asked = _request_of(mail)
    given = asked.answer == Answer.GIVEN
    if given and not permissions.can_view(asked.person, asked.page):
        raise Withheld("L’accès donné a été retiré depuis.")
    named = f"«{typography.NBSP}{asked.page.title}{typography.NBSP}»"
    if not given or is_quiet(asked.page):
        named = "la page demandée"
    until = f" jusqu’au {typography.day(asked.grant.until)}" if asked.grant and asked.grant.until else ""
    whom = "Vous pouvez" if mail.to_id == asked.person_id else f"{asked.person} peut"
    outcome = f"{whom} lire {named}{until}." if given else f"{mail.by} n’a pas ouvert l’accès à {named}."
    return Letter(
        subject=f"Accès ouvert : {named}" if given else "Votre demande d’accès n’est pas accordée",
        kind="Réponse à une demande d’accès",
        title="L’accès est ouvert" if given else "L’accès n’est pas ouvert",
        paragraphs=(outcome,),
        said=mail.words,
        button="Ouvrir la page" if given else "Aller à l’accueil",
        path=f"/p/{asked.page_id}/" if given else "/",
        why=f"Vous recevez ce courriel parce que vous avez demandé cet accès. {NO_ANSWER}",
    )


def _request_of(mail: Mail) -> AccessRequest:
    return AccessRequest.objects.select_related("page", "person", "passed_on_by", "grant").get(pk=mail.data["request"])


@says("link")
def link_told(notice: Notice) -> tuple[str, str]:
    """In the journal of who was sent a link."""
    return f"{notice.by} vous envoie ce lien.", notice.document.url if notice.document else ""


@says("access_request", to=Needs.MANAGES)
def request_told(notice: Notice) -> tuple[str, str]:
    """In the journal of a responsable."""
    return f"{notice.by} demande l’accès.", reverse("access_request", args=[notice.data["request"]])


@says("access_answer")
def answer_told(notice: Notice) -> tuple[str, str]:
    """In the journal of who asked, whatever the answer: the page is named only where he may see it."""
    return f"{notice.by} a répondu à votre demande.", ""
