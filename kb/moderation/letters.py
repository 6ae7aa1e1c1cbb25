"""The two letters of moderation: a draft to judge, and what became of one's own. Rights are asked as each leaves."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState

from kb import permissions, typography
from kb.moderation import queries
from kb.moderation.models import ReviewLink
from kb.moderation.operations import LINK_LASTS
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail
from kb.pages.models import RevisionRecord
from kb.pages.tree import known_title
from kb.permissions import Viewer
from kb.sharing.letters import NO_ANSWER, is_quiet


@writes("review_asked")
def asked(mail: Mail) -> Letter:
    """A draft waits for the person. The button opens a page that shows it, and acts, without signing in."""
    viewer = Viewer(mail.to)
    waiting = queries.waiting_one(mail.data["task_state"], viewer)
    if waiting is None:
        raise Withheld("Le brouillon n’attend plus, ou la personne ne peut plus le lire.")
    if mail.to_id not in waiting.takers.ids:
        raise Withheld("Cette étape n’est plus à la personne.")
    page = Page.objects.get(pk=waiting.node.id)
    quiet = is_quiet(page)
    title = "Un brouillon en accès réservé" if quiet else waiting.title
    return Letter(
        subject=f"À valider : {title.lower() if quiet else f'«{typography.NBSP}{title}{typography.NBSP}»'}",
        kind="À valider",
        title=title,
        paragraphs=tuple(
            filter(None, (_who(waiting), waiting.takers.note, *(() if quiet else (_counts(waiting), _button_words()))))
        ),
        said="" if quiet else _why(waiting.task_state),
        button="Ouvrir « À valider »" if quiet else "Lire et décider",
        path=reverse("review", args=[waiting.id]) if quiet else _signed_path(mail, waiting, page),
        why=f"Vous recevez ce courriel parce que cette étape du circuit est à vous. {NO_ANSWER}",
    )


def _who(waiting: queries.Waiting) -> str:
    after = "Approuver publie la page." if waiting.is_last else f"Prochaine étape : {waiting.next_words}."
    again = " Il revient après correction." if waiting.submission and waiting.submission.came_back else ""
    return f"{waiting.author or 'Le système'} vous soumet un brouillon.{again} {after}"


def _button_words() -> str:
    until = typography.day(timezone.localdate() + LINK_LASTS)
    return f"Bouton personnel, sans mot de passe, valable jusqu’au {until}. Ne transférez pas ce courriel."


def _counts(waiting: queries.Waiting) -> str:
    one = waiting.submission
    if one is None:
        return ""
    return f"{typography.count(one.words_added, 'mot ajouté', 'mots ajoutés')}, {typography.count(one.words_removed, 'mot retiré', 'mots retirés')}"


def _why(task_state: TaskState) -> str:
    return RevisionRecord.objects.filter(revision=task_state.revision_id).values_list("why", flat=True).first() or ""


def _signed_path(mail: Mail, waiting: queries.Waiting, page: Page) -> str:
    """One link for one person and one draft as it stands: a letter written again after a crash finds it."""
    link, _ = ReviewLink.objects.get_or_create(
        person=mail.to,
        task_state=waiting.task_state,
        seen=queries.seen(page, page.get_latest_revision()),
        defaults={"expires_at": timezone.now() + LINK_LASTS + timedelta(hours=1)},
    )
    return reverse("review_by_mail", args=[link.token])


OUTCOMES = {
    "approved": ("Publié", "{who} a approuvé votre brouillon : ses lecteurs le voient.", "Ouvrir la page"),
    "planned": ("Approuvé", "{who} a approuvé votre brouillon : il sera publié le {at}.", "Voir le brouillon"),
    "ready": ("Prêt", "{who} a approuvé votre point : il est prêt pour la convocation de la séance.", "Voir le point"),
    "changes": ("À reprendre", "{who} vous demande de changer votre brouillon avant de l’approuver.", "Reprendre le brouillon"),
    "unplanned": ("Publication annulée", "{who} a annulé la publication prévue : votre page est de nouveau un brouillon.", "Voir le brouillon"),
    "direct": ("Publié", "{who}, responsable, a publié votre brouillon sans attendre la fin du circuit.", "Ouvrir la page"),
    "urgent": ("Correction urgente", "{who} a publié une correction urgente de cette page. Votre brouillon attend toujours, "
               "et ne contient pas cette correction : reprenez-le pour l’y mettre.", "Voir le brouillon"),
}  # fmt: skip


@writes("review_outcome")
def outcome(mail: Mail) -> Letter:
    """What became of the person's draft, once, with the reason."""
    page = mail.page
    if page is None or not permissions.can_view(mail.to, page):
        raise Withheld("La personne ne peut plus lire cette page.")
    which = mail.data["outcome"]
    kind, sentence, button = OUTCOMES["planned" if which == "approved" and mail.data.get("at") else which]
    quiet = is_quiet(page)
    title = "Une page en accès réservé" if quiet else known_title(page)
    on_page = which in {"approved", "direct"} and not mail.data.get("at")
    return Letter(
        subject=f"{kind} : {title.lower() if quiet else f'«{typography.NBSP}{title}{typography.NBSP}»'}",
        kind=kind,
        title=title,
        paragraphs=(sentence.format(who=mail.by, at=mail.data.get("at", "")),),
        said="" if quiet else mail.words,
        button=button,
        path=f"/p/{page.pk}/" if on_page else f"/p/{page.pk}/brouillon/",
        why=f"Vous recevez ce courriel parce que vous avez soumis ce brouillon. {NO_ANSWER}",
    )
