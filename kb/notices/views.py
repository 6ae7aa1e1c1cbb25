"""The journal, what one follows, how one wants to be told, and the door that stops mails without signing in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from taggit.models import Tag

from kb.notices import following, journal, operations, queries, sending, stopping
from kb.notices.forms import HabitsForm
from kb.pages.frame import frame_for
from kb.pages.views import node_for, open_door, signed_in
from kb.people.models import User
from kb.permissions import Denied, viewer_of


@require_GET
@signed_in
def show_journal(request: HttpRequest) -> HttpResponse:
    """All that the person was told, by mail or not, less what he may see no more."""
    place = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    rows, more = journal.rows(viewer_of(request), page=max(1, place))
    context = {
        "frame": frame_for(request, "Mon journal"),
        "rows": rows,
        "newer_url": f"?page={place - 1}" if place > 1 else "",
        "older_url": f"?page={place + 1}" if more else "",
    }
    return render(request, "kb/notices/journal.html", context)


@require_GET
@signed_in
def show_following(request: HttpRequest) -> HttpResponse:
    """The pages, branches and tags that the person follows."""
    viewer = viewer_of(request)
    context = {
        "frame": frame_for(request, "Ce que vous suivez"),
        "rows": following.rows(viewer),
        "rhythm": following.rhythm_words(queries.habits_of(viewer.user)),
    }
    return render(request, "kb/notices/following.html", context)


@require_POST
@signed_in
def follow_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Follows a page, with all below it (`portee=branche`) or not; or stops (`geste=arreter`)."""
    node, viewer = node_for(request, page_id), viewer_of(request)
    if request.POST.get("geste") == "arreter":
        operations.stop_following(person=viewer.user, page=node.id)
        messages.success(request, "Vous ne suivez plus cette page.")
        return _back(request, reverse("page", args=[page_id]))
    below = request.POST.get("portee") == "branche"
    operations.follow_page(page=node, person=viewer.user, below=below)
    what = "cette page et tout ce qui est dessous" if below else "cette page"
    messages.success(request, f"Vous suivez {what}. Son actualité arrive dans votre journal et dans votre résumé.")
    return _back(request, reverse("page", args=[page_id]))


@require_POST
@signed_in
def follow_tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Follows a tag, or stops (`geste=arreter`). A tag of pages that one may not read does not exist."""
    tag, viewer = get_object_or_404(Tag, slug=slug), viewer_of(request)
    try:
        if request.POST.get("geste") == "arreter":
            operations.stop_following(person=viewer.user, tag=tag.pk)
        else:
            operations.follow_tag(tag=tag, person=viewer.user)
    except PermissionDenied:
        raise Http404 from None
    return _back(request, reverse("tag", args=[slug]))


def _back(request: HttpRequest, address: str) -> HttpResponse:
    """Where the button stood: the list of what is followed, or the thing itself."""
    return redirect("following" if request.POST.get("depuis") == "suivi" else address)


@require_http_methods(["GET", "POST"])
@signed_in
def mail_habits(request: HttpRequest) -> HttpResponse:
    """How the person wants to be told."""
    person = viewer_of(request).user
    habits = queries.habits_of(person)
    form = HabitsForm(request.POST or None, initial={"rhythm": habits.rhythm, "at_once": habits.at_once})
    if request.method == "POST" and form.is_valid():
        operations.choose(person=person, **form.cleaned_data)
        messages.success(request, "C’est noté.")
        return redirect("mail_habits")
    context = {"frame": frame_for(request, "Mes courriels"), "form": form, "email": person.email or ""}
    return render(request, "kb/notices/habits.html", context, status=422 if form.errors else 200)


@csrf_exempt  # mail programs post it by themselves (RFC 8058); the signature stands for the person
@require_http_methods(["GET", "POST"])
@open_door
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """The foot of each mail: a GET says what would stop, since scanners open links; the POST stops it."""
    stop = stopping.read(token)
    person = User.objects.filter(pk=stop.person).first() if stop else None
    if stop is None or person is None:
        raise Http404
    if request.method == "POST":
        operations.stop_mails(person=person, channel=stop.channel)
    context: dict[str, Any] = {
        "frame": frame_for(request, "Arrêter ces courriels"),
        "digest": stop.channel == "digest",
        "done": request.method == "POST",
    }
    return render(request, "kb/notices/stop.html", context)


@require_POST
@signed_in
def send_again(request: HttpRequest) -> HttpResponse:
    """An administrator has what failed, or may be lost, sent once more."""
    try:
        many = sending.send_again(state=request.POST.get("state", ""), by=viewer_of(request).user)
    except PermissionDenied as refused:
        raise Denied(str(refused)) from None
    messages.success(request, f"{many} courriel{'s' if many > 1 else ''} à renvoyer : le site s’en occupe.")
    return redirect("wagtailadmin_home")
