"""« Qui voit quoi et pourquoi », and the yearly review of rights: for responsables, about what they manage."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kb import typography
from kb.access import overview, review
from kb.access.models import Grant
from kb.access.overview import Branch
from kb.access.queries import known_people
from kb.pages.frame import frame_for
from kb.pages.presentation import kind_of
from kb.pages.tree import known_title
from kb.pages.views import signed_in
from kb.people.models import User
from kb.permissions import Viewer, viewer_of

PUBLIC = "public"


@require_GET
@signed_in
def who_sees_what(request: HttpRequest) -> HttpResponse:
    """`?personne=<id>` or `public`: that person's role on each branch. `?page=<words>`: the pages of that title."""
    viewer = _responsable(request)
    people = known_people(viewer)
    chosen = request.GET.get("personne", "")
    person = people.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    words = request.GET.get("page", "")[:200]
    context = {
        "frame": frame_for(request, "Qui voit quoi et pourquoi"),
        "people": [{"id": one.pk, "name": str(one), "office": one.office} for one in people],
        "chosen": chosen if person or chosen == PUBLIC else "",
        "person": str(person) if person else "Le public, sans compte" if chosen == PUBLIC else "",
        "branches": _branches(person, viewer) if person or chosen == PUBLIC else [],
        "words": words,
        "pages": [_page(node, viewer) for node in overview.managed_pages(viewer, words)],
        "see_as_url": f"/comme/{person.pk}/" if person and viewer.passes and person.pk != viewer.user.pk else "",
    }
    return render(request, "kb/access/who_sees_what.html", context)


@require_GET
@signed_in
def yearly_review(request: HttpRequest) -> HttpResponse:
    """The rights to look at again: unused, ending, left behind."""
    viewer = _responsable(request)
    context = {
        "frame": frame_for(request, "Revue des droits"),
        "ending": [_grant(grant) for grant in review.ending(viewer)],
        "left": [_grant(grant) for grant in review.left_behind(viewer)],
        "unused": [_grant(grant) for grant in review.unused(viewer)],
        "register_url": "/admin/kb/grant/",
    }
    return render(request, "kb/access/review.html", context)


def _responsable(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if not viewer.manages_some:
        raise Http404
    return viewer


def _branches(person: User | None, viewer: Viewer) -> list[dict[str, Any]]:
    return [_branch(branch, viewer) for branch in overview.branches_of(person, viewer)]


def _branch(branch: Branch, viewer: Viewer) -> dict[str, Any]:
    return {
        **_page(branch.node, viewer),
        "level": min(branch.depth, 5),
        "role": branch.role,
        "tone": "neutral" if branch.role.startswith("aucun") else "done",
        "why": branch.why,
        "reserved": branch.reserved,
    }


def _page(node: Any, viewer: Viewer) -> dict[str, str]:
    return {
        "title": known_title(node),
        "kind": kind_of(node),
        "url": viewer.address(node),
        "access_url": f"/p/{node.id}/acces/",
    }


def _grant(grant: Grant) -> dict[str, Any]:
    label = grant.grantee_label
    return {
        "id": grant.pk,
        "who": label[0].upper() + label[1:],
        "role": grant.get_role_display(),
        "page": grant.page.title,
        "access_url": f"/p/{grant.page_id}/acces/",
        "change_url": f"/p/{grant.page_id}/acces/changer/",
        "until": f"Jusqu’au {typography.day(grant.until)}" if grant.until else "",
        "given": f"Donné le {typography.day(grant.given_at)}" + (f" par {grant.given_by}" if grant.given_by else ""),
        "why": grant.why,
    }
