"""Doors of open data: SCDL for everybody; attendance and the archive for who keeps the acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from council.open_data import attendance as presence
from council.open_data import scdl, site
from council.publication import queries
from council.publication.views import instance_for
from council.screens import file_answer
from kb.pages.views import open_door, signed_in
from kb.permissions import viewer_of

FIRST, LAST = 1900, 2199


def _csv(text: str, name: str) -> HttpResponse:
    return file_answer(text, name, mime="text/csv; charset=utf-8", attachment=True)


def _known(year: int) -> int:
    """A year of a calendar. Raises Http404."""
    if not FIRST <= year <= LAST:
        raise Http404
    return year


@require_GET
@open_door
def deliberations(request: HttpRequest, year: int) -> HttpResponse:
    """SCDL 2.1.5 of a year, for everybody; a year without anything is a 404."""
    if year not in set(scdl.years()):
        raise Http404
    try:
        exported = scdl.export(year)
    except scdl.CannotExport:
        raise Http404 from None  # the town has not said its SIRET: its own screen says so
    return _csv(scdl.as_csv(exported.rows), f"deliberations-{year}.csv")


@require_GET
@signed_in
def attendance(request: HttpRequest, year: int) -> HttpResponse:
    """Who was there, for the town's own use."""
    instance_for(request)
    rows = presence.attendance(viewer_of(request), _known(year))
    return _csv("\ufeff" + scdl.as_csv(rows, presence.COLUMNS), f"presences-{year}.csv")


@require_GET
@signed_in
def archive(request: HttpRequest, year: int) -> HttpResponse:
    """The public acts of a year, to put on the site the town already has."""
    instance_for(request)
    found = queries.public().filter(act__decided_on__year=_known(year))
    if not found.exists():
        messages.error(request, f"Aucun acte de {year} n’est en ligne : publiez-en un, puis reprenez.")
        return redirect("acts")
    return file_answer(site.archive(found), f"actes-{year}.zip", mime="application/zip", attachment=True)
