"""What is written of a question: to who must answer, then to who asked."""

from council.questions import queries
from council.questions.models import Question
from kb import permissions
from kb.notices.journal import says
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail, Notice
from kb.permissions import Viewer
from kb.sharing.letters import is_quiet

ABOUT = "Un point en accès réservé"


def _question(mail: Mail) -> Question:
    rows = Question.objects.select_related("item__rapporteur", "mandate", "answered_by", "sitting")
    found = rows.filter(pk=mail.data["question"]).first()
    if found is None or not permissions.can_view(mail.to, found.item):
        raise Withheld("La personne ne peut plus lire ce point.")
    return found


@writes("question_asked", label="Question d’un membre")
def question_asked(mail: Mail) -> Letter:
    """To the rapporteur, or who manages the sitting."""
    question = _question(mail)
    if question.answered_at:
        raise Withheld("La réponse est déjà donnée.")
    if not queries.answers(Viewer(mail.to), question.item):
        raise Withheld("La personne ne répond plus sur ce point.")
    quiet = is_quiet(question.item)
    shared = "Tous les membres liront votre réponse." if question.to_all else "Votre réponse n’ira qu’à ce membre."
    return Letter(
        subject=f"{question.mandate} vous pose une question",
        kind="Question",
        title=ABOUT if quiet else question.item.title,
        paragraphs=(f"{question.mandate} vous pose une question.", shared),
        button="Répondre",
        path=f"/p/{question.item_id}/questions/{question.pk}/",
        why="Vous recevez ce courriel parce que vous répondez aux questions sur ce point.",
        said="" if quiet else question.text,
    )


@writes("question_answered", label="Réponse à une question")
def question_answered(mail: Mail) -> Letter:
    """To who asked."""
    question = _question(mail)
    quiet = is_quiet(question.item)
    return Letter(
        subject=f"{question.answered_by} a répondu à votre question",
        kind="Réponse",
        title=ABOUT if quiet else question.item.title,
        paragraphs=(f"{question.answered_by} a répondu à votre question.",),
        button="Lire sur le site",
        path=f"/p/{question.item_id}/#question-{question.pk}",
        why="Vous recevez ce courriel parce que vous avez posé cette question.",
        said="" if quiet else question.answer,
    )


@says("question_asked")
def asked_told(notice: Notice) -> tuple[str, str]:
    """The line of a journal."""
    return f"{notice.by} vous pose une question.", f"/p/{notice.page_id}/questions/{notice.data['question']}/"


@says("question_answered")
def answered_told(notice: Notice) -> tuple[str, str]:
    """The line of a journal."""
    return f"{notice.by} a répondu à votre question.", f"/p/{notice.page_id}/#question-{notice.data['question']}"
