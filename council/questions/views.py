"""Screens of a question: ask it, answer it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from council.agenda.models import AgendaItemPage
from council.convening.views import as_member
from council.questions import operations, queries
from council.questions.forms import ALL, AnswerForm, AskForm
from council.screens import back_to, done, form_screen
from kb.pages.views import page_for, signed_in
from kb.permissions import Denied, viewer_of

TEMPLATE = "council/questions/form.html"  # it says who will read the answer


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
    return form_screen(
        request,
        form,
        title="Une question au rapporteur",
        submit="Envoyer la question",
        back=back_to(item),
        lede=lede,
        template=TEMPLATE,
        who="",
    )


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
        text = form.cleaned_data["text"]
        if done(form, lambda: operations.answer(question=question, text=text, by=viewer.user)):
            messages.success(request, "Votre réponse est envoyée.")
            return redirect(f"/p/{item.pk}/#question-{question.pk}")
    who = "Tous les membres la liront." if question.to_all else f"Seul {question.mandate} la lira."
    return form_screen(
        request,
        form,
        title=f"Répondre à {question.mandate}",
        submit="Envoyer la réponse",
        back=back_to(item),
        lede=question.text,
        template=TEMPLATE,
        who=who,
    )
