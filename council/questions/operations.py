"""Deeds on questions: ask, answer. Each asks the right, changes, logs and tells, in one transaction."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.agenda.models import AgendaItemPage, SittingPage
from council.convening.queries import own
from council.questions import queries
from council.questions.models import LONGEST, Question
from kb import permissions
from kb.notices import operations as notices
from kb.people.account import User
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.sharing.queries import who_answers

MOST_ASKED = 20  # by one member about one item


@transaction.atomic
def ask(*, item: AgendaItemPage, text: str, to_all: bool, by: User) -> Question:
    """A member asks the rapporteur, before all the members or to him alone. Raises PermissionDenied, Refused."""
    sitting = queries.sitting_of(item)
    mandate = own(sitting, by) if sitting and permissions.can_view(by, item) else None
    if sitting is None or mandate is None:
        raise PermissionDenied("Seuls les membres convoqués à cette séance posent des questions sur ses points.")
    if sitting.starts_at <= timezone.now():
        raise Refused("La séance a commencé : posez votre question de vive voix.")
    words = _words(text, "Écrivez votre question.")
    if item.questions.filter(mandate=mandate).count() >= MOST_ASKED:
        raise Refused(f"Vous avez déjà posé {MOST_ASKED} questions sur ce point : appelez le rapporteur.")
    question = Question.objects.create(
        item=item, sitting=sitting, mandate=mandate, asked_by=by, text=words, to_all=to_all
    )
    log(item, "council.question.ask", user=by, data={"to_all": to_all})
    for person in _who_must_answer(item, sitting, by):
        notices.tell(kind="question_asked", to=person, page=item, by=by, always=True, question=question.pk)
    return question


def _words(text: str, missing: str) -> str:
    words = text.strip()
    if not words:
        raise Refused(missing)
    if len(words) > LONGEST:
        raise Refused(f"C’est trop long : {LONGEST} signes au plus. Coupez en plusieurs questions.")
    return words


def _who_must_answer(item: AgendaItemPage, sitting: SittingPage, asker: Any) -> list[Any]:
    """The rapporteur; where none can be told (or it is he who asks), who manages the sitting."""
    rapporteur = item.rapporteur.account if item.rapporteur else None
    if rapporteur and rapporteur != asker and rapporteur.is_active and queries.is_rapporteur(rapporteur, item):
        return [rapporteur]
    return [person for person in who_answers(sitting) if person != asker]


@transaction.atomic
def answer(*, question: Question, text: str, by: User) -> Question:
    """By the rapporteur, or who manages the sitting; the member is told. Raises PermissionDenied, Refused."""
    question = Question.objects.select_for_update().get(pk=question.pk)
    if not permissions.can_view(by, question.item) or not queries.answers(Viewer.of(by), question.item):
        raise PermissionDenied("Le rapporteur ou le secrétariat répond à cette question.")
    if question.answered_at:
        raise Refused(f"{question.answered_by} a déjà répondu : relisez sa réponse sur la page du point.")
    question.answer = _words(text, "Écrivez votre réponse.")
    question.answered_by, question.answered_at = by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    log(question.item, "council.question.answer", user=by)
    notices.tell(kind="question_answered", to=question.asked_by, page=question.item, by=by, question=question.pk)
    return question
