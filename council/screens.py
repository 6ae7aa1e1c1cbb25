"""What the screens of every room share: a deed done from a form, the page that shows one form, a file given."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from wagtail.models import Page

from kb.pages.frame import frame_for
from kb.refusals import Refused

PDF = "application/pdf"
COUNCIL = {"url": "/conseil/", "title": "Le conseil municipal"}


def refusal_of(deed: Callable[[], Any]) -> str:
    """Does the deed. What refuses it, in a sentence; "" when it is done."""
    try:
        deed()
    except Refused as refused:
        return str(refused)
    return ""


def done(form: Any, deed: Callable[[], Any], *, field: str | None = None) -> bool:
    """Does the deed. What refuses it is said at the head of the form, or beside `field`."""
    sentence = refusal_of(deed)
    if sentence:
        form.add_error(field, sentence)
    return not sentence


def back_to(page: Page) -> dict[str, str]:
    """The way back to a page, at the head of a screen."""
    return {"url": f"/p/{page.pk}/", "title": page.title}


def form_screen(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    submit: str,
    back: dict[str, str],
    lede: str = "",
    template: str = "council/form.html",
    **more: Any,
) -> HttpResponse:
    """One form, its one button and the way back; 422 where the form has errors. `more` is for a template of one's own."""
    context = {
        "frame": frame_for(request, title),
        "form": form,
        "title": title,
        "submit": submit,
        "lede": lede,
        "back": back,
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def file_answer(data: bytes | str, name: str, *, mime: str = PDF, attachment: bool = False) -> HttpResponse:
    """Bytes made here, under a name: shown in place or saved, and taken by no browser for anything else."""
    answer = HttpResponse(data, content_type=mime)
    answer.headers["Content-Disposition"] = content_disposition_header(attachment, name) or "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
