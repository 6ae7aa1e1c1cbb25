"""« Accès »: who may what on a page, and what a change would do, before it is done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page

from kb import typography
from kb.access import operations, passages, queries
from kb.access.audience import people_on
from kb.access.forms import GiveForm
from kb.access.models import Boundary, Grant, Role
from kb.pages.frame import frame_for
from kb.pages.views import page_for, signed_in
from kb.people.models import AdministratorReading
from kb.permissions import Viewer, viewer_of

Deed = Callable[[], Any]
COLUMNS = (("Lire", Role.READER), ("Commenter", Role.COMMENTER), ("Modifier", Role.EDITOR), ("Publier", Role.MANAGER))


@require_GET
@signed_in
def access(request: HttpRequest, page_id: int) -> HttpResponse:
    """The table of one page: each right, where it comes from, and the people it makes."""
    page = page_for(request, page_id, "manage_access")
    return _table(request, page, GiveForm(page=page, viewer=viewer_of(request)))


@require_POST
@signed_in
def change(request: HttpRequest, page_id: int) -> HttpResponse:
    """A change asked for: first what it would do, by name; then, confirmed, done."""
    page = page_for(request, page_id, "manage_access")
    form = GiveForm(request.POST, page=page, viewer=viewer_of(request))
    if request.POST.get("deed") == "give" and not form.is_valid():
        return _table(request, page, form, status=422)
    title, deed = _asked(request, page, form)
    try:
        if request.POST.get("confirmed"):
            deed()
            messages.success(request, f"C’est fait : {title[0].lower()}{title[1:]}.")
            still = viewer_of(request)
            return redirect("access" if Viewer(still.user).can_manage(page) else "page", page_id=page.pk)
        foreseen = operations.foreseen(page, deed)
    except operations.Refused as refused:
        messages.error(request, str(refused))
        return redirect("access", page_id=page.pk)
    context = {
        "frame": frame_for(request, f"Accès à « {page.title} »"),
        "page": {"title": page.title, "access_url": f"/p/{page.pk}/acces/"},
        "title": title,
        "change": foreseen,
        "again": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
    }
    return render(request, "kb/access/preview.html", context)


def _asked(request: HttpRequest, page: Page, form: GiveForm) -> tuple[str, Deed]:
    """What is asked, in words, and the deed itself."""
    by, deed = viewer_of(request).user, request.POST.get("deed", "")
    why = request.POST.get("why", "")[:200]
    if deed == "give":
        data = form.cleaned_data
        until = f" jusqu’au {typography.day(data['until'])}" if data["until"] else ""
        words = f"Donner le rôle de {data['role'].label} à : {data['grantee'].label}{until}"
        return words, lambda: operations.give(page=page, by=by, **data)
    if deed == "end":
        chosen = request.POST.get("grant", "")
        grant = get_object_or_404(Grant, pk=chosen if chosen.isdecimal() else 0, page=page.pk)
        words = f"Retirer le rôle de {grant.get_role_display()} à : {grant.grantee_label}"
        return words, lambda: operations.end(grant=grant, by=by, why=why)
    if deed == "reserve":
        return f"Réserver l’accès à « {page.title} »", lambda: operations.reserve(page=page, by=by, why=why)
    if deed == "reopen":
        return f"Rouvrir l’accès à « {page.title} »", lambda: operations.reopen(page=page, by=by, why=why)
    raise Http404


def _table(request: HttpRequest, page: Page, form: GiveForm, *, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    boundary = queries.boundary_on(page)
    people = sorted(
        people_on(page).values(),
        key=lambda held: (-held.standing.role, held.person.last_name, held.person.first_name),
    )
    context = {
        "frame": frame_for(request, f"Accès à « {page.title} »"),
        "page": {"title": page.title, "url": f"/p/{page.pk}/", "is_home": page.depth == 2},
        "change_url": f"/p/{page.pk}/acces/changer/",
        "columns": [label for label, _ in COLUMNS],
        "below": _below_line(page, viewer),
        "boundary": _boundary_line(boundary, page, viewer),
        "reserved_here": bool(boundary and boundary.page_id == page.pk),
        "rows": [_row(grant, page, viewer) for grant in queries.grants_on(page)],
        "people": [
            {"name": str(held.person), "role": held.standing.words, "why": _origin(held.grants[0], page, viewer)}
            for held in people
        ],
        "passages": [_passage(reading, page) for reading in passages.below(page, viewer)],
        "form": form,
    }
    return render(request, "kb/access/table.html", context, status=status)


def _below_line(page: Page, viewer: Viewer) -> str:
    """« « Négociation » et les 6 pages placées au-dessous. »"""
    branch = (node for path, node in viewer.tree.by_path.items() if path.startswith(page.path) and path != page.path)
    below = sum(1 for node in branch if viewer.can_view(node))
    title = f"«{typography.NBSP}{page.title}{typography.NBSP}»"
    if not below:
        return f"{title}. Aucune page n’est placée au-dessous."
    return (
        f"{title} et {'la page placée' if below == 1 else f'les {typography.number(below)} pages placées'} au-dessous."
    )


def _row(grant: Grant, page: Page, viewer: Viewer) -> dict[str, Any]:
    return {
        "id": grant.pk,
        "grantee": grant.grantee_label,
        "role": grant.get_role_display(),
        "marks": _marks(grant.role),
        "office": grant.person.office if grant.person else "",
        "origin": _where(grant, page, viewer),
        "until": f"Jusqu’au {typography.day(grant.until)}" if grant.until else "",
        "why": grant.why,
        "here": grant.page_id == page.pk,
    }


def _marks(role: int) -> list[str]:
    """What the role lets do, in the order of COLUMNS: « oui », « non », or where it does."""
    if role == Role.MODERATOR:
        return ["oui", "oui", "ce qui est soumis", "ce qui est soumis"]
    return ["oui" if role >= least else "non" for _, least in COLUMNS]


def _passage(reading: AdministratorReading, page: Page) -> dict[str, str]:
    where = "cette page" if reading.page_id == page.pk else f"« {reading.page.title} »"
    return {"who": str(reading.person), "what": f"a ouvert {where}", "when": typography.moment(reading.at)}


def _where(grant: Grant, page: Page, viewer: Viewer) -> str:
    """Where a right comes from; a page that the person may not read is not named."""
    if grant.page_id == page.pk:
        return "Donné ici"
    return (
        f"Hérité de «{typography.NBSP}{grant.page.title}{typography.NBSP}»"
        if viewer.can_view(grant.page)
        else "Hérité d’une page au-dessus"
    )


def _origin(grant: Grant, page: Page, viewer: Viewer) -> str:
    return f"{grant.grantee_label[0].upper()}{grant.grantee_label[1:]}. {_where(grant, page, viewer)}."


def _boundary_line(boundary: Boundary | None, page: Page, viewer: Viewer) -> str:
    if boundary is None:
        return "Ouvert à l’héritage : les droits donnés sur les pages au-dessus comptent ici."
    by = f" par {boundary.reserved_by}" if boundary.reserved_by else ""
    why = f" Raison : {boundary.why}" if boundary.why else ""
    when = typography.day(boundary.reserved_at)
    if boundary.page_id == page.pk:
        return f"Accès réservé ici{by}, le {when} : rien de ce qui est donné au-dessus ne compte.{why}"
    where = f"de « {boundary.page.title} »" if viewer.can_view(boundary.page) else "d’une page au-dessus"
    return f"Accès réservé à partir {where}{by}, le {when}.{why}"
