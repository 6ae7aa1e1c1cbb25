"""The two letters about comments: a question to a page's author, an answer to a comment."""

from django.urls import reverse

from kb import typography
from kb.access.queries import boundary_on
from kb.comments.models import CommentAnswer, PageComment
from kb.comments.rights import readable_comments
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail
from kb.pages.tree import known_title

NO_ANSWER = "Répondez sur la page, pas à ce courriel."


def _readable(mail: Mail) -> PageComment:
    comments = readable_comments(mail.to).select_related("page")
    comment = comments.filter(pk=mail.data["comment"], withdrawn_at=None).first()
    if comment is None:
        raise Withheld("La personne ne peut plus lire ce commentaire, ou son auteur l’a retiré.")
    return comment


def _path(comment: PageComment) -> str:
    """Where it is read: beside the live page, or beside the draft that it speaks of."""
    live = comment.page.live and (comment.revision_id or 0) <= (comment.page.live_revision_id or 0)
    place = reverse("page" if live else "draft", args=[comment.page_id])
    return f"{place}?fil={comment.pk}#fil-{comment.pk}"


def _letter(mail: Mail, comment: PageComment, said: str, deed: str, why: str) -> Letter:
    """Of a reserved page, a mail says neither the name nor the words."""
    quiet = mail.page is None or boundary_on(mail.page) is not None
    title = "" if mail.page is None else known_title(mail.page)
    where = "une page en accès réservé" if quiet else f"«{typography.NBSP}{title}{typography.NBSP}»"
    return Letter(
        subject=f"{mail.by} {deed} {where}",
        kind="Commentaire",
        title="Une page en accès réservé" if quiet else title,
        paragraphs=(f"{mail.by} {deed} {where}.",),
        said="" if quiet else said,
        button="Lire et répondre",
        path=_path(comment),
        why=f"Vous recevez ce courriel parce que {why}. {NO_ANSWER}",
    )


@writes("comment")
def comment(mail: Mail) -> Letter:
    """Somebody commented a page that the person wrote."""
    said = _readable(mail)
    deed = "pose une question sur" if "?" in said.text else "commente"
    return _letter(mail, said, said.text, deed, "vous avez créé cette page")


@writes("comment_answer")
def answer(mail: Mail) -> Letter:
    """Somebody answered the person's comment."""
    comment = _readable(mail)
    said = CommentAnswer.objects.filter(pk=mail.data["answer"], withdrawn_at=None).first()
    if said is None:
        raise Withheld("Cette réponse a été retirée par son auteur.")
    return _letter(mail, comment, said.text, "a répondu à votre commentaire sur", "vous avez écrit ce commentaire")
