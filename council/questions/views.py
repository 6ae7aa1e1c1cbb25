"""Screens of a question: ask it, answer it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from council.agenda.models import AgendaItemPage
from council.convening.views import as_member
from council.questions import operations, queries
from council.questions.forms import ALL, AnswerForm, AskForm
from kb.pages.frame import frame_for
from kb.pages.views import page_for, signed_in
from kb.permissions import Denied, viewer_of


def item_for(request: HttpRequest, page_id: int) -> AgendaItemPage:
    """An item that the person may read. Raises Http404."""
    page = page_for(request, page_id, "view")
    if not isinstance(page, AgendaItemPage):
        raise Http404
    return page


def item_of_member(request: HttpRequest, page_id: int) -> AgendaItemPage:
    """An item of a sitting to which the person is convened as a member. Raises Http404, Denied."""
    item = item_for(request, page_id)
    sitting = queries.sitting_of(item)
    if sitting is None:
        raise Denied("Ce point n’est plus à l’ordre du jour.")
    as_member(request, sitting.pk)
    return item


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Une question au rapporteur »."""
    item = item_of_member(request, page_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            question = operations.ask(
                item=item, text=data["text"], to_all=data["seen_by"] == ALL, by=viewer_of(request).user
            )
        except operations.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Votre question est partie. La réponse s’affichera sous le point.")
            return redirect(f"/p/{item.pk}/#question-{question.pk}")
    lede = (
        f"Rapporteur : {item.rapporteur}."
        if item.rapporteur
        else "Le secrétariat répondra : ce point n’a pas de rapporteur."
    )
    return _form(request, item, form, "Une question au rapporteur", "Envoyer la question", lede)


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: HttpRequest, page_id: int, question_id: int) -> HttpResponse:
    """The rapporteur, or who manages the sitting, answers."""
    item, viewer = item_for(request, page_id), viewer_of(request)
    if not queries.answers(viewer, item):
        raise Http404
    question = get_object_or_404(item.questions.select_related("mandate"), pk=question_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer(question=question, text=form.cleaned_data["text"], by=viewer.user)
        except operations.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Votre réponse est envoyée.")
            return redirect(f"/p/{item.pk}/#question-{question.pk}")
    who = "Tous les membres la liront." if question.to_all else f"Seul {question.mandate} la lira."
    return _form(
        request, item, form, f"Répondre à {question.mandate}", "Envoyer la réponse", f"{question.text}", who=who
    )


def _form(
    request: HttpRequest, item: AgendaItemPage, form: Any, title: str, submit: str, lede: str, who: str = ""
) -> HttpResponse:
    context = {
        "frame": frame_for(request, title), "title": title, "form": form, "submit": submit, "lede": lede, "who": who,
        "back": {"url": f"/p/{item.pk}/", "title": item.title},
    }  # fmt: skip
    return render(request, "council/questions/form.html", context, status=422 if form.errors else 200)
